// Quick keys where a nurse enters answers. They can be switched off, and everything works without this file.
(function () {
  "use strict";
  var help = document.getElementById("quick"), box = document.getElementById("quick-on"), body = document.body;
  var call = document.querySelector("[data-call]"), sheet = document.querySelector("[data-sheet]");
  if (!help || !(call || sheet)) { return; }
  var KEPT = "intake-keys";

  function kept() {
    try { return localStorage.getItem(KEPT) !== "off"; } catch (_) { return true; }
  }
  function show() { body.classList.toggle("keys-off", !box.checked); }

  help.hidden = false;
  box.checked = kept();
  show();
  box.addEventListener("change", function () {
    try { localStorage.setItem(KEPT, box.checked ? "on" : "off"); } catch (_) { /* for this page only */ }
    show();
  });

  // the list of questions, where it scrolls by itself, begins near the question in front
  var list = document.querySelector(".jumps"), here = list && list.querySelector("[aria-current]");
  if (here) { list.scrollTop = here.offsetTop - list.offsetTop - list.clientHeight / 2; }

  function typing(target) {
    return target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
  }

  function choose(input) {
    input.focus();
    input.click();
  }

  function inCall(key, target) {
    var option = call.querySelector("[data-key='" + CSS.escape(key) + "']");
    if (option) { choose(option); return true; }
    if (key === "o") { call.querySelector("[data-leave]").click(); return true; }
    if (key === "b") { document.querySelector("[data-back]").click(); return true; }
    if (key === "enter" && !target.closest("a, button, summary, label")) {
      call.querySelector("button[type=submit]").click();
      return true;
    }
    return false;
  }

  function inSheet(key, target) {
    var all = Array.prototype.slice.call(sheet.querySelectorAll(".sheet-question"));
    var place = all.indexOf(target.closest(".sheet-question"));
    if (key === "n" || key === "p") {
      var next = all[place + (key === "n" ? 1 : -1)];
      if (next) { (next.querySelector(":checked") || next.querySelector("input")).focus(); }
      return Boolean(next);
    }
    if (place < 0 || !/^[0-9]$/.test(key)) { return false; }
    var inputs = Array.prototype.filter.call(all[place].querySelectorAll("input"), function (input) { return input.value; });
    var input = key === "0" ? inputs[9] : inputs[Number(key) - 1];
    if (input) { choose(input); }
    return Boolean(input);
  }

  document.addEventListener("keydown", function (event) {
    var target = event.target;
    if (!box.checked || event.ctrlKey || event.altKey || event.metaKey || typing(target)) { return; }
    var key = event.key.toLowerCase(), done;
    if (key === "?") {
      help.open = !help.open;
      if (help.open) { help.scrollIntoView({ block: "nearest" }); }
      done = true;
    } else {
      done = call ? inCall(key, target) : inSheet(key, target);
    }
    if (done) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
})();

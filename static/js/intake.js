// Comfort at the desk; everything works without it. Single keys can be switched off at the foot of the page.
(function () {
  "use strict";
  var KEPT = "intake-keys", on = true;
  var help = document.querySelector("[data-keys]"), all = document.querySelector("[data-tick-all]");
  try { on = localStorage.getItem(KEPT) !== "off"; } catch (error) { /* then the choice holds for one page */ }

  // --- the focus goes to what just happened

  var wanted = document.querySelector("[data-focus]:not([hidden])");
  if (!wanted && /^#point-\d+$/.test(location.hash)) { wanted = document.querySelector(location.hash); }
  if (wanted) { wanted.focus(); }

  // --- all ticks of the page at once

  function ticks() { return Array.prototype.slice.call(document.querySelectorAll("[data-row] [type=checkbox]")); }

  if (all) {
    all.hidden = all.nextElementSibling.hidden = false;
    all.addEventListener("change", function () { ticks().forEach(function (tick) { tick.checked = all.checked; }); });
    document.addEventListener("change", function () {
      all.checked = ticks().every(function (tick) { return tick.checked; });
    });
  }

  // --- single keys

  function rowInFocus() { return document.activeElement.closest("[data-row]"); }

  function move(step) {
    var rows = Array.prototype.slice.call(document.querySelectorAll("[data-row]"));
    if (!rows.length) { return; }
    var now = rows.findIndex(function (row) { return row.contains(document.activeElement); });
    var next = now < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, now + step));
    (rows[next].hasAttribute("tabindex") ? rows[next] : rows[next].querySelector("a")).focus();
  }

  var does = {
    "/": function () {
      var field = document.getElementById("id_code");
      if (field) { field.focus(); field.select(); return; }
      location.assign(help.getAttribute("data-desk"));
    },
    x: function () {
      var tick = rowInFocus() && rowInFocus().querySelector("[type=checkbox][name=number]");
      if (tick) { tick.click(); }
    },
    "?": function () {
      help.open = !help.open;
      if (help.open) { help.scrollIntoView({ block: "nearest" }); }
    },
    j: function () { move(1); },
    k: function () { move(-1); }
  };

  function typing(target) {
    return target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]");
  }

  document.addEventListener("keydown", function (event) {
    if (!help || !on || event.ctrlKey || event.metaKey || event.altKey || !does[event.key] || typing(event.target)) { return; }
    event.preventDefault();
    does[event.key]();
  });

  if (help) {
    var box = help.querySelector("[data-keys-on]");
    help.hidden = false;
    box.checked = on;
    box.addEventListener("change", function () {
      on = box.checked;
      try { localStorage.setItem(KEPT, on ? "on" : "off"); } catch (error) { /* as above */ }
    });
  }
})();

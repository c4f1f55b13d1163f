// Comfort only: every page works without this file.
(function () {
  "use strict";
  var each = function (selector, action) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), action);
  };
  // Buttons that need script are hidden in the page and shown here.
  var ready = function (selector, action) {
    each(selector, function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { action(button); });
    });
  };
  var here = function () { return location.origin + location.pathname; };

  ready("[data-print]", function () { window.print(); });

  // <button data-copy="text or nothing for this page's address" data-copied="Copied" hidden>
  if (navigator.clipboard) {
    each("[data-copy]", function (button) { button.setAttribute("aria-live", "polite"); });
    ready("[data-copy]", function (button) {
      var label = button.textContent;
      navigator.clipboard.writeText(button.getAttribute("data-copy") || here()).then(function () {
        button.textContent = button.getAttribute("data-copied") || label;
        setTimeout(function () { button.textContent = label; }, 3000);
      }, function () { /* the person can still copy by hand */ });
    });
  }

  // The device's own sheet: it knows the person's apps, we do not.
  if (navigator.share) {
    ready("[data-share]", function () {
      navigator.share({ title: document.title, url: here() }).catch(function () { /* they changed their mind */ });
    });
  }

  // "Did you find this helpful?" without leaving the page; where that fails, the form is sent the plain way.
  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    if (!window.fetch || !button || !form.matches("form.helpful")) { return; }
    event.preventDefault();
    var body = new URLSearchParams(new FormData(form));
    body.append(button.name, button.value);
    fetch(form.action, { method: "POST", body: body }).then(function (answer) {
      return answer.ok ? answer.text() : Promise.reject();
    }).then(function (html) {
      var next = new DOMParser().parseFromString(html, "text/html").querySelector(".helpful");
      form.replaceWith(next);
      next.focus();
    }).catch(function () {
      var plain = document.createElement("input");
      plain.type = "hidden";
      plain.name = button.name;
      plain.value = button.value;
      form.append(plain);
      form.submit();
    });
  });

  // A link in a note leads on, so the note has done its work.
  each("[popover]", function (note) {
    note.addEventListener("click", function (event) {
      if (event.target.closest("a") && note.hidePopover) { note.hidePopover(); }
    });
  });

  // Browsers that do not know popovers: notes and words open within the line.
  if (!("popover" in HTMLElement.prototype)) {
    each("[popovertarget]", function (button) {
      button.addEventListener("click", function () {
        var style = document.getElementById(button.getAttribute("popovertarget")).style;
        style.display = style.display ? "" : "block";
      });
    });
  }

  // A page that comes back with errors is read out from its error summary.
  var summary = document.querySelector(".error-summary");
  if (summary) { summary.focus(); }

  // Paper cannot be unfolded: open every <details> for printing, then put it back.
  var opened = [];
  window.addEventListener("beforeprint", function () {
    each("details:not([open])", function (details) {
      details.open = true;
      opened.push(details);
    });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (details) { details.open = false; });
    opened = [];
  });
})();

// Comfort only: every page works without this file.
(function () {
  "use strict";
  var each = function (selector, action) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), action);
  };

  // Buttons that need script are hidden in the page and shown here.
  each("[data-print]", function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // <button data-copy="text or nothing for this page's address" data-copied="Copied" hidden>
  if (navigator.clipboard) {
    each("[data-copy]", function (button) {
      var label = button.textContent;
      button.hidden = false;
      button.setAttribute("aria-live", "polite");
      button.addEventListener("click", function () {
        var text = button.getAttribute("data-copy") || location.origin + location.pathname;
        navigator.clipboard.writeText(text).then(function () {
          button.textContent = button.getAttribute("data-copied") || label;
          setTimeout(function () { button.textContent = label; }, 3000);
        }, function () { /* the person can still copy by hand */ });
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

// While somebody writes in a form of the desk, tells the server so, and says in time when writing will not help.
// The server decides: it counts what is told as use, and ends every session after its longest time all the same.
(() => {
  "use strict";

  const TELL_EVERY = 5 * 60, WARN_BEFORE = 5 * 60; // seconds
  let told = -Infinity, timer;

  function say(what) {
    for (const note of document.querySelectorAll("[data-session-note]")) note.hidden = note.dataset.sessionNote !== what;
  }

  async function tell() {
    told = performance.now() / 1000;
    let left;
    try {
      const answer = await fetch(document.querySelector("[data-session]").dataset.session);
      if (answer.redirected || answer.status === 403) return say("ended");
      left = await answer.json();
    } catch {
      return; // no network just now: the next word asks again
    }
    clearTimeout(timer);
    const warn = (what, seconds) => setTimeout(() => say(what), Math.max(0, seconds - WARN_BEFORE) * 1000);
    say("");
    timer = left.in_all < left.idle ? warn("long", left.in_all) : warn("idle", left.idle);
  }

  document.addEventListener("input", (event) => {
    const writing = event.target.closest("form[method=post i]");
    if (writing && performance.now() / 1000 - told >= TELL_EVERY) tell();
  });
})();

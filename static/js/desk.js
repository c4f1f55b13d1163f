// The page form's comforts: only the fields a block needs, keys to copy. Everything works without it.
(() => {
  "use strict";

  const read = (id) => JSON.parse(document.getElementById(id)?.textContent || "{}");
  const optional = ["body", "subject", "numerator", "denominator", "person", "picture", "consent_on", "typical"];
  let needs = {};

  const holdsSomething = (box) =>
    box.querySelector(".errorlist") ||
    [...box.querySelectorAll("input, select, textarea")].some((field) => field.value && field.type !== "hidden");

  function fit(block) {
    const kind = block.querySelector("select[name$='-kind']");
    if (!kind) return;
    const wanted = needs[kind.value] || needs.always || optional;
    for (const name of optional) {
      const box = block.querySelector(`.fieldBox.field-${name}`) || block.querySelector(`.form-row.field-${name}`);
      // what holds a value or an error is always shown: nothing is saved that nobody sees
      if (!box) continue;
      box.hidden = !wanted.includes(name) && !holdsSomething(box);
      const help = block.querySelector(`[id$="-${name}_helptext"]`);
      if (help) help.hidden = box.hidden;
    }
    for (const row of block.querySelectorAll(".form-row")) {
      const boxes = [...row.querySelectorAll(".fieldBox")];
      if (boxes.length) row.hidden = boxes.every((box) => box.hidden);
    }
  }

  // the editor's own box takes over the name of the field it stands for
  document.addEventListener("prose-editor:ready", ({ detail: { textarea } }) => {
    const box = textarea.closest(".prose-editor")?.querySelector("[contenteditable]");
    const name = textarea.labels?.[0]?.textContent.replace(/:\s*$/, "");
    if (box && name) box.setAttribute("aria-label", name);
  });

  function copyButtons() {
    for (const code of document.querySelectorAll("[data-desk-list] code")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button desk-copy";
      button.textContent = gettext("Copy");
      button.setAttribute("aria-label", `${gettext("Copy")} ${code.textContent}`);
      // where the browser lets nothing be copied, the text is at least selected
      const select = () => getSelection().selectAllChildren(code);
      button.addEventListener("click", () => navigator.clipboard?.writeText(code.textContent).catch(select));
      code.after(button);
    }
  }

  function filter(field) {
    const wanted = field.value.trim().toLowerCase();
    for (const row of document.querySelectorAll("[data-desk-list] li")) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    needs = read("desk-needs");
    const blocks = document.getElementById("blocks-group");
    blocks?.querySelectorAll(".inline-related").forEach(fit);
    blocks?.addEventListener("change", (event) => fit(event.target.closest(".inline-related")));
    document.addEventListener("formset:added", (event) => fit(event.target));
    copyButtons();
    document.querySelector("[data-desk-filter]")?.addEventListener("input", (event) => filter(event.target));
  });
})();

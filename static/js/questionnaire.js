// A comfort: choosing a question in a condition's row shows its options at once. Without it, a save shows them.
(() => {
  const held = document.getElementById("options-of-questions");
  if (!held) return;
  const options = JSON.parse(held.textContent);

  function choice(name, id, [code, words]) {
    const line = document.createElement("div"), label = document.createElement("label"), box = document.createElement("input");
    Object.assign(box, { type: "checkbox", name, value: code, id });
    label.htmlFor = id;
    label.append(box, " " + words);
    line.append(label);
    return line;
  }

  document.addEventListener("change", (event) => {
    const select = event.target;
    if (!select.matches("select[name$='-question']")) return;
    const name = select.name.replace(/-question$/, "-options"), place = document.getElementById("id_" + name);
    if (!place) return;
    place.replaceChildren(...(options[select.value] || []).map((one, n) => choice(name, `id_${name}_${n}`, one)));
  });
})();

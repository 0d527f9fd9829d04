"use strict";
// A sentence of the brief and its evidence share a number in data-for; whatever is hovered or focused lights it up.
for (const pair of document.querySelectorAll(".pair")) {
  const parts = [...pair.querySelectorAll("[data-for]")];
  const light = (target) => {
    const own = target?.closest?.("[data-for]") ?? document.activeElement.closest("[data-for]");
    const numbers = own && pair.contains(own) ? own.dataset.for.split(" ") : [];
    for (const part of parts) {
      part.classList.toggle("lit", part.dataset.for.split(" ").some((number) => numbers.includes(number)));
    }
  };
  pair.addEventListener("pointerover", (event) => light(event.target));
  pair.addEventListener("pointerleave", () => light(null));
  pair.addEventListener("focusin", (event) => light(event.target));
  pair.addEventListener("focusout", () => light(null));
  pair.addEventListener("click", (event) => {
    const sentence = event.target.closest("button.sentence");
    if (!sentence) return;
    light(sentence);
    pair.querySelector("mark.lit")?.scrollIntoView({ block: "nearest" });
  });
}
const judgements = document.getElementById("judgements");
document.addEventListener("change", () => {
  const chosen = [...document.querySelectorAll("fieldset input:checked")];
  const counts = new Map();
  for (const input of chosen) counts.set(input.value, (counts.get(input.value) ?? 0) + 1);
  const told = [...counts].map(([value, count]) => `${value} ${count}`).join(", ");
  judgements.querySelector("output").textContent = `${chosen.length} judged: ${told}`;
  judgements.querySelector("textarea").value = chosen.map((input) => `${input.dataset.id}\t${input.value}`).join("\n");
});

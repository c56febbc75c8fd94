"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const cards = [...document.querySelectorAll("article")];
  const rows = [...document.querySelectorAll("tr[data-plan], tr[data-area], tr[data-severity]")];
  const count = document.getElementById("count");
  const has = (element, name, value) =>
    !value || (element.dataset[name] || "").split("\n").includes(value);

  const apply = () => {
    const chosen = [...form.querySelectorAll("select")].map((one) => [one.name, one.value]);
    const plans = new Set();
    let shown = 0;
    for (const card of cards) {
      card.hidden = !chosen.every(([name, value]) => has(card, name, value));
      if (!card.hidden) {
        shown += 1;
        plans.add(card.dataset.plan);
      }
    }
    const isFiltered = chosen.some(([, value]) => value);
    for (const row of rows) {
      const plan = row.dataset.plan;
      const isOut = isFiltered && plan && !plans.has(plan);
      row.hidden = isOut || chosen.some(([name, value]) => row.dataset[name] && !has(row, name, value));
    }
    for (const body of document.querySelectorAll("tbody")) {
      body.hidden = [...body.rows].every((row) => row.hidden || row.className === "group");
    }
    count.textContent = count.dataset.text.replace("{shown}", shown).replace("{all}", cards.length);
  };

  form.addEventListener("change", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
})();

"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const cards = [...document.querySelectorAll("article")];
  const plans = [...document.querySelectorAll("tr[data-state]")];
  const rows = [...document.querySelectorAll("tr:is([data-plan], [data-area], [data-severity]):not([data-state])")];
  const count = document.getElementById("count");
  const has = (element, name, value) =>
    !value || (element.dataset[name] || "").split("\n").includes(value);

  const apply = () => {
    const chosen = [...form.querySelectorAll("select")].map((one) => [one.name, one.value]);
    const names = new Set();
    let shown = 0;
    plans.forEach((plan, number) => {
      plan.hidden = !chosen.every(([name, value]) => has(plan, name, value));
      if (cards[number]) cards[number].hidden = plan.hidden;
      if (!plan.hidden) {
        shown += 1;
        names.add(plan.dataset.plan);
      }
    });
    const isFiltered = chosen.some(([, value]) => value);
    for (const row of rows) {
      const plan = row.dataset.plan;
      const isOut = isFiltered && plan && !names.has(plan);
      row.hidden = isOut || chosen.some(([name, value]) => row.dataset[name] && !has(row, name, value));
    }
    for (const body of document.querySelectorAll("tbody")) {
      body.hidden = [...body.rows].every((row) => row.hidden || row.className === "group");
    }
    count.textContent = count.dataset.text.replace("{shown}", shown).replace("{all}", plans.length);
  };

  form.addEventListener("change", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
})();

// Narrow the list of rules while typing, and answer a tried claim in place.
import { swap } from "./fragment.js";

const filter = document.getElementById("filter");
const form = document.getElementById("try-form");

if (filter) {
  const field = document.getElementById("wanted");
  const shown = document.getElementById("shown");
  const rows = [...document.querySelectorAll(".rule-list li")];
  const narrow = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
    for (const area of document.querySelectorAll(".area")) {
      area.hidden = !area.querySelector("li:not([hidden])");
    }
    const left = rows.filter((row) => !row.hidden).length;
    shown.textContent = words.length ? `${left} of ${rows.length} rules` : "";
  };
  filter.hidden = false;
  field.addEventListener("input", narrow);
  narrow();
}

if (form) {
  const answer = document.getElementById("answer");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    const address = new URL(form.action).pathname;
    if (await swap(answer, address, { method: "POST", body })) answer.focus();
  });
}

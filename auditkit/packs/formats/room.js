"use strict";
const box = document.getElementById("words"), told = document.getElementById("told");
const rows = [...document.querySelectorAll("tbody tr")].map((row) => [row, row.textContent.toLowerCase()]);
function look() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const [row, text] of rows) {
    row.hidden = !words.every((word) => text.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  told.textContent = words.length ? told.dataset.found.replace("{}", shown) : "";
}
box.addEventListener("input", look);

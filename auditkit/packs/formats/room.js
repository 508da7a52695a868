"use strict";
const box = document.getElementById("words"), told = document.getElementById("told");
const digits = /[\u06f0-\u06f9]/g;
function folded(text) {
  const plain = text.replace(digits, (digit) => digit.charCodeAt(0) - 0x6f0);
  return plain.replace(/[\u064a\u0649]/g, "\u06cc").replace(/\u0643/g, "\u06a9").toLowerCase();
}
const rows = [...document.querySelectorAll("tbody tr")].map((row) => [row, folded(row.textContent)]);
function look() {
  const words = folded(box.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const [row, text] of rows) {
    row.hidden = !words.every((word) => text.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  told.textContent = words.length ? told.dataset.found.replace("{}", shown.toLocaleString(document.documentElement.lang)) : "";
}
box.addEventListener("input", look);

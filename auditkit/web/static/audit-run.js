// Keys on the run page of an audit. Without this file every question is answered by its buttons.

// Inside a question, 1 to 9 press its answers in their order; outside, and while typing, keys stay what they are.
document.addEventListener("keydown", (event) => {
  const row = event.target.closest("[data-row]");
  const typing = event.target.matches("textarea, input");
  if (!row || typing || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) {
    return;
  }
  const button = row.querySelectorAll("button.answer")[Number(event.key) - 1];
  if (button) {
    event.preventDefault();
    button.click();
  }
});

// After a row was saved in place, the focus is where it was: on the answer that was given.
document.addEventListener("htmx:afterSwap", (event) => {
  const row = document.getElementById(event.detail.target.id);
  const alarm = row && row.querySelector("[role=alert]");
  const field = row && (alarm ? row.querySelector("textarea") : row.querySelector("[aria-pressed=true]"));
  if (field) {
    field.focus({ preventScroll: !alarm });
  }
});

// One question at a time: on phones by itself, elsewhere by a button. Without this file all questions are one list.

(() => {
  const run = document.querySelector(".audit-run");
  const steps = document.querySelector(".audit-steps");
  if (!run || !steps) {
    return;
  }
  // Figures in the digits of the page's language.
  const figures = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: false });
  const figure = (number) => figures.format(number);
  const rows = [...run.querySelectorAll(".audit-row")];
  const groups = [...run.querySelectorAll(".audit-rows section")];
  const jump = document.getElementById("audit-jump");
  const at = document.getElementById("audit-at");
  const choice = document.getElementById("audit-view");
  const place = `auditkit-place:${location.pathname}`;
  const view = "auditkit-run-view";
  let current = 0;

  function kept(name) {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // a browser that keeps nothing: the page starts at the first open question
    }
  }

  function keep(name, value) {
    try {
      localStorage.setItem(name, value);
    } catch {
      // as above
    }
  }

  function one() {
    return run.classList.contains("one");
  }

  function showAt(index, focus) {
    current = Math.min(Math.max(index, 0), rows.length - 1);
    const row = rows[current];
    rows.forEach((other) => other.classList.toggle("is-current", other === row));
    groups.forEach((group) => group.classList.toggle("has-current", group.contains(row)));
    const group = groups.findIndex((each) => each.contains(row));
    jump.value = String(group);
    at.textContent = `${figure(current + 1)}/${figure(rows.length)}`;
    steps.querySelector("[data-step='-1']").disabled = current === 0;
    steps.querySelector("[data-step='1']").disabled = current === rows.length - 1;
    keep(place, row.id);
    if (focus) {
      row.tabIndex = -1;
      row.focus({ preventScroll: one() });
      if (one()) {
        const top = run.getBoundingClientRect().top + window.scrollY;
        window.scrollTo({ top: Math.max(top - 200, 0) });
      }
    }
  }

  // The groups with how far each is; drawn again when something was answered.
  function draw() {
    jump.replaceChildren(
      ...groups.map((group, index) => {
        const done = group.querySelectorAll(".audit-row.is-settled").length;
        const all = group.querySelectorAll(".audit-row").length;
        return new Option(`${group.querySelector("h2").textContent} (${figure(done)}/${figure(all)})`, String(index));
      }),
    );
    jump.value = String(groups.findIndex((group) => group.contains(rows[current])));
  }

  function toggle(on) {
    run.classList.toggle("one", on);
    document.body.classList.toggle("audit-one", on);
    steps.hidden = !on;
    choice.setAttribute("aria-pressed", String(on));
    if (on) {
      showAt(current, false);
    }
  }

  function rowOf(hash) {
    const target = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
    const row = target && (target.closest(".audit-row") || target.closest("section")?.querySelector(".audit-row"));
    return row ? rows.indexOf(row) : -1;
  }

  function firstOpen() {
    return Math.max(rows.findIndex((row) => !row.classList.contains("is-settled")), 0);
  }

  const named = rowOf(location.hash);
  const remembered = rows.findIndex((row) => row.id === kept(place));
  current = named >= 0 ? named : remembered >= 0 ? remembered : firstOpen();
  draw();
  choice.hidden = false;
  const chosen = kept(view);
  toggle(chosen ? chosen === "one" : matchMedia("(max-width: 61.99rem)").matches);
  if (!one() && named < 0 && remembered > 0) {
    rows[remembered].scrollIntoView();
  }

  choice.addEventListener("click", () => {
    toggle(!one());
    keep(view, one() ? "one" : "list");
    rows[current].scrollIntoView();
  });
  steps.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button) {
      showAt(current + Number(button.dataset.step), true);
    }
  });
  jump.addEventListener("change", () => {
    const held = [...groups[Number(jump.value)].querySelectorAll(".audit-row")];
    const open = held.find((row) => !row.classList.contains("is-settled"));
    showAt(rows.indexOf(open || held[0]), true);
  });
  window.addEventListener("hashchange", () => {
    const index = rowOf(location.hash);
    if (index >= 0) {
      showAt(index, false);
    }
  });
  run.addEventListener("focusin", (event) => {
    const row = event.target.closest(".audit-row");
    if (row && rows[current] !== row) {
      showAt(rows.indexOf(row), false);
    }
  });
  run.addEventListener("audit:settled", draw);

  // n and p walk, only from inside a question and never while somebody types.
  document.addEventListener("keydown", (event) => {
    const row = event.target.closest(".audit-row");
    if (!row || event.target.matches("textarea, input, select") || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const step = { n: 1, p: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const index = Math.min(Math.max(rows.indexOf(row) + step, 0), rows.length - 1);
      showAt(index, true);
    }
  });
})();

// Answers save by themselves. What cannot be sent waits on this device (audit-queue.js) and arrives once.
// Without this file every question is a form with buttons.

(() => {
  const run = document.querySelector(".audit-run[data-state-url]");
  if (!run) {
    return;
  }
  const words = run.dataset;
  const answers = JSON.parse(words.answers);
  const audit = location.pathname;
  const person = words.person;
  const CELLS = ["answer", "note", "interviewee"];
  // Figures in the digits of the page's language.
  const figures = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: false });
  const figure = (number) => figures.format(number);
  const TYPING_MS = 900;
  const RETRY_MS = 8000;
  const LOOK_MS = 45000;
  const PATIENCE_MS = 30000; // and a second for each 10 kB: a request that nobody answers must not hold up the others
  let token = document.querySelector("input[name=csrf_token]").value;
  let seen = words.seen;
  let entries = [];
  let order = Date.now();
  let busy = false;
  let lost = false;
  let signedOut = false;
  let retry = 0;
  let arrivals = 0;
  let position = null;

  // ---- rows ----

  const rows = new Map();
  for (const article of run.querySelectorAll(".audit-row")) {
    const form = article.querySelector("form");
    if (form) {
      const row = { id: article.dataset.row, article, form, note: form.elements.note, asked: form.elements.interviewee };
      row.server = { answer: article.dataset.answer, note: row.note.value, interviewee: row.asked.value };
      rows.set(row.id, row);
    }
  }

  function pending(row) {
    return entries.filter((one) => one.row === row.id && one.state !== "conflict");
  }

  function current(row, cell) {
    const held = pending(row).filter((one) => one.cells[cell]);
    return held.length ? held.at(-1).cells[cell].value : row.server[cell];
  }

  function needs(row) {
    const answer = current(row, "answer");
    const asks = (name) => (row.article.dataset[name] || "").split(" ").includes(answer);
    if (asks("noteFor") && !current(row, "note")) {
      return words.needNote;
    }
    const files = row.article.querySelectorAll("[data-files] li").length;
    return asks("evidenceFor") && !files ? words.needFile : "";
  }

  // What an answer lacked may have come since, with an entry before it or from somebody else.
  function release(row) {
    for (const entry of entries.filter((one) => one.row === row.id && one.state === "draft")) {
      entry.message = needs(row);
      if (!entry.message) {
        entry.state = "waiting";
        say(row, "", "");
      }
    }
  }

  function press(row, answer, given) {
    const icons = document.getElementById("answer-icons").content;
    for (const button of row.form.querySelectorAll("button.answer")) {
      const on = given && button.value === answer;
      button.setAttribute("aria-pressed", String(on));
      button.querySelector(".icon")?.remove();
      if (on) {
        button.prepend(icons.querySelector(`[data-answer="${answer}"]`).cloneNode(true));
      }
    }
  }

  function settle(row) {
    const answer = current(row, "answer");
    const on = (answers[answer] || {}).state !== "open" || Boolean(current(row, "note"));
    row.article.classList.toggle("is-settled", on);
    const section = row.article.closest("section");
    const done = section.querySelectorAll(".is-settled").length;
    const counted = document.getElementById(section.querySelector("h2").id.replace("section-", "done-"));
    if (counted) {
      counted.textContent = `${figure(done)}/${figure(section.querySelectorAll(".audit-row").length)}`;
    }
    run.dispatchEvent(new Event("audit:settled"));
  }

  function say(row, text, tone) {
    let line = row.article.querySelector(".audit-row-state");
    if (!line) {
      line = document.createElement("p");
      line.className = "audit-row-state";
      line.setAttribute("role", "status");
      row.form.append(line);
    }
    line.textContent = text;
    line.dataset.tone = tone;
    line.hidden = !text;
  }

  function listFiles(row, files) {
    const list = row.article.querySelector("[data-files]");
    const link = (file) => {
      const item = document.createElement("li");
      const named = document.createElement(file.url ? "a" : "span");
      named.textContent = file.name;
      named.translate = false;
      if (file.url) {
        named.href = file.url;
      }
      item.append(named);
      if (!file.url) {
        item.dataset.waiting = file.entry;
        item.append(` (${words.fileWaits})`);
      }
      return item;
    };
    if (files) {
      list.replaceChildren(...files.map(link));
    } else {
      list.querySelectorAll("[data-waiting]").forEach((item) => item.remove());
    }
    for (const entry of pending(row)) {
      list.append(...entry.files.map((file) => link({ name: file.name, entry: entry.id })));
    }
    list.hidden = !list.children.length;
  }

  // Shows a row as it is: what the server has, and over it what waits here. A field somebody is typing in is left alone.
  function show(row, given = true) {
    const answer = current(row, "answer");
    press(row, answer, given);
    row.article.dataset.answer = answer;
    for (const [field, cell] of [[row.note, "note"], [row.asked, "interviewee"]]) {
      if (document.activeElement !== field && field.value !== current(row, cell)) {
        field.value = current(row, cell);
      }
    }
    listFiles(row);
    settle(row);
    showClash(row);
  }

  function when(row, text) {
    let line = row.article.querySelector(".audit-row-when");
    if (!line) {
      line = document.createElement("p");
      line.className = "secondary audit-row-when";
      line.translate = false;
      row.article.append(line);
    }
    line.textContent = text;
  }

  // ---- what a person does ----

  async function change(row, cells, files = []) {
    let entry = entries.findLast((one) => one.row === row.id && !one.tried && one.state !== "conflict");
    if (!entry) {
      entry = { id: auditQueue.newId(), audit, person, row: row.id, cells: {}, files: [], tried: false };
      entry.order = order = Math.max(order + 1, Date.now());
      entries.push(entry);
    }
    for (const [cell, value] of Object.entries(cells)) {
      const before = entry.cells[cell];
      if (before) {
        before.value = value;
      } else if (value !== current(row, cell) || cell === "answer") {
        entry.cells[cell] = { base: current(row, cell), value };
      }
    }
    entry.files.push(...files.map((file) => ({ name: file.name, file })));
    entry.madeAt = new Date().toISOString();
    entry.place = position;
    if (!Object.keys(entry.cells).length && !entry.files.length) {
      entries = entries.filter((one) => one !== entry);
      return;
    }
    listFiles(row);
    const missing = needs(row);
    entry.state = missing ? "draft" : "waiting";
    entry.message = missing;
    say(row, missing, "warn");
    settle(row);
    tell();
    await auditQueue.put(entry);
  }

  let typing = 0;
  function soon() {
    clearTimeout(typing);
    typing = setTimeout(send, TYPING_MS);
  }

  run.addEventListener("submit", async (event) => {
    const row = rows.get(event.target.closest(".audit-row")?.dataset.row);
    if (!row) {
      return;
    }
    event.preventDefault();
    const cells = { note: row.note.value.trim(), interviewee: row.asked.value.trim() };
    if (event.submitter?.matches(".answer")) {
      cells.answer = event.submitter.value;
    }
    const saved = change(row, cells);
    show(row, true);
    if (needs(row) && cells.answer) {
      row.note.focus();
    }
    await saved;
    send();
  });

  run.addEventListener("input", (event) => {
    const row = rows.get(event.target.closest(".audit-row")?.dataset.row);
    if (row && event.target === row.note) {
      change(row, { note: row.note.value.trim() });
      soon();
    } else if (row && event.target === row.asked) {
      change(row, { interviewee: row.asked.value.trim() });
      soon();
    }
  });

  async function attach(row, input) {
    const files = [...input.files];
    if (files.length) {
      await change(row, {}, files);
      input.value = "";
      send();
    }
  }

  run.addEventListener("change", (event) => {
    const row = rows.get(event.target.closest(".audit-row")?.dataset.row);
    if (row && event.target.type === "file") {
      attach(row, event.target);
    } else if (row && [row.note, row.asked].includes(event.target)) {
      send();
    }
  });

  // One camera for all questions; a file field would need one each.
  const camera = document.createElement("input");
  Object.assign(camera, { type: "file", accept: "image/*", multiple: true, hidden: true });
  camera.setAttribute("capture", "environment");
  let pictured = null;
  camera.addEventListener("change", () => attach(pictured, camera));
  document.body.append(camera);
  const hasCamera = matchMedia("(pointer: coarse)").matches;
  run.addEventListener("click", (event) => {
    const button = event.target.closest("[data-photo]");
    if (button) {
      pictured = rows.get(button.closest(".audit-row").dataset.row);
      camera.click();
    }
  });

  // Inside a question, 1 to 9 press its answers in their order; outside, and while typing, keys stay what they are.
  document.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row || event.target.matches("textarea, input") || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const button = /^[1-9]$/.test(event.key) && row.querySelectorAll("button.answer")[Number(event.key) - 1];
    if (button) {
      event.preventDefault();
      button.click();
    }
  });

  // ---- conflicts ----

  function word(cell, value) {
    if (cell !== "answer") {
      return value || words.empty;
    }
    const button = run.querySelector(`button.answer[value="${CSS.escape(value)}"] span:last-child`);
    return button ? button.textContent : value;
  }

  function showClash(row) {
    row.article.querySelector("[data-clash]")?.remove();
    const entry = entries.find((one) => one.row === row.id && one.state === "conflict");
    if (!entry) {
      return;
    }
    const box = document.createElement("div");
    box.className = "callout tone-warn audit-clash";
    box.dataset.clash = entry.id;
    const title = document.createElement("p");
    title.className = "callout-title";
    title.textContent = words.clash;
    box.append(title);
    for (const clash of entry.conflicts) {
      const part = document.createElement("div");
      part.className = "audit-clash-cell";
      const cell = document.createElement("strong");
      cell.textContent = words[`cell${clash.cell[0].toUpperCase()}${clash.cell.slice(1)}`];
      const sides = document.createElement("dl");
      for (const [label, value] of [[words.theirs, clash.mine], [words.mine, clash.theirs]]) {
        const name = document.createElement("dt");
        name.textContent = label;
        const said = document.createElement("dd");
        said.textContent = word(clash.cell, value);
        sides.append(name, said);
      }
      const buttons = document.createElement("p");
      buttons.className = "row-actions";
      for (const [label, take] of [[words.keepTheirs, false], [words.keepMine, true]]) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-secondary";
        button.textContent = label;
        button.addEventListener("click", () => choose(row, entry, clash, take));
        buttons.append(button);
      }
      part.append(cell, sides, buttons);
      box.append(part);
    }
    row.article.insertBefore(box, row.form);
  }

  async function choose(row, entry, clash, take) {
    entry.conflicts = entry.conflicts.filter((one) => one !== clash);
    row.server[clash.cell] = clash.mine;
    const settled = !entry.conflicts.length;
    if (settled) {
      entries = entries.filter((one) => one !== entry);
    }
    const changed = take ? change(row, { [clash.cell]: clash.theirs }) : null;
    show(row);
    tell();
    await (settled ? auditQueue.remove(entry) : auditQueue.put(entry));
    await changed;
    send();
  }

  // ---- sending ----

  function body(entry) {
    const sent = new FormData();
    sent.set("csrf_token", token);
    sent.set("client_id", entry.id);
    sent.set("made_at", entry.madeAt);
    sent.set("cells", JSON.stringify(entry.cells));
    if (entry.place) {
      for (const [name, value] of Object.entries(entry.place)) {
        sent.set(name, String(value));
      }
    }
    entry.files.forEach((one) => sent.append("files", one.file, one.name));
    return sent;
  }

  async function post(entry, again = true) {
    const response = await fetch(`${audit.replace(/\/run$/, "")}/rows/${entry.row}/save`, {
      method: "POST",
      body: body(entry),
      redirect: "manual",
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE_MS + entry.files.reduce((bytes, one) => bytes + one.file.size, 0) / 10),
    });
    if (response.ok || response.status === 422) {
      return response.json();
    }
    // A session that ended, or a token of another session: ask for a new one, once.
    if (again && (response.type === "opaqueredirect" || [400, 401, 403].includes(response.status))) {
      await look();
      return signedOut ? { state: "signed-out" } : post(entry, false);
    }
    if (response.status >= 500) {
      throw new Error(`answer ${response.status}`);
    }
    return { state: "refused", message: `${response.status} ${response.statusText}` };
  }

  // All of it at once, and only then kept on the device: who presses a button meanwhile must find a row that is whole.
  async function arrived(entry, answer) {
    const row = rows.get(entry.row);
    let kept = [];
    entries = entries.filter((one) => one !== entry);
    if (answer.progress) {
      progress(answer.progress);
    }
    if (row) {
      for (const cell of CELLS) {
        row.server[cell] = answer.row[cell];
      }
      row.arrival = arrivals += 1;
      if (answer.state === "conflict") {
        kept = clashed(entry, answer.conflicts);
      }
      listFiles(row, answer.row.files);
      when(row, [answer.row.when, answer.row.by].filter(Boolean).join(" · "));
      release(row);
      show(row);
      if (!pending(row).length) {
        say(row, "", "");
      }
    }
    for (const one of kept) {
      await auditQueue.put(one);
    }
    await auditQueue.remove(entry);
  }

  // What was typed after the answer that met a conflict belongs to the choice, not to the queue.
  function clashed(entry, conflicts) {
    const later = entries.filter((one) => one.row === entry.row && !one.tried && one.state !== "conflict");
    for (const one of later) {
      for (const clash of conflicts) {
        if (one.cells[clash.cell]) {
          clash.theirs = one.cells[clash.cell].value;
          delete one.cells[clash.cell];
        }
      }
    }
    const kept = { ...entry, id: auditQueue.newId(), cells: {}, files: [], state: "conflict", conflicts };
    entries.push(kept);
    return [...later, kept];
  }

  async function refused(entry, message) {
    const row = rows.get(entry.row);
    await auditQueue.remove(entry);
    Object.assign(entry, { id: auditQueue.newId(), state: "refused", tried: false, message });
    await auditQueue.put(entry);
    if (row) {
      say(row, message, "bad");
    }
  }

  async function send() {
    clearTimeout(retry);
    if (busy || signedOut) {
      return;
    }
    if (!navigator.onLine) {
      lost = true; // an answer that was not tried can still take what is typed next
      retry = setTimeout(send, RETRY_MS); // not every device says when it is back
      tell();
      return;
    }
    busy = true;
    try {
      for (let entry; (entry = entries.find((one) => one.state === "waiting")); ) {
        tell();
        entry.tried = true;
        await auditQueue.put(entry);
        const answer = await post(entry);
        lost = false;
        if (answer.state === "signed-out") {
          break;
        } else if (answer.state === "refused") {
          await refused(entry, answer.message);
        } else {
          await arrived(entry, answer);
        }
      }
    } catch {
      lost = true; // no network, or a server that is not well: everything is still here
      retry = setTimeout(send, RETRY_MS);
    } finally {
      busy = false;
      tell();
    }
  }

  // ---- what others did, and a fresh token ----

  async function look() {
    const before = arrivals;
    const response = await fetch(`${words.stateUrl}?since=${encodeURIComponent(seen)}`, {
      redirect: "manual",
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    signedOut = response.type === "opaqueredirect" || response.status === 401;
    if (!response.ok) {
      return;
    }
    const state = await response.json();
    if (String(state.person) !== person) {
      signedOut = true; // somebody else is signed in on this device now: these answers are not theirs
      return;
    }
    lost = false;
    token = state.token;
    // A row whose answer arrived meanwhile may be newer here than what was read there: it is asked for once more.
    const known = state.rows.map((found) => [rows.get(String(found.id)), found]).filter(([row]) => row);
    const settled = known.filter(([row]) => !(row.arrival > before));
    if (settled.length === known.length) {
      seen = state.at;
      progress(state.progress);
    }
    for (const [row, found] of settled) {
      CELLS.forEach((cell) => { row.server[cell] = found[cell]; });
      when(row, [found.when, found.by].filter(Boolean).join(" · "));
      release(row);
      show(row);
    }
  }

  async function refresh() {
    try {
      await look();
    } catch {
      lost = true;
    }
    tell();
    send();
  }

  function progress([done, all]) {
    const line = document.getElementById("audit-progress");
    line.querySelector("span").textContent = line.dataset.text.replace("{done}", figure(done)).replace("{all}", figure(all));
    line.querySelector("progress").value = done;
  }

  // ---- what the person is told ----

  const line = document.getElementById("audit-sync");
  function tell() {
    const count = (...states) => new Set(entries.filter((one) => states.includes(one.state)).map((one) => one.row)).size;
    const held = { conflict: count("conflict"), refused: count("refused", "draft"), waiting: count("waiting") };
    let state = "saved";
    if (signedOut && entries.length) {
      state = "signin";
    } else if (held.conflict) {
      state = "conflict";
    } else if (held.waiting) {
      state = lost ? "waiting" : "saving";
    } else if (held.refused) {
      state = "refused";
    }
    line.hidden = false;
    if (line.dataset.state !== state || line.dataset.count !== String(held[state] ?? entries.length)) {
      line.dataset.state = state;
      line.dataset.count = String(held[state] ?? entries.length);
      line.querySelector("span").textContent = line.dataset[state].replace("{n}", figure(line.dataset.count));
      line.querySelector("a").hidden = state !== "signin";
    }
    const first = entries.find((one) => ["conflict", "refused", "draft"].includes(one.state));
    const link = line.querySelector("[data-first]");
    link.hidden = !first || !rows.get(first.row);
    if (!link.hidden) {
      link.hash = rows.get(first.row).article.id;
    }
  }

  // ---- this device ----

  const placed = document.getElementById("audit-place");
  const choice = `auditkit-place-allowed:${person}`;
  function locate() {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        position = { latitude: coords.latitude, longitude: coords.longitude, accuracy: coords.accuracy };
      },
      () => {
        position = null;
        placed.checked = false;
        localStorage.removeItem(choice);
      },
      { maximumAge: 60000, timeout: 15000 },
    );
  }
  if (navigator.geolocation) {
    placed.disabled = false;
    placed.checked = localStorage.getItem(choice) === "yes";
    placed.addEventListener("change", () => {
      position = null;
      if (placed.checked) {
        localStorage.setItem(choice, "yes");
        locate();
      } else {
        localStorage.removeItem(choice);
      }
    });
    if (placed.checked) {
      locate();
      setInterval(() => placed.checked && locate(), 60000);
    }
  }

  async function keepPage() {
    const said = document.getElementById("audit-offline");
    said.textContent = said.dataset.none;
    if (!("serviceWorker" in navigator)) {
      return;
    }
    const scope = words.worker.replace("run-worker.js", "");
    const registered = await navigator.serviceWorker.register(words.worker, { scope });
    navigator.serviceWorker.addEventListener("message", (event) => {
      if (event.data.kept) {
        said.textContent = said.dataset.ready;
        run.dataset.kept = "yes";
      }
    });
    const active = registered.active || (await navigator.serviceWorker.ready).active;
    const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")];
    const addresses = files.map((one) => one.href || one.src);
    active.postMessage({ keep: [location.pathname + location.search, ...addresses] });
  }

  // Signing out while answers wait: they stay here, but the person should know.
  document.addEventListener("submit", (event) => {
    if (event.target.action.endsWith("/account/sign-out") && entries.length && !confirm(words.leave)) {
      event.preventDefault();
    }
  }, true);

  async function begin() {
    run.classList.add("live");
    run.querySelectorAll("[data-photo]").forEach((button) => { button.hidden = !hasCamera; });
    const kept = await auditQueue.all(audit, person);
    // Somebody quick has answered while the device was looking
    entries = [...kept.filter((one) => !entries.some((made) => made.id === one.id)), ...entries];
    window.addEventListener("online", refresh);
    document.addEventListener("visibilitychange", () => document.hidden || refresh());
    setInterval(() => document.hidden || refresh(), LOOK_MS);
    for (const entry of entries) {
      const row = rows.get(entry.row);
      if (row) {
        release(row);
        show(row);
        say(row, entry.message || "", entry.state === "refused" ? "bad" : "warn");
      }
    }
    tell();
    await refresh();
    await keepPage().catch(() => {}); // the page works all the same; what it says of itself stands already
  }
  begin();
})();

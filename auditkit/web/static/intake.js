// The public form and the way into the own page. Both work without this file.

// A QR code carries reference and secret behind the #, which never leaves the browser. Fill them in, and forget them.
const entry = document.querySelector("input[name=secret]");
if (entry && location.hash.includes(":")) {
  const [reference, secret] = decodeURIComponent(location.hash.slice(1)).split(":", 2);
  entry.form.elements.reference.value = reference;
  entry.value = secret;
  history.replaceState(null, "", location.pathname);
  entry.form.querySelector("button[type=submit]").focus();
}

// Where many complaints came from one network, the browser works for a moment instead of the person waiting.
const form = document.querySelector("form[data-bits]");
const bits = form ? Number(form.dataset.bits) : 0;

function startsWithZeros(bytes, wanted) {
  const value = (bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3]) >>> 0;
  return Math.clz32(value) >= wanted;
}

async function prove(ticket, wanted) {
  const encoder = new TextEncoder();
  for (let number = 0; ; number += 1) {
    const hash = await crypto.subtle.digest("SHA-256", encoder.encode(`${ticket}:${number}`));
    if (startsWithZeros(new Uint8Array(hash), wanted)) {
      return number;
    }
  }
}

if (bits && window.crypto && crypto.subtle) {
  prove(form.dataset.ticket, bits).then((number) => {
    form.elements.proof.value = String(number);
  });
}

// Taking a complaint down: look for the same one while somebody types, and Ctrl+Enter saves from any field.
const taking = document.querySelector("form[data-alike]");
const PAUSE_MS = 600;
const LOOKED_FOR = ["subject", "order_reference", "name", "email", "phone"];

if (taking) {
  let waiting = 0;
  taking.addEventListener("input", (event) => {
    if (!LOOKED_FOR.includes(event.target.name)) {
      return;
    }
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE_MS);
  });
  taking.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      taking.requestSubmit(taking.querySelector("button[type=submit]"));
    }
  });
  // Who types fast was done before this script came.
  if (LOOKED_FOR.some((name) => taking.elements[name].value)) {
    look();
  }
}

async function look() {
  const said = new URLSearchParams({ csrf_token: taking.elements.csrf_token.value });
  for (const name of LOOKED_FOR) {
    said.set(name, taking.elements[name].value);
  }
  const answer = await fetch(taking.dataset.alike, { method: "POST", body: said });
  if (answer.ok) {
    document.getElementById("alike").innerHTML = await answer.text();
  }
}

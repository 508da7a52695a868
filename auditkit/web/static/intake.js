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

// Small comforts. Every page works without this file.

// The error summary takes the focus where the browser did not do it by itself.
const summary = document.querySelector(".error-summary");
if (summary && document.activeElement !== summary) {
  summary.focus();
}

// A summary's link to a group of choices leads to its first choice.
for (const link of document.querySelectorAll(".error-summary a")) {
  link.addEventListener("click", () => {
    const target = document.getElementById(link.hash.slice(1));
    const field = target && target.matches("fieldset") ? target.querySelector("input") : target;
    if (field) {
      setTimeout(() => field.focus());
    }
  });
}

// One form is sent once, however often its button is pressed; after a while it may be sent again, for downloads.
const PATIENCE_MS = 4000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) {
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, PATIENCE_MS);
});

// Coming back by the browser's back button, forms can be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
  }
});

// A copy button beside a text that has to be handed on.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) {
    continue;
  }
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.querySelector(".copy-word").textContent = button.dataset.done;
  });
}

// Whoever comes to sign in has signed out, or was: what the pages of audits kept on this device is emptied.
if (location.pathname === "/account/sign-in" && "caches" in window) {
  caches.delete("auditkit-run");
  navigator.serviceWorker?.getRegistrations().then((all) => all.forEach((one) => one.unregister()));
}

// Answers that wait here outlive signing out, for they are the person's work: whoever comes to sign in is told of them.
const answersWaiting = document.getElementById("answers-waiting");
if (answersWaiting && "indexedDB" in window) {
  const asked = indexedDB.open("auditkit-run", 1);
  asked.onupgradeneeded = () => asked.transaction.abort(); // nobody answered an audit here
  asked.onsuccess = () => {
    const counted = asked.result.transaction("answers").objectStore("answers").count();
    counted.onsuccess = () => {
      answersWaiting.hidden = !counted.result;
      asked.result.close();
    };
  };
}

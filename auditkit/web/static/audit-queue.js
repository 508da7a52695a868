// The answers that wait on this device, in IndexedDB: they outlive the page, the browser and the network.
// An answer has an id of its own for ever, so the server knows it when it comes a second time.

const auditQueue = (() => {
  const NAME = "auditkit-run";
  const STORE = "answers";
  const memory = new Map(); // where the browser keeps nothing (some private windows), the open page still does
  let database;

  function open() {
    database ||= new Promise((resolve) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => resolve(null);
    });
    return database;
  }

  async function work(mode, act) {
    const held = await open();
    if (!held) {
      return null;
    }
    return new Promise((resolve, reject) => {
      const transaction = held.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  return {
    newId,
    async all(audit, person) {
      const kept = (await work("readonly", (store) => store.getAll())) || [...memory.values()];
      return kept
        .filter((one) => one.audit === audit && one.person === person)
        .sort((one, other) => one.order - other.order);
    },
    async put(entry) {
      memory.set(entry.id, entry);
      await work("readwrite", (store) => store.put(entry));
    },
    async remove(entry) {
      memory.delete(entry.id);
      await work("readwrite", (store) => store.delete(entry.id));
    },
  };
})();

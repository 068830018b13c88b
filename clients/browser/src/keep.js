/* What this device keeps between two pages: records under an AES-GCM key that no script can export, and pieces of
   ciphertext. Nothing of it leaves the device. */
import { concat, random, text, utf8 } from "./bytes.js";

const NAME = "jalon";
const STORES = ["keys", "records", "pieces"];
const NONCE = 12;

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

let database = null;

function opened() {
  if (!database) {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => STORES.forEach((name) => request.result.createObjectStore(name));
    database = done(request);
  }
  return database;
}

async function store(name, mode) {
  return (await opened()).transaction(name, mode).objectStore(name);
}

const read = async (name, key) => done((await store(name, "readonly")).get(key));
const write = async (name, key, value) => done((await store(name, "readwrite")).put(value, key));
const erase = async (name, key) => done((await store(name, "readwrite")).delete(key));

async function deviceKey() {
  const known = await read("keys", "device");
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const keys = await store("keys", "readwrite");
  // Another tab may have made one meanwhile: the first one stays.
  await done(keys.add(made, "device")).catch(() => null);
  return read("keys", "device");
}

const algorithm = (iv, name) => ({ name: "AES-GCM", iv, additionalData: utf8(name) });

/* Keep a small object under a name. */
export async function keep(name, value) {
  const nonce = random(NONCE);
  const sealed = await crypto.subtle.encrypt(algorithm(nonce, name), await deviceKey(), utf8(JSON.stringify(value)));
  await write("records", name, concat(nonce, new Uint8Array(sealed)));
}

/* The object kept under a name, or null: never kept, or no longer readable. */
export async function kept(name) {
  const bytes = await read("records", name);
  if (!bytes) return null;
  try {
    const key = await deviceKey();
    const opened = await crypto.subtle.decrypt(algorithm(bytes.slice(0, NONCE), name), key, bytes.slice(NONCE));
    return JSON.parse(text(new Uint8Array(opened)));
  } catch {
    return null;
  }
}

export const forget = (name) => erase("records", name);

/* Pieces of the ciphertext of a file, by rank. */
const piece = (file, rank) => `${file}/${rank}`;
export const keepPiece = (file, rank, blob) => write("pieces", piece(file, rank), blob);
export const keptPiece = (file, rank) => read("pieces", piece(file, rank));

export async function forgetPieces(file) {
  await done((await store("pieces", "readwrite")).delete(IDBKeyRange.bound(`${file}/`, `${file}/\uffff`)));
}

/* Whether this browser can keep and seal anything. */
export async function isAble() {
  if (!window.isSecureContext || !window.indexedDB || !crypto.subtle) return false;
  try {
    return Boolean(await deviceKey());
  } catch {
    return false;
  }
}

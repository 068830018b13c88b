/* A custodian's key: a seed that only a passphrase unlocks, here, on the custodian's own device. */
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { concat, fromHex, random, toHex, utf8 } from "./bytes.js";
import { canonical } from "./canonical.js";
import { digest, sha256 } from "./digest.js";
import { shareCommitment } from "./deal.js";
import { unseal } from "./seal.js";

const NONCE = 12;
export const STRETCH = { kdf: "scrypt", n: 131072, r: 8, p: 1 };

const derived = (seed, purpose) => hkdf(sha256, seed, utf8("jalon"), utf8(purpose), 32);

/* {exchange, signing}: the two private keys of a seed. */
export function keysOf(seed) {
  return { exchange: derived(seed, "custodian/x25519/1"), signing: derived(seed, "custodian/ed25519/1") };
}

export const normalised = (passphrase) => passphrase.normalize("NFKC").replace(/\s+/gu, " ").trim();

async function cipher(passphrase, parameters, onProgress) {
  const { n: N, r, p, salt } = parameters;
  const options = { N, r, p, dkLen: 32, onProgress };
  const raw = await scryptAsync(utf8(normalised(passphrase)), fromHex(salt), options);
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  raw.fill(0);
  return key;
}

const algorithm = (iv, person) => ({ name: "AES-GCM", iv, additionalData: utf8(`custodian:${person}`) });

/* {locked, parameters}: the seed under the passphrase. */
export async function lock(seed, passphrase, person, onProgress, stretch = STRETCH) {
  const parameters = { ...stretch, salt: toHex(random(16)) };
  const nonce = random(NONCE);
  const key = await cipher(passphrase, parameters, onProgress);
  const sealed = await crypto.subtle.encrypt(algorithm(nonce, person), key, seed);
  return { locked: toHex(concat(nonce, new Uint8Array(sealed))), parameters };
}

/* The seed; rejects when the passphrase is not the right one. */
export async function unlock(locked, passphrase, parameters, person, onProgress) {
  const bytes = fromHex(locked);
  const key = await cipher(passphrase, parameters, onProgress);
  const opened = await crypto.subtle.decrypt(algorithm(bytes.slice(0, NONCE), person), key, bytes.slice(NONCE));
  return new Uint8Array(opened);
}

/* The public keys of a seed, with the certificate that ties them to a person. */
export function publicFacts(seed, person) {
  const { exchange, signing } = keysOf(seed);
  const [public_key, signing_key] = [toHex(x25519.getPublicKey(exchange)), toHex(ed25519.getPublicKey(signing))];
  const told = canonical({ ed25519: signing_key, jalon: "custodian-key/1", person, x25519: public_key });
  const certificate = toHex(ed25519.sign(told, signing));
  exchange.fill(0);
  signing.fill(0);
  return { public_key, signing_key, certificate };
}

/* Whether a certificate holds: its signing key vouches for its exchange key and person. */
export function isCertified({ public_key, signing_key, certificate, person }) {
  const told = canonical({ ed25519: signing_key, jalon: "custodian-key/1", person: String(person), x25519: public_key });
  return ed25519.verify(fromHex(certificate), told, fromHex(signing_key));
}

/* A new key: what the server keeps. The seed is overwritten. */
export async function newKey(passphrase, person, onProgress, stretch) {
  const seed = random(32);
  const kept = { ...(await lock(seed, passphrase, person, onProgress, stretch)), ...publicFacts(seed, person) };
  seed.fill(0);
  return kept;
}

/* The signature that proves that the passphrase still opens the key. */
export function rehearse(seed, challenge, person) {
  const { signing } = keysOf(seed);
  return toHex(ed25519.sign(canonical({ challenge, jalon: "rehearsal/1", person }), signing));
}

/* The share of a bid, unsealed; rejects one that is not the share that was dealt. */
export async function openShare(seed, sealed, commitment, place) {
  const { exchange } = keysOf(seed);
  const share = await unseal(sealed, exchange, { ...place, purpose: "share" });
  exchange.fill(0);
  if (shareCommitment(place.bid, place.person, share) !== commitment) throw new Error("commitment");
  return share;
}

/* What people compare by eye: 32 hexadecimal characters in groups of four. */
export const fingerprint = (key) => digest(fromHex(key)).slice(0, 32).match(/.{4}/g).join(" ");

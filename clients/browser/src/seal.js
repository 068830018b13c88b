/* Sealing: HPKE (RFC 9180, X25519, HKDF-SHA256, AES-256-GCM), a long content by segments of at most 1 MiB.

   The `info` of each segment names its place, its rank and whether it is the last: a segment moved, dropped, repeated
   or re-ordered does not open. */
import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { DhkemX25519HkdfSha256 } from "@hpke/dhkem-x25519";
import { concat } from "./bytes.js";
import { canonical } from "./canonical.js";

export const SEGMENT = 1024 * 1024;
const PADDING = 4096;
const LENGTH = 4;
const OVERHEAD = 32 + 16; // encapsulated key, tag

export const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

const NOWHERE = { bid: "", bidder: "", lot: "", part: "", person: "", purpose: "", round: "", tender: "" };

/* The `info` of a message. `place` holds the fields that apply, all texts. */
export function info(place, segment = 0, final = true) {
  return canonical({ ...NOWHERE, ...place, jalon: "seal/2", segment, final });
}

export const publicKey = (bytes) => suite.kem.deserializePublicKey(bytes);

async function frame(key, plaintext, place, rank, final) {
  const sealed = await suite.seal({ recipientPublicKey: key, info: info(place, rank, final) }, plaintext);
  const message = concat(new Uint8Array(sealed.enc), new Uint8Array(sealed.ct));
  const length = new Uint8Array(LENGTH);
  new DataView(length.buffer).setUint32(0, message.length);
  return concat(length, message);
}

/* How many bytes `size` bytes become once sealed. */
export function sealedSize(size) {
  return size + Math.max(1, Math.ceil(size / SEGMENT)) * (LENGTH + OVERHEAD);
}

/* The frames of a Blob, one by one. The page stays alive between two. */
export async function* frames(blob, key, place) {
  const count = Math.max(1, Math.ceil(blob.size / SEGMENT));
  for (let rank = 0; rank < count; rank += 1) {
    const plain = new Uint8Array(await blob.slice(rank * SEGMENT, (rank + 1) * SEGMENT).arrayBuffer());
    yield await frame(key, plain, place, rank, rank === count - 1);
  }
}

/* A short content, sealed. */
export async function seal(bytes, key, place) {
  const parts = [];
  for await (const one of frames(new Blob([bytes]), key, place)) parts.push(one);
  return concat(...parts);
}

/* Spaces at the end up to a multiple of 4096: the length of a ciphertext tells nothing. */
export function padded(bytes) {
  const whole = new Uint8Array(Math.ceil(bytes.length / PADDING) * PADDING).fill(32);
  whole.set(bytes);
  return whole;
}

export const sealFacts = (facts, key, place) => seal(padded(canonical(facts)), key, place);

/* The plaintext of a short sealed content; rejects what was altered, moved or cut. */
export async function unseal(sealed, privateKey, place) {
  const key = await suite.kem.importKey("raw", privateKey, false);
  const messages = split(sealed);
  const plain = messages.map((message, rank) => open(message, key, info(place, rank, rank === messages.length - 1)));
  return concat(...(await Promise.all(plain)));
}

function split(sealed) {
  const messages = [];
  for (let at = 0; at < sealed.length; ) {
    const length = new DataView(sealed.buffer, sealed.byteOffset + at).getUint32(0);
    const message = sealed.subarray(at + LENGTH, at + LENGTH + length);
    if (message.length < length || length < OVERHEAD) throw new Error("truncated");
    messages.push(message);
    at += LENGTH + length;
  }
  if (!messages.length) throw new Error("empty");
  return messages;
}

async function open(message, recipientKey, told) {
  const opened = await suite.open({ recipientKey, enc: message.slice(0, 32), info: told }, message.slice(32));
  return new Uint8Array(opened);
}

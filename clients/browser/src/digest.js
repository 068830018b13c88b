/* SHA-256 of bytes, or of a Blob: WebCrypto is ten times faster but takes it whole, so that long ones are streamed. */
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "./bytes.js";

const WHOLE = 64 * 1024 * 1024;
const STEP = 1024 * 1024;

export { sha256 };
export const digest = (bytes) => toHex(sha256(bytes));

export async function digestOf(blob) {
  if (blob.size <= WHOLE) return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer())));
  const running = sha256.create();
  for (let at = 0; at < blob.size; at += STEP) {
    running.update(new Uint8Array(await blob.slice(at, at + STEP).arrayBuffer()));
  }
  return toHex(running.digest());
}

/* SHA-256, whole or as a stream (WebCrypto has no stream). */
import { sha256 } from "@noble/hashes/sha2.js";

export { sha256 };
export const running = () => sha256.create();

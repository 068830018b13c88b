/* The pages of custodians: the passphrase, the key and the shares never leave the device in clear. */
export * from "./library.js";
export * as custodian from "./custodian.js";
export * as words from "./words.js";
import { startKey } from "./pages/key.js";
import { startOpening } from "./pages/opening.js";

if (window.isSecureContext && crypto.subtle) {
  document.querySelectorAll("[data-without-script]").forEach((part) => part.remove());
  document.querySelectorAll("[data-with-script]").forEach((part) => (part.hidden = false));
  startKey();
  startOpening();
}

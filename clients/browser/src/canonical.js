/* One JSON text for one object: sorted keys, no space, ASCII only. What is signed or digested is always this text. */
import { utf8 } from "./bytes.js";

const escaped = (letter) => "\\u" + letter.charCodeAt(0).toString(16).padStart(4, "0");
const scalar = (value) => JSON.stringify(value).replace(/[^ -~]/g, escaped);

/* Written by hand: an engine puts keys that look like numbers first, whatever their order. */
export function canonicalText(value) {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (value === null || typeof value !== "object") return scalar(value);
  const pairs = Object.keys(value).sort().map((key) => `${scalar(key)}:${canonicalText(value[key])}`);
  return `{${pairs.join(",")}}`;
}

export const canonical = (value) => utf8(canonicalText(value));

/* A passphrase that is drawn, and a simple, honest rule for one that is chosen.

   The list is the French one of BIP-39: 2048 words, 11 bits each; six drawn words are worth 66 bits. */
import { wordlist } from "@scure/bip39/wordlists/french.js";

export const DRAWN_WORDS = 6;
const WORD_BITS = 11;
export const LEAST_BITS = 60;
const CHOSEN_WORD_BITS = 9;
const CHOSEN_LETTER_BITS = 2.5;

/* Six words drawn without bias: 2048 divides 65536. */
export function draw(count = DRAWN_WORDS) {
  return Array.from(crypto.getRandomValues(new Uint16Array(count)), (number) => wordlist[number % 2048]).join(" ");
}

const bare = (word) => word.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const known = new Set(wordlist.map(bare));

/* A low estimate, in bits: a word of the list counts 11, another 9 at most and 2.5 a letter; a repeated word, or one of
   fewer than three different letters, counts nothing. */
export function estimate(passphrase) {
  const words = new Set(bare(passphrase).split(/[^\p{L}\p{N}]+/u).filter((word) => new Set(word).size > 2));
  return Math.floor([...words].reduce((sum, word) => sum + wordBits(word), 0));
}

function wordBits(word) {
  if (known.has(word)) return WORD_BITS;
  const isText = /^\p{L}+$/u.test(word);
  if (isText) return Math.min(CHOSEN_WORD_BITS, CHOSEN_LETTER_BITS * word.length);
  return CHOSEN_LETTER_BITS * new Set(word).size;
}

/* Amounts as people write them, read strictly: what is doubtful is refused, never guessed.

   ASCII digits, groups of exactly three after a space (plain, no-break or narrow), one decimal mark, no more decimals
   than the column holds. The server reads by the same rule. */

const SPACE = "[ \\u00a0\\u202f]";
const NUMBER = new RegExp(`^(\\d{1,3}(?:${SPACE}\\d{3})+|\\d+)(?:[.,](\\d+))?$`);
const LONGEST = 60;

/* {value: "1250.00"} or {fault: "empty" | "shape" | "fine" | "large"}. `digits` counts the decimals too. */
export function parseAmount(text, places = 2, digits = 12) {
  const written = text.length <= LONGEST ? text.trim().replace(/\u20ac$/, "").trim() : "?";
  if (!written) return { fault: "empty" };
  const found = NUMBER.exec(written);
  if (!found) return { fault: "shape" };
  const whole = found[1].replace(new RegExp(SPACE, "g"), "").replace(/^0+(?=\d)/, "");
  const part = found[2] || "";
  if (part.length > places) return { fault: "fine" };
  if (whole.replace(/^0$/, "").length > digits - places) return { fault: "large" };
  return { value: `${whole}.${part.padEnd(places, "0")}` };
}

/* Exact products and sums, in units of the last decimal. */
const units = (value) => {
  const [whole, part = ""] = value.split(".");
  return { count: BigInt(whole + part), places: part.length };
};

/* Sum of price × quantity, rounded to the cent, halves away from zero. `rows`: [[price, quantity]], as texts. */
export function total(rows) {
  const places = 8;
  const sum = rows.reduce((all, [price, quantity]) => {
    const [one, other] = [units(price), units(quantity)];
    return all + one.count * other.count * 10n ** BigInt(places - one.places - other.places);
  }, 0n);
  const unit = 10n ** BigInt(places - 2);
  const cents = (sum + unit / 2n) / unit;
  return `${cents / 100n}.${String(cents % 100n).padStart(2, "0")}`;
}

/* "1250.00" as French text, « 1 250,00 € ». */
export function euros(value) {
  const [whole, part] = value.split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, "\u202f")},${part}\u00a0€`;
}

/* A column copied from a spreadsheet, pasted in a price: it fills the prices below, line by line, on this device. */
import { all } from "./page.js";

export function pasteColumns(form) {
  all("[data-price]", form).forEach((field) => field.addEventListener("paste", (event) => fill(field, event)));
}

function fill(field, event) {
  const lines = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "").split("\n");
  if (lines.length < 2) return;
  event.preventDefault();
  const prices = all("[data-price]", field.closest("[data-lot]"));
  const from = prices.indexOf(field);
  lines.slice(0, prices.length - from).forEach((line, rank) => {
    prices[from + rank].value = line.split("\t").pop().trim();
  });
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

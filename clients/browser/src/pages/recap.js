/* The last look before an act that cannot be undone: totals, files, what is left out, what is replaced. */
import { euros, total } from "../amounts.js";
import { all, callout, element, filled, sizeWords } from "./page.js";

/* The recap of an answer. `facts`: {lots, left, files, replaces: {words, had_files}, is_late}. */
export function recap(facts, words) {
  const section = element("section", { class: "jalon-card tender-recap", id: "recapitulatif", tabindex: "-1", "aria-labelledby": "verifier" });
  section.append(element("h2", { class: "fr-h4", id: "verifier" }, words.recap_title));
  section.append(...warnings(facts, words));
  facts.lots.forEach((lot) => section.append(lotPart(lot, facts.files, words)));
  const whole = facts.files.filter((file) => !file.number);
  if (whole.length) section.append(element("h3", { class: "fr-h6" }, words.whole_files), fileList(whole));
  return section;
}

function warnings({ left, files, replaces, is_late }, words) {
  const found = [];
  if (is_late) found.push(callout("warning", words.late_title, words.late));
  if (replaces) found.push(callout("info", words.replaces_title, replaces.words));
  if (!files.length) found.push(callout("warning", words.no_file_title, words.no_file));
  if (left.length) found.push(callout("info", words.left_title, left.join(" ; ")));
  return found;
}

function lotPart(lot, files, words) {
  const part = element("div", { class: "tender-recap__lot" }, element("h3", { class: "fr-h6" }, lot.name));
  if (lot.rows.length) part.append(priceTable(lot, words), totalLine(lot, words));
  const own = files.filter((file) => file.number === lot.number);
  part.append(element("p", { class: "jalon-soft" }, own.length ? words.lot_files : words.lot_no_file));
  if (own.length) part.append(fileList(own));
  return part;
}

function priceTable({ name, rows }, words) {
  const body = rows.map(({ code, label, quantity, price }) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, code, " ", element("span", { class: "jalon-soft" }, label)),
      element("td", { class: "num" }, euros(price)),
      element("td", { class: "num" }, quantity.replace(/\.?0+$/, "").replace(".", ",")),
    ),
  );
  const heads = [words.line, words.price, words.quantity].map((told, rank) => element("th", { scope: "col", class: rank ? "num" : false }, told));
  const table = element(
    "table",
    { class: "jalon-table" },
    element("caption", {}, filled(words.recap_caption, { lot: name })),
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...body),
  );
  return element("div", { class: "jalon-scroll", role: "group", tabindex: "0", "aria-label": filled(words.recap_caption, { lot: name }) }, table);
}

/* Below the table, which a telephone scrolls: the total is always in sight. */
function totalLine({ rows }, words) {
  const sum = euros(total(rows.map(({ price, quantity }) => [price, quantity])));
  return element("p", { class: "tender-total" }, `${words.total} `, element("strong", {}, sum));
}

export function fileList(files) {
  const lines = files.map(({ name, size, sha256 }) =>
    element("li", {}, element("span", {}, name), " ", element("span", { class: "jalon-soft" }, sizeWords(size)), element("br"), element("code", { class: "tender-digest" }, sha256)),
  );
  return element("ul", { class: "tender-uploads" }, ...lines);
}

/* The form steps aside while the recap is read. */
export function toggle(form, shown) {
  all("[data-answering]").forEach((part) => {
    part.hidden = !shown;
  });
}

/* What the answer says, read strictly, with every fault at once beside its field: the same sentences as the server's. */
import { parseAmount } from "../amounts.js";
import { all, element, filled, find } from "./page.js";

/* {lots: [{number, id, name, rows, answers}], left: [names], faults: [{field, words}]}. */
export function readAnswer(form, words) {
  const read = { lots: [], left: [], faults: [] };
  const sections = all("[data-lot]", form);
  sections.forEach((section) => (isAnswered(section) ? readLot(section, words, read) : leftOut(section, words, read)));
  const [first] = sections;
  if (first && !read.lots.length) read.faults.push({ field: find("[data-answered]", first), words: words.no_lot });
  const candidate = all("[name=lot_numbers]", form);
  if (candidate.length && !candidate.some((box) => box.checked)) {
    read.faults.push({ field: candidate[0], words: words.no_candidate_lot });
  }
  const declared = find("[name=declared]", form);
  if (declared && !declared.checked) read.faults.unshift({ field: declared, words: words.not_declared });
  return read;
}

function isAnswered(section) {
  const box = find("[data-answered]", section);
  return !box || box.checked;
}

function readLot(section, words, read) {
  const { lot: number, lotId: id, lotName: name } = section.dataset;
  const rows = all("[data-price]", section).map((field) => readPrice(field, words, read));
  const answers = all("[data-impact]", section).map((field) => readImpact(field, section, words, read));
  read.lots.push({ number: Number(number), id, name, rows, answers: answers.filter((answer) => answer.words) });
}

function readPrice(field, words, read) {
  const { price: code, label, quantity, places, digits } = field.dataset;
  const told = parseAmount(field.value, Number(places), Number(digits));
  if (told.fault) read.faults.push({ field, words: words.amount[told.fault] });
  return { code, label, quantity, price: told.value };
}

function readImpact(field, section, words, read) {
  const evidence = find(`[data-evidence="${field.dataset.impact}"]`, section);
  const answer = { question: Number(field.dataset.impact), words: field.value.trim(), evidence: evidence ? evidence.value.trim() : "" };
  if (field.dataset.required && !answer.words) read.faults.push({ field, words: words.no_answer });
  if (answer.words && evidence && !answer.evidence) read.faults.push({ field: evidence, words: words.no_evidence });
  return answer;
}

function leftOut(section, words, read) {
  read.left.push(section.dataset.lotName);
  const isFilled = all("[data-price], [data-impact]", section).some((field) => field.value.trim());
  const hasFiles = find("[data-sealed-file]", section);
  if (isFilled || hasFiles) read.faults.push({ field: find("[data-answered]", section), words: words.left_out });
}

/* Each fault beside its field, and all of them in one summary that takes the focus. */
export function showFaults(form, faults, words) {
  all("[data-fault]").forEach((shown) => shown.remove());
  all("[aria-invalid]", form).forEach((field) => field.removeAttribute("aria-invalid"));
  faults.forEach((fault) => mark(fault));
  const summary = element("div", { class: "jalon-summary", role: "alert", tabindex: "-1", "data-fault": true });
  const title = faults.length > 1 ? filled(words.corrections, { count: faults.length }) : words.correction;
  const lines = faults.map(({ field, words: told }) => {
    const link = element("a", { href: `#${field.id}` }, labelOf(field));
    return element("li", {}, link, ` : ${told}`);
  });
  summary.append(element("h2", { class: "jalon-summary__title" }, title), element("ul", {}, ...lines));
  form.before(summary);
  summary.focus();
}

function mark({ field, words }) {
  const id = `${field.id}_fault`;
  const told = element("p", { class: "jalon-error", id, "data-fault": true }, words);
  const option = field.closest(".jalon-option");
  (option || field).before(told);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", id);
  const fold = field.closest("details");
  if (fold) fold.open = true;
}

const labelOf = (field) => (field.labels[0]?.textContent || field.name).trim().split(/\s+/).slice(0, 14).join(" ");

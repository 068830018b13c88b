/* The receipt of an answer sealed here: whether the platform holds these very parts, and the firm's own copy. */
import { fromBase64, text } from "../bytes.js";
import { canonicalText } from "../canonical.js";
import { digest } from "../digest.js";
import { forget, forgetPieces, kept } from "../keep.js";
import { compared } from "../manifest.js";
import { draftName } from "./draft.js";
import { callout, carried, element, filled, find } from "./page.js";
import { fileList } from "./recap.js";
import { forgetSession } from "./session.js";

export async function startReceipt() {
  const place = find("[data-receipt]");
  const own = place && (await kept(`own:${place.dataset.bid}`).catch(() => null));
  const told = carried("manifeste");
  if (!own || !told) return;
  const words = carried("mots");
  nameRows(own);
  place.append(verdict(place.dataset.digest, told, own, words), ...ownFiles(own, words), copy(own, place.dataset, words));
  await clean(own, place.dataset);
}

/* The names that this device alone still knows, in the table of the pieces. */
function nameRows(own) {
  for (const { id, name } of own.files) {
    const head = find(`[data-part="${id}"] th`);
    if (head) head.textContent = name;
  }
}

function verdict(journaled, manifest, own, words) {
  const { lost, added, papers } = compared(manifest, own);
  const isJournaled = digest(new TextEncoder().encode(canonicalText(manifest))) === journaled;
  if (lost.length || added.length || !isJournaled) return callout("error", words.broken_title, words.broken);
  const lines = [filled(words.holds, { count: own.parts.length })];
  if (papers) lines.push(filled(words.papers, { count: papers }));
  return callout("success", words.holds_title, ...lines);
}

function ownFiles(own, words) {
  if (!own.files.length) return [];
  return [element("h3", { class: "fr-h6" }, words.own_files), fileList(own.files)];
}

/* A JSON that proves later, with the bid once opened, what was written: the salt is in `contents`. */
function copy(own, { digest: manifest_sha256, reference }, words) {
  const whole = { ...own, manifest_sha256, contents_text: text(fromBase64(own.contents)) };
  const blob = new Blob([JSON.stringify(whole, null, 2)], { type: "application/json" });
  const facts = { class: "fr-btn fr-btn--secondary", href: URL.createObjectURL(blob), download: `pli-${reference}-copie.json` };
  return element("p", {}, element("a", facts, words.own_copy), element("br"), element("span", { class: "jalon-soft" }, words.own_copy_help));
}

/* The draft and the ciphertext have no more use; the firm's own copy stays. */
async function clean(own, { person }) {
  await forget(draftName({ ...own, person }));
  await forgetSession(own.bid);
  await forgetPieces(own.bid);
}

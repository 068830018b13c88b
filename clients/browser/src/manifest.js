/* What a deposit is, in clear: digests, keys and sizes, nothing of what it says. */
import { toHex, random } from "./bytes.js";
import { canonical } from "./canonical.js";
import { digest } from "./digest.js";

/* The manifest as the server journals it. `facts`: bid, bidder, round, tender, commitment, custodians, parts (in the
   order of their positions), public_key, sealed_by, threshold. */
export const manifest = (facts) => canonical({ ...facts, jalon: "manifest/2" });
export const manifestDigest = (facts) => digest(manifest(facts));

/* What the bid holds, in clear, with a drawn salt: the firm keeps these bytes, the bid commits to them.
   `parts`: [{id, kind, lot, name, content_type, size, sha256}]. */
export function contents(bid, parts) {
  return canonical({ jalon: "contents/1", bid, salt: toHex(random(32)), parts });
}

/* What `manifest` does not hold of the device's own parts and key (`lost`), what it should not hold (`added`), and how
   many papers of the firm's own file the server sealed beside its candidature: files of no lot, which it may add. */
export function compared(manifest, own) {
  const held = new Map(manifest.parts.map((part) => [part.id, part]));
  const mine = new Set(own.parts.map((part) => part.id));
  const fields = ["bid", "commitment", "public_key", "sealed_by"].filter((name) => manifest[name] !== own[name]);
  const others = manifest.parts.filter((part) => !mine.has(part.id));
  const isDealt = digest(canonical(manifest.custodians)) === digest(canonical(own.custodians));
  return {
    lost: [...fields, ...(isDealt ? [] : ["custodians"]), ...own.parts.filter((part) => !isHeld(part, held)).map((part) => part.id)],
    added: others.filter((part) => !isCandidature(part) && !isPaper(part)).map((part) => part.id),
    papers: others.filter(isPaper).length,
  };
}

const isCandidature = (part) => part.kind === "candidature";
const isPaper = (part) => part.kind === "file" && part.lot === "";
const FACTS = ["kind", "lot", "sha256", "size", "facts_sha256"];

function isHeld(part, held) {
  const found = held.get(part.id);
  return Boolean(found) && FACTS.every((name) => found[name] === part[name]);
}

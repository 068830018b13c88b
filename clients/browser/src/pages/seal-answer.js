/* Everything secret of an answer, sealed: prices and answers by lot, and the contents that the bid commits to. */
import { toBase64 } from "../bytes.js";
import { canonical } from "../canonical.js";
import { digest } from "../digest.js";
import { contents } from "../manifest.js";
import { padded, seal } from "../seal.js";

/* {pli, own}: what the form posts, and what the firm keeps to prove what it wrote. `replaces`: id of a bid or "". */
export async function sealAnswer(session, { lots, files, replaces }) {
  const sealed = [];
  for (const lot of lots) sealed.push(...(await sealLot(session, lot)));
  const bid = session.record.bid;
  const told = contents(bid, [...files.map(fileInContents), ...sealed.map((part) => part.inContents)]);
  const last = await sealPart(session, "contents", null, told);
  const commitment = digest(told);
  const parts = [...sealed, last];
  const pli = {
    depot: bid,
    parts: parts.map(({ id, kind, number, bytes }) => ({ id, kind, lot: number, sealed: toBase64(bytes) })),
    commitment,
    files: files.map(({ id }) => id),
    replaces: replaces || null,
  };
  return { pli, own: ownCopy(session.record, { lots, files, parts, commitment, told }) };
}

function sealLot(session, lot) {
  const parts = [];
  if (lot.rows.length) {
    const prices = Object.fromEntries(lot.rows.map(({ code, price }) => [code, price]));
    parts.push(sealPart(session, "prices", lot, canonical({ prices })));
  }
  if (lot.answers.length) parts.push(sealPart(session, "answers", lot, canonical({ answers: lot.answers })));
  return Promise.all(parts);
}

async function sealPart(session, kind, lot, plain) {
  const id = crypto.randomUUID();
  const where = lot ? lot.id : "";
  const bytes = await seal(padded(plain), session.key, session.place({ purpose: kind, lot: where, part: id }));
  const inContents = { id, kind, lot: where, name: "", content_type: "", size: plain.length, sha256: digest(plain) };
  return { id, kind, lot: where, number: lot ? lot.number : null, bytes, inContents };
}

const fileInContents = ({ id, lot, name, content_type, size, sha256 }) => ({
  id,
  kind: "file",
  lot,
  name,
  content_type,
  size,
  sha256,
});

/* The parts as the manifest must hold them, the bytes that open the commitment, and what was written. */
function ownCopy(record, { lots, files, parts, commitment, told }) {
  const { bid, tender, round, bidder, public_key, custodians, threshold } = record;
  const sealedFiles = files.map((file) => ({
    facts_sha256: file.facts_sha256,
    id: file.id,
    kind: "file",
    lot: file.lot,
    sha256: file.sealed_sha256,
    size: file.sealed_size,
  }));
  const others = parts.map(({ id, kind, lot, bytes }) => ({
    facts_sha256: "",
    id,
    kind,
    lot,
    sha256: digest(bytes),
    size: bytes.length,
  }));
  return {
    jalon: "own-copy/1",
    ...{ bid, tender, round, bidder, public_key, custodians, threshold, commitment },
    sealed_by: "device",
    contents: toBase64(told),
    files: files.map(fileInContents),
    lots: lots.map(({ number, name, rows, answers }) => ({ number, name, rows, answers })),
    parts: [...sealedFiles, ...others],
  };
}

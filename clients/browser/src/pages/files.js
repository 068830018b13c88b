/* Files of an answer: sealed here, then sent piece by piece. The pieces wait on the device as ciphertext, so that a cut
   or a reload goes on where it stopped, without choosing the file again. */
import { toBase64 } from "../bytes.js";
import { canonical } from "../canonical.js";
import { digest } from "../digest.js";
import { forgetPieces, keepPiece, keptPiece } from "../keep.js";
import { padded, seal, SEGMENT, sealedSize } from "../seal.js";
import { PIECE_SEGMENTS, sealFile } from "../sealfile.js";
import { call, pause } from "./page.js";

const TRIES = 6;
const PIECE = sealedSize(SEGMENT) * PIECE_SEGMENTS;

const HEADS = { pdf: "%PDF-", png: "\u0089PNG", jpg: "\u00ff\u00d8\u00ff", jpeg: "\u00ff\u00d8\u00ff" };
const ZIPPED = ["docx", "xlsx", "pptx", "odt", "ods", "odp", "zip"];

/* Whether a file begins as its extension says: the server, which sees ciphertext, can tell it only at the opening. */
export async function looksLike(file) {
  const extension = file.name.split(".").pop().toLowerCase();
  const wanted = HEADS[extension] || (ZIPPED.includes(extension) ? "PK" : "");
  const head = new Uint8Array(await file.slice(0, 1024).arrayBuffer());
  const told = String.fromCharCode(...head);
  return extension === "pdf" ? told.includes(wanted) : told.startsWith(wanted);
}

/* Seals a chosen file and writes it in the record: from here on it is known by its id. `lot`: {id, number} or null. */
export async function prepare(session, file, lot, contentType, onProgress) {
  await session.opened();
  const id = crypto.randomUUID();
  const place = session.place({ lot: lot ? lot.id : "", part: id });
  const keepOne = (rank, blob) => keepPiece(session.pieces(id), rank, blob);
  const told = await sealFile(file, session.key, { ...place, purpose: "file" }, keepOne, onProgress);
  const { size, sha256, sealed_size, sealed_sha256 } = told;
  const facts = canonical({ name: file.name, content_type: contentType, size, sha256 });
  const sealedFacts = await seal(padded(facts), session.key, { ...place, purpose: "facts" });
  const kept = {
    id,
    name: file.name,
    content_type: contentType,
    lot: lot ? lot.id : "",
    number: lot ? lot.number : null,
    size,
    sha256,
    sealed_size,
    sealed_sha256,
    facts_sha256: digest(sealedFacts),
    sealed_facts: toBase64(sealedFacts),
    is_complete: false,
  };
  await session.change((record) => record.files.push(kept));
  return kept;
}

/* Announces the file when the server does not know it, then sends what misses. `onProgress(received, isCut)`. */
export async function send(session, file, onProgress) {
  let known = session.server.files?.find((one) => one.id === file.id);
  let tries = 0;
  while (!known?.is_complete) {
    try {
      known = known ? await sendPiece(session, file, known.received) : await announce(session, file);
      tries = 0;
    } catch (error) {
      if (isFinal(error) || (tries += 1) > TRIES) throw error;
      onProgress(known ? known.received : 0, true);
      await pause(250 * 2 ** tries);
      known = (await received(session, file)) || known;
    }
    if (known) onProgress(known.received, false);
  }
  file.is_complete = true;
  await session.change((record) => record.files.filter(({ id }) => id === file.id).forEach(completed));
  await forgetPieces(session.pieces(file.id));
}

function completed(file) {
  file.is_complete = true;
  delete file.sealed_facts;
}

const isFinal = (error) => error.status && error.status !== 409 && error.status < 500;

function announce(session, { id, number, sealed_size, sealed_facts }) {
  return call("POST", `${session.address()}files/`, { id, lot: number, sealed_size, sealed_facts });
}

async function sendPiece(session, file, offset) {
  const rank = Math.floor(offset / PIECE);
  const piece = await keptPiece(session.pieces(file.id), rank);
  if (!piece) throw Object.assign(new Error(""), { status: 410 });
  const rest = piece.slice(offset - rank * PIECE);
  return call("PUT", session.address(file.id), rest, { "Upload-Offset": String(offset) });
}

async function received(session, file) {
  const told = await call("GET", session.address()).catch(() => null);
  return told?.files.find((one) => one.id === file.id);
}

export async function remove(session, file) {
  await call("DELETE", session.address(file.id)).catch((error) => {
    if (error.status !== 404) throw error;
  });
  await session.forgetFile(file.id);
}

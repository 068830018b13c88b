/* A file sealed by pieces of whole segments, each kept as a Blob until it has gone up. */
import { digestOf } from "./digest.js";
import { frames, sealedSize } from "./seal.js";

export const PIECE_SEGMENTS = 4;

/* Seals `blob`; `keepPiece(rank, blob)` stores each piece, `onProgress(bytes)` follows. Gives {pieces, size, sha256,
   sealed_size, sealed_sha256}; size and sha256 are those of the file in clear. */
export async function sealFile(blob, key, place, keepPiece, onProgress = () => {}) {
  const pieces = [];
  let waiting = [];
  let done = 0;
  const flush = async () => {
    const piece = new Blob(waiting);
    waiting = [];
    pieces.push(piece);
    await keepPiece(pieces.length - 1, piece);
  };
  for await (const sealed of frames(blob, key, place)) {
    waiting.push(sealed);
    onProgress((done += sealed.length));
    if (waiting.length === PIECE_SEGMENTS) await flush();
  }
  if (waiting.length) await flush();
  return {
    pieces: pieces.length,
    size: blob.size,
    sha256: await digestOf(blob),
    sealed_size: sealedSize(blob.size),
    sealed_sha256: await digestOf(new Blob(pieces)),
  };
}

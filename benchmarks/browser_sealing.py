"""How fast an answer is sealed on the bidder's device (Chromium, the committed bundle), beside the server's own seal.

Run: `.venv/bin/python -m benchmarks.browser_sealing [MEBIBYTES]`. Both seal the same number of bytes, segment by
segment, and digest plaintext and ciphertext; the best of three rounds counts, alternated so that a busy machine slows
both.
"""

import sys
import time

from tests.tenders import sealing_reference as reference
from tests.tenders.browser_sealing import sealing_page

MEBIBYTE = 1024 * 1024
ROUNDS = 3
PLACE = {"purpose": "file", "tender": "1", "round": "2", "bidder": "3", "bid": "b", "part": "p"}
SCRIPT = """async ([mebibytes, key, place]) => {
  const {bytes, seal, sealfile} = JalonSealing;
  const blob = new Blob(Array(mebibytes).fill(new Uint8Array(1048576).fill(7)));
  const start = performance.now();
  await sealfile.sealFile(blob, await seal.publicKey(bytes.fromHex(key)), place, () => {});
  return (performance.now() - start) / 1000;
}"""


def on_server(mebibytes: int, public_key: bytes) -> float:
    """Seconds that the same work takes in Python, with OpenSSL under it."""
    plain, sealed, segment = reference.hashlib.sha256(), reference.hashlib.sha256(), b"\x07" * MEBIBYTE
    start = time.perf_counter()
    for _rank in range(mebibytes):
        plain.update(segment)
        sealed.update(reference.seal([segment], public_key, PLACE))
    return time.perf_counter() - start


def main(mebibytes: int) -> None:
    """Print both rates."""
    public = reference.public_of(bytes(range(32)))
    with sealing_page() as page:
        times = [
            (
                page.evaluate(SCRIPT, [mebibytes, public, PLACE]),
                on_server(mebibytes, bytes.fromhex(public)),
            )
            for _round in range(ROUNDS)
        ]
    device, server = (mebibytes / min(found) for found in zip(*times, strict=True))
    print(f"{mebibytes} MiB, best of {ROUNDS}: device {device:.0f} MiB/s, server {server:.0f} MiB/s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 64)

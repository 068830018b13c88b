#!/usr/bin/env python3
"""Check an export of Jalon's journal without Jalon: one file, the standard library only.

    python verifier.py journal.jsonl [--head INDEX:HASH]

Each line of the export is `{"line": …, "leaf_hash": …, "chain_hash": …}`; `line` is the text PostgreSQL hashed:
leaf = SHA-256(0x00 ‖ line), chain = SHA-256(previous chain ‖ leaf), the first previous chain being 32 zero bytes.
`--head` is a place and a hash noted earlier elsewhere (a receipt, a witness): without it nobody can tell a journal
that was cut or rewritten to its end from a shorter one.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator

START = bytes(32)


def findings(export: Iterable[str], head: tuple[int, str] | None = None) -> Iterator[str]:
    """Each thing that is wrong in `export`, in words; nothing when the chain holds up to `head`."""
    chain, index, met = START, -1, head is None
    for number, text in enumerate(export, start=1):
        index += 1
        try:
            link = json.loads(text)
            line, leaf_hash, chain_hash = link["line"], link["leaf_hash"], link["chain_hash"]
            place = json.loads(line)["index"]
        except (ValueError, KeyError, TypeError):
            yield f"line {number}: not a link of the journal"
            return
        leaf = hashlib.sha256(b"\x00" + line.encode()).digest()
        chain = hashlib.sha256(chain + leaf).digest()
        if place != index:
            yield f"line {number}: entry {place} stands where entry {index} should"
        if leaf.hex() != leaf_hash:
            yield f"line {number}: entry {place} is not what was hashed"
        if chain.hex() != chain_hash:
            yield f"line {number}: entry {place} does not follow the entry before"
            return
        if head and index == head[0]:
            met = chain.hex() == head[1]
    if not met:
        yield "the journal does not contain the head noted earlier: it was cut or rewritten"


def main(arguments: list[str] | None = None) -> int:
    """Print what is wrong and return 1, or print the head and return 0."""
    parser = argparse.ArgumentParser(description="Check an export of Jalon's journal.")
    parser.add_argument("export", help="file made by `manage.py journal_export`")
    parser.add_argument("--head", help="INDEX:HASH noted earlier", default="")
    options = parser.parse_args(arguments)
    index, _, known = options.head.partition(":")
    with open(options.export, encoding="utf-8") as export:  # noqa: PTH123 (no dependency, plain reading)
        lines = export.readlines()
    wrong = list(findings(lines, (int(index), known) if known else None))
    for finding in wrong:
        sys.stderr.write(finding + "\n")
    if not wrong:
        last = json.loads(lines[-1])["chain_hash"] if lines else START.hex()
        sys.stdout.write(f"{len(lines)} entries hold, head {len(lines) - 1}:{last}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

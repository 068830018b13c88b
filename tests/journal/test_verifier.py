"""G1, G4: a thousand different changes of an exported journal, and the stand-alone verifier finds each of them."""

import json
import random
import re
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from foundation.clock import now
from foundation.journal import selectors, verifier
from foundation.journal.services import checkpoint_make, record
from tests.accounts.factories import make_buyer_org, make_member

pytestmark = pytest.mark.django_db(transaction=True)

ENTRIES = 60


@pytest.fixture
def export() -> list[str]:
    organisation = make_buyer_org()
    user = make_member(organisation, "buyer")
    for number in range(ENTRIES):
        record(by=user, action="accounts.add_membership", obj=user, at=now(), reason=f"motif {number}")
    return list(selectors.export())


def change_a_character(lines: list[str], rng: random.Random) -> None:
    at = rng.randrange(len(lines))
    link = json.loads(lines[at])
    place = rng.randrange(len(link["line"]))
    old = link["line"][place]
    link["line"] = (
        link["line"][:place] + rng.choice([c for c in "0a{é" if c != old]) + link["line"][place + 1 :]
    )
    lines[at] = json.dumps(link)


def change_a_character_and_hash_it(lines: list[str], rng: random.Random) -> None:
    at = rng.randrange(len(lines))
    link = json.loads(lines[at])
    link["line"] = link["line"].replace("motif", f"prétexte{rng.randrange(99)}")
    link["leaf_hash"] = verifier.hashlib.sha256(b"\x00" + link["line"].encode()).hexdigest()
    lines[at] = json.dumps(link)


def delete_a_line(lines: list[str], rng: random.Random) -> None:
    del lines[rng.randrange(len(lines))]


def swap_two_lines(lines: list[str], rng: random.Random) -> None:
    one, other = rng.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]


def cut_the_end(lines: list[str], rng: random.Random) -> None:
    del lines[rng.randrange(len(lines)) :]


def rewrite_to_the_end(lines: list[str], rng: random.Random) -> None:
    """The strongest forger: changes an entry and computes every later hash again."""
    start = rng.randrange(len(lines))
    chain = bytes.fromhex(json.loads(lines[start - 1])["chain_hash"]) if start else verifier.START
    for at in range(start, len(lines)):
        link = json.loads(lines[at])
        if at == start:
            link["line"] = link["line"].replace("motif", f"prétexte{rng.randrange(99)}")
        leaf = verifier.hashlib.sha256(b"\x00" + link["line"].encode()).digest()
        chain = verifier.hashlib.sha256(chain + leaf).digest()
        lines[at] = json.dumps({"line": link["line"], "leaf_hash": leaf.hex(), "chain_hash": chain.hex()})


def fork_behind_the_checkpoint(lines: list[str], rng: random.Random) -> None:
    """Another journal of the same length from some line on: what a platform with two faces would show."""
    start = rng.randrange(len(lines))
    rewrite_to_the_end(lines, random.Random(start))  # noqa: S311


def repeat_a_line(lines: list[str], rng: random.Random) -> None:
    at = rng.randrange(len(lines))
    lines.insert(at, lines[at])


CHANGES: list[Callable] = [
    change_a_character,
    change_a_character_and_hash_it,
    delete_a_line,
    swap_two_lines,
    cut_the_end,
    rewrite_to_the_end,
    fork_behind_the_checkpoint,
    repeat_a_line,
]


def signed(export: list[str]) -> list[tuple[int, bytes]]:
    """What a witness kept: the checkpoint made when the export was."""
    checkpoint = checkpoint_make(at=now())
    assert checkpoint.size == len(export)
    read = verifier.Checkpoint.read(checkpoint.note, [verifier.Key.read(checkpoint.verifier_key)])
    return [(read.size, read.root)]


def test_an_untouched_export_holds(export: list[str]) -> None:
    assert list(verifier.findings(export, selectors.head(), signed(export))) == []


@pytest.mark.parametrize("kept", ["head", "checkpoint"])
def test_a_thousand_changes_are_a_thousand_findings(export: list[str], kept: str) -> None:
    """Q9. What was kept elsewhere is the head of the chain, or the signed checkpoint: each is enough."""
    rng = random.Random(20261121)  # noqa: S311 (a seed, to replay a failure)
    head, checkpoints = (selectors.head(), []) if kept == "head" else (None, signed(export))
    missed = []
    for number in range(1000):
        lines = list(export)
        change = CHANGES[number % len(CHANGES)]
        change(lines, rng)
        if not list(verifier.findings(lines, head, checkpoints)):
            missed.append(change.__name__)
    assert missed == []


def test_without_anything_kept_a_cut_is_not_seen(export: list[str]) -> None:
    """Negative control: a shorter journal is a good journal for who never saw the longer one."""
    assert list(verifier.findings(export[:-1])) == []


def alone(*arguments: str | Path) -> subprocess.CompletedProcess:
    """The verifier by itself: no Django, no platform, no module of ours."""
    command = [sys.executable, "-I", verifier.__file__, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


def test_the_verifier_runs_alone_on_what_a_witness_received(export: list[str], tmp_path: Path) -> None:
    """G4: the folder written for a witness, nothing else."""
    signed(export)
    call_command("journal_checkpoint", stdout=StringIO())
    call_command("journal_export", to=str(tmp_path / "witness"), stdout=StringIO())
    folder = tmp_path / "witness"
    key = (folder / "keys.txt").read_text().strip()
    arguments = ("journal", folder / "journal.jsonl", "--checkpoint", folder / "checkpoint.txt", "--key", key)
    good = alone(*arguments)
    assert (good.returncode, good.stdout.splitlines()[0]) == (0, "TOUT TIENT"), good.stderr
    text = (folder / "journal.jsonl").read_text("utf-8")
    (folder / "journal.jsonl").write_text("".join(text.splitlines(keepends=True)[:-1]), "utf-8")
    bad = alone(*arguments)
    assert bad.returncode == 1
    assert "coupé" in bad.stderr


def test_the_verifier_needs_only_cryptography() -> None:
    imported = {
        name.split(".")[0]
        for line in Path(verifier.__file__).read_text("utf-8").splitlines()
        if (match := re.match(r"\s*(?:from|import) ([\w.]+)", line))
        for name in [match.group(1)]
    }
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}

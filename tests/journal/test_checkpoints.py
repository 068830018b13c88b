"""Signed checkpoints, time stamps, receipts: G2, G3, G4, S8 (the receipt's half)."""

import base64
import json
import subprocess
import sys
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from foundation.clock import now
from foundation.journal import authority, development_authority, keys, selectors, services, tasks, verifier
from foundation.journal.authority import AuthorityAway
from foundation.journal.models import Checkpoint, Link, Node, TimeStamp
from foundation.journal.services import checkpoint_make, record, timestamp_make
from tests.accounts.factories import make_buyer_org, make_member
from tests.owner import as_owner, behind_the_triggers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def write():
    organisation = make_buyer_org()
    user = make_member(organisation, "buyer")

    def append(count: int = 1):
        return [
            record(by=user, action="accounts.add_membership", obj=user, at=now(), reason=f"motif {number}")
            for number in range(count)
        ]

    return append


@pytest.fixture
def rewrite():
    """What the owner of the tables can do, and nobody else."""

    def execute(sql: str, params=()):
        with behind_the_triggers(), connection.cursor() as cursor:
            cursor.execute(sql, params)

    return execute


def read(checkpoint: Checkpoint) -> verifier.Checkpoint:
    return verifier.Checkpoint.read(checkpoint.note, [verifier.Key.read(checkpoint.verifier_key)])


def alone(*arguments) -> subprocess.CompletedProcess:
    command = [sys.executable, "-I", verifier.__file__, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


def test_a_checkpoint_says_and_signs_the_root_of_all_lines(write) -> None:
    write(7)
    checkpoint = checkpoint_make(at=now())
    tree = verifier.Tree()
    for line in selectors.lines_from(0):
        tree.append(verifier.leaf_hash(line.encode()))
    assert (checkpoint.size, checkpoint.root) == (7, tree.root().hex())
    assert (read(checkpoint).size, read(checkpoint).root) == (7, tree.root())
    assert selectors.root() == (7, tree.root().hex())
    assert "developpement" in checkpoint.note, "a key drawn for development says so"


def test_a_checkpoint_grows_from_the_one_before_and_is_not_made_twice(write) -> None:
    write(5)
    first = checkpoint_make(at=now())
    assert checkpoint_make(at=now()) == first
    write(6)
    second = checkpoint_make(at=now())
    assert (first.size, second.size) == (5, 11)
    assert Node.objects.count() == 11 - bin(11).count("1"), "one node for each complete subtree"
    verifier.check_consistency(5, 11, (read(first).root, read(second).root), selectors.consistency(5, 11))


def test_an_empty_journal_is_not_signed() -> None:
    assert checkpoint_make(at=now()) is None
    assert selectors.root() == (0, verifier.EMPTY_ROOT.hex())


def test_proofs_read_few_rows(write, django_assert_num_queries) -> None:
    write(20)
    checkpoint_make(at=now())
    with django_assert_num_queries(2):
        selectors.inclusion(7, 20)
    with django_assert_num_queries(2):
        selectors.consistency(7, 20)


@pytest.mark.parametrize(
    "table", ["journal_node", "journal_checkpoint", "journal_timestamp", "journal_signingkey"]
)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = 0", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_postgresql_refuses_to_change_what_was_signed(write, table: str, statement: str) -> None:
    write(2)
    checkpoint_make(at=now())
    timestamp_make()
    sql = statement.format(table).replace("id = 0", "level = 0" if table == "journal_node" else "id = 0")
    with as_owner(), pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_platform_does_not_sign_a_rewritten_past(write, rewrite) -> None:
    write(4)
    checkpoint_make(at=now())
    line = "replace(line, 'motif', 'prétexte')"
    rewrite(
        f"UPDATE journal_link SET line = {line}, leaf_hash = "  # noqa: S608
        f"encode(sha256('\\x00'::bytea || convert_to({line}, 'UTF8')), 'hex') WHERE index = 3"
    )
    write()
    checkpoint_make(at=now())
    with pytest.raises(CommandError, match=r"réécrit|ne suit pas"):
        call_command("journal_verify")
    rewrite("UPDATE journal_node SET hash = %s WHERE level = 2", [bytes(32)])
    with pytest.raises(services.Forked):
        checkpoint_make(at=now())


def test_the_platform_does_not_sign_a_shortened_journal(write, rewrite) -> None:
    write(4)
    checkpoint_make(at=now())
    rewrite("DELETE FROM journal_link WHERE index = 3")
    with pytest.raises(services.Forked):
        checkpoint_make(at=now())


def test_a_witness_sees_two_faces(write, rewrite, tmp_path: Path) -> None:
    """G3: the platform shows a forged journal to somebody; whoever kept an earlier checkpoint sees it."""
    write(6)
    kept = checkpoint_make(at=now())
    (tmp_path / "kept.txt").write_text(kept.note, "utf-8")
    tree = verifier.Tree()
    for number in range(9):
        tree.append(verifier.leaf_hash(f"autre ligne {number}".encode()))
    key = keys.signing_key()
    root = base64.b64encode(tree.root()).decode()
    (tmp_path / "shown.txt").write_text(key.sign(f"{key.public.name}\n9\n{root}\n"), "utf-8")
    (tmp_path / "proof.json").write_text(
        json.dumps({"first": 6, "second": 9, "consistency": ["00" * 32] * 4})
    )
    arguments = ("growth", tmp_path / "kept.txt", tmp_path / "shown.txt", "--key", kept.verifier_key)
    shown = alone(*arguments, "--proof", tmp_path / "proof.json")
    assert (shown.returncode, "deux visages" in shown.stderr) == (1, True)


def test_the_growth_between_two_checkpoints_is_verified_alone(write, tmp_path: Path) -> None:
    """G2."""
    write(6)
    old = checkpoint_make(at=now())
    write(7)
    new = checkpoint_make(at=now())
    (tmp_path / "old.txt").write_text(old.note, "utf-8")
    (tmp_path / "new.txt").write_text(new.note, "utf-8")
    (tmp_path / "proof.json").write_text(json.dumps(selectors.consistency_answer(6, 13)))
    arguments = ("growth", tmp_path / "old.txt", tmp_path / "new.txt", "--proof", tmp_path / "proof.json")
    good = alone(*arguments, "--key", old.verifier_key)
    assert (good.returncode, "de 6 à 13 lignes" in good.stdout) == (0, True), good.stderr
    other = keys._key(keys.new_seed(), old.verifier_key.split("+")[0])
    assert alone(*arguments, "--key", other.public).returncode == 1, "another key did not sign"


def test_a_receipt_is_verified_alone(write, tmp_path: Path) -> None:
    """G4, S8: line, inclusion, signature, time stamp, without the platform; each of them changed is refused."""
    entry = write(5)[2]
    checkpoint_make(at=now())
    timestamp_make()
    receipt = services.receipt(entry)
    (tmp_path / "authority.pem").write_bytes(authority.certificates())
    path = tmp_path / "receipt.json"
    arguments = ("receipt", path, "--key", receipt["verifier_key"], "--authority", tmp_path / "authority.pem")
    path.write_text(json.dumps(receipt), "utf-8")
    good = alone(*arguments)
    assert good.returncode == 0, good.stderr
    assert "ligne 2 : inscrite" in good.stdout
    assert "non qualifié" in good.stdout
    assert "autorité vérifiée" in good.stdout
    for change in RECEIPT_CHANGES:
        forged = json.loads(json.dumps(receipt))
        change(forged)
        path.write_text(json.dumps(forged), "utf-8")
        assert alone(*arguments).returncode == 1, change.__name__


def _line(receipt) -> None:
    receipt["entries"][0]["line"] = receipt["entries"][0]["line"].replace("motif", "prétexte")


def _place(receipt) -> None:
    receipt["entries"][0]["index"] = 3


def _path(receipt) -> None:
    receipt["entries"][0]["inclusion"][0] = "00" * 32


def _note(receipt) -> None:
    receipt["checkpoint"] = receipt["checkpoint"].replace("\n5\n", "\n6\n")


def _token(receipt) -> None:
    token = bytearray(base64.b64decode(receipt["timestamps"][0]["token"]))
    token[-1] ^= 1
    receipt["timestamps"][0]["token"] = base64.b64encode(bytes(token)).decode()


RECEIPT_CHANGES = [_line, _place, _path, _note, _token]


def test_every_byte_of_a_token_counts(write) -> None:
    """A token with any byte changed is refused, or says the very same thing (an unsigned byte of the envelope)."""
    write(1)
    note = checkpoint_make(at=now()).note.encode()
    token = authority.stamp(note).token
    trusted = authority.certificates()
    said = verifier.check_stamp(token, note, trusted)
    accepted = 0
    for at in range(len(token)):
        changed = bytearray(token)
        changed[at] ^= 0x01
        try:
            assert verifier.check_stamp(bytes(changed), note, trusted) == said
            accepted += 1
        except verifier.Broken:
            continue
    assert accepted < len(token) / 20


def test_a_token_of_another_authority_is_not_trusted(write, settings, tmp_path: Path) -> None:
    write(1)
    note = checkpoint_make(at=now()).note.encode()
    token = authority.stamp(note).token
    settings.JOURNAL_DEVELOPMENT_DIR = tmp_path
    with pytest.raises(verifier.Broken, match="autorité"):
        verifier.check_stamp(token, note, authority.certificates())
    with pytest.raises(verifier.Broken, match="autre texte"):
        verifier.check_stamp(token, note + b" ")


def test_a_receipt_waits_for_a_checkpoint_and_asks_for_it(
    write,
) -> None:  # tasks run where they are called: the signer answers at once
    (entry,) = write()
    assert services.receipt(entry)["entries"][0]["index"] == 0


def test_a_receipt_prefers_the_first_stamped_checkpoint(write) -> None:
    (entry,) = write()
    checkpoint_make(at=now())
    write()
    stamped = checkpoint_make(at=now())
    timestamp_make()
    write()
    checkpoint_make(at=now())
    assert services.receipt(entry)["checkpoint"] == stamped.note


def test_time_stamps_of_development_say_they_are_not_qualified(write, settings) -> None:
    settings.TSA_QUALIFIED = True
    write()
    checkpoint_make(at=now())
    stamp = timestamp_make()
    assert (stamp.is_development, stamp.is_qualified) == (True, False)
    assert "non qualifié" in stamp.authority
    with pytest.raises(DatabaseError):
        TimeStamp.objects.create(
            checkpoint=stamp.checkpoint,
            token=b"-",
            stamped_at=now(),
            authority="-",
            is_qualified=True,
            is_development=True,
        )


def test_an_authority_that_is_away_is_asked_again(write, settings) -> None:
    """Nothing is blocked, nothing is stored, the next sweep gets the stamp."""
    write()
    tasks.make_checkpoint()
    settings.TSA_URL = "http://127.0.0.1:9/"
    settings.TSA_CA_FILE = "/nonexistent"
    tasks.stamp_checkpoint()
    assert not TimeStamp.objects.exists()
    settings.TSA_URL = ""
    tasks.stamp_checkpoint()
    assert TimeStamp.objects.count() == 1
    tasks.stamp_checkpoint()
    assert TimeStamp.objects.count() == 1


class Authority(BaseHTTPRequestHandler):
    """A real authority over HTTP, and ways to be a bad one."""

    ways = {
        "good": development_authority.answer,
        "replay": lambda request: development_authority.answer(Authority.first or request),
        "nonsense": lambda request: b"<html>Service en maintenance</html>",
        "empty": lambda request: b"",
    }
    way, first = "good", b""

    def do_POST(self) -> None:
        request = self.rfile.read(int(self.headers["Content-Length"]))
        Authority.first = Authority.first or request
        answer = self.ways[self.way](request)
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args) -> None:
        """Say nothing."""


@pytest.fixture
def authority_over_http(settings, tmp_path: Path):
    settings.TSA_CA_FILE = str(tmp_path / "authority.pem")
    (tmp_path / "authority.pem").write_bytes(development_authority.certificates())
    server = HTTPServer(("127.0.0.1", 0), Authority)
    settings.TSA_URL = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Authority.way, Authority.first = "good", b""
    yield Authority
    server.shutdown()
    server.server_close()


def test_a_configured_authority_stamps_over_http(write, authority_over_http) -> None:
    write()
    checkpoint_make(at=now())
    stamp = timestamp_make()
    assert (stamp.is_development, stamp.is_qualified) == (False, False)


@pytest.mark.parametrize("way", ["replay", "nonsense", "empty"])
def test_a_token_is_verified_before_it_is_stored(write, authority_over_http, way: str) -> None:
    write()
    checkpoint_make(at=now())
    authority.stamp(b"un autre texte")
    authority_over_http.way = way
    with pytest.raises(AuthorityAway):
        timestamp_make()
    assert not TimeStamp.objects.exists()


def test_a_new_key_signs_the_last_size_again(write, settings) -> None:
    """Rotation: the same root under both keys ties the old chain of trust to the new one."""
    write(3)
    old = checkpoint_make(at=now())
    settings.JOURNAL_SIGNING_KEY = keys.new_seed()
    new = checkpoint_make(at=now())
    assert (new.size, new.root) == (old.size, old.root)
    assert new.verifier_key != old.verifier_key
    assert not new.is_development
    assert {key.verifier_key for key in selectors.signing_keys()} == {old.verifier_key, new.verifier_key}
    call_command("journal_verify")


def test_without_a_key_nothing_is_signed_and_lines_are_written(write, settings) -> None:
    settings.JOURNAL_DEVELOPMENT = False
    write(2)
    assert checkpoint_make(at=now()) is None
    assert Link.objects.count() == 2
    with pytest.raises(CommandError, match="JOURNAL_SIGNING_KEY"):
        call_command("journal_checkpoint")


def test_lines_written_before_lines_had_salt_still_hold(write) -> None:
    """The form of a line may change, those already written keep their bytes."""
    write(2)
    salt = """|| '","salt":"' || replace(gen_random_uuid()::text, '-', '') || '"}'"""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('journal_chain'::regproc)")
        function = cursor.fetchone()[0]
        assert salt in function
        cursor.execute(function.replace(salt, """|| '"}'"""))
        try:
            write(1)
        finally:
            cursor.execute(function)
    write(1)
    checkpoint_make(at=now())
    assert ["salt" in line for line in selectors.lines_from(0)] == [True, True, False, True]
    call_command("journal_verify")


@pytest.mark.parametrize(
    "change",
    [
        lambda key: replace(key, public=bytes(32)),
        lambda key: replace(key, name="autre"),
        lambda key: replace(key, key_hash=bytes(4)),
    ],
)
def test_a_published_key_that_was_changed_is_not_read(change) -> None:
    with pytest.raises(verifier.Broken):
        verifier.Key.read(str(change(keys.signing_key().public)))

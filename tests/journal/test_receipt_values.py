"""Every value of a real receipt, altered in turn, is refused by the stand-alone verifier, which repeats nothing that it
did not check.
"""

import copy
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from asn1crypto import core, x509

from foundation.clock import now
from foundation.journal import authority, verifier
from foundation.journal.services import checkpoint_make, timestamp_make
from tenders import services
from tests.tenders.factories import make_bid, make_published

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a bidder keeps: the receipt, the sealed pieces, the certificates of the authority."""
    bid = make_bid(make_published())
    checkpoint_make(at=now())
    timestamp_make()
    (tmp_path / "receipt.json").write_text(json.dumps(services.bid_receipt(bid=bid)), "utf-8")
    (tmp_path / "authority.pem").write_bytes(authority.certificates())
    (tmp_path / "pieces").mkdir()
    for part in bid.parts.all():
        content = part.file.read() if part.file else bytes(part.sealed_data)
        (tmp_path / "pieces" / str(part.pk)).write_bytes(content)
    return tmp_path


@pytest.fixture
def verify(folder: Path, capsys):
    """Run the command on a receipt: its result, and what it said."""
    key = json.loads((folder / "receipt.json").read_text())["journal"]["verifier_key"]

    def run(
        receipt: dict | str | None = None, *, authority: bool = True, kind: str = "deposit"
    ) -> tuple[int, str]:
        path = folder / ("receipt.json" if receipt is None else "altered.json")
        if receipt is not None:
            path.write_text(receipt if isinstance(receipt, str) else json.dumps(receipt), "utf-8")
        arguments = [kind, str(path), "--key", key]
        arguments += ["--authority", str(folder / "authority.pem")] if authority else []
        arguments += ["--pieces", str(folder / "pieces")] if kind == "deposit" else []
        result = verifier.main(arguments)
        said = capsys.readouterr()
        return result, said.out + said.err

    return run


def places(node, path: tuple = ()) -> Iterator[tuple]:
    """Where each value stands."""
    if isinstance(node, dict | list):
        for key, below in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(below, (*path, key))
    else:
        yield path


def at(node, path: tuple):
    """What stands at `path`."""
    for key in path:
        node = node[key]
    return node


def others(value) -> list:
    """Other values in the place of one: near, far, of another kind."""
    if isinstance(value, bool):
        return [not value, int(value), None]
    if isinstance(value, int):
        return [value + 1, -value - 1, str(value), float(value), True]
    if isinstance(value, str) and len(value) > 1:
        last, first = "1" if value[-1] == "0" else "0", "0" if value[0] == "1" else "1"
        return [value[:-1] + last, first + value[1:], value + "0", f" {value}", "", None, [value], 0]
    if isinstance(value, str):
        return [value + "0", f" {value}", None, 0]
    return ["", 0, False]


def altered(receipt: dict) -> Iterator[tuple[str, dict]]:
    """Each value replaced, each field taken away, a field added in each place."""
    for path in places(receipt):
        for other in others(at(receipt, path)):
            changed = copy.deepcopy(receipt)
            at(changed, path[:-1])[path[-1]] = other
            yield f"{path} = {other!r}", changed
        changed = copy.deepcopy(receipt)
        del at(changed, path[:-1])[path[-1]]
        yield f"without {path}", changed
    for above in {path[:end] for path in places(receipt) for end in range(len(path))}:
        if isinstance(at(receipt, above), dict):
            changed = copy.deepcopy(receipt)
            at(changed, above)["qualified"] = True
            yield f"{above} with one more field", changed


def test_every_value_of_a_deposit_receipt_counts(folder, verify) -> None:
    receipt = json.loads((folder / "receipt.json").read_text())
    result, said = verify()
    assert (result, said.splitlines()[0]) == (0, "TOUT TIENT"), said
    assert len(list(places(receipt))) > 30
    tried, accepted = 0, []
    for name, changed in altered(receipt):
        tried += 1
        result, said = verify(changed)
        if result != 1 or not said.startswith("FAUX : ") or "TOUT TIENT" in said:
            accepted.append(name)
    assert accepted == [] and tried > 300
    assert verify(copy.deepcopy(receipt))[0] == 0, "an untouched copy holds"


def test_every_value_of_a_receipt_of_the_journal_counts(folder, verify) -> None:
    receipt = json.loads((folder / "receipt.json").read_text())["journal"]
    assert verify(copy.deepcopy(receipt), kind="receipt")[0] == 0
    accepted = [name for name, changed in altered(receipt) if verify(changed, kind="receipt")[0] != 1]
    assert accepted == []


def test_nothing_is_repeated_of_a_stamp_whose_authority_is_not_known(verify) -> None:
    told, blind = verify(), verify(authority=False)
    assert "horodaté le" in told[1] and "autorité vérifiée" in told[1] and "développement" in told[1]
    assert blind[0] == 0 and "donnez --authority" in blind[1]
    assert "horodaté le" not in blind[1] and "développement" not in blind[1]


class Statement(core.Sequence):
    _fields: ClassVar = [("id", core.ObjectIdentifier)]


class Statements(core.SequenceOf):
    _child_spec = Statement


@pytest.mark.parametrize(("oid", "claims"), [("0.4.0.19422.1.1", True), ("0.4.0.1862.1.4", False)])
def test_a_token_calls_itself_qualified_by_the_statement_of_etsi(oid: str, claims: bool) -> None:
    """EN 319 422, 9.1, as another library writes it; the extensions of a token are tagged [1]."""
    value = core.ParsableOctetString(Statements([{"id": oid}]).dump())
    other = {"extn_id": "2.5.29.14", "extn_value": core.ParsableOctetString(b"\x04\x01\x00")}
    written = x509.Extensions([other, {"extn_id": "1.3.6.1.5.5.7.1.3", "extn_value": value}]).dump()
    (extensions,) = verifier.Item.all(b"\xa1" + written[1:])
    assert verifier._claims_qualified(extensions) is claims


def test_what_is_missing_or_unreadable_is_said_in_french(folder, verify) -> None:
    assert "ce n'est pas du JSON" in verify("{")[1]
    assert "ce n'est pas un accusé" in verify("[]")[1]
    twice = (folder / "receipt.json").read_text().replace('"format"', '"format": "", "format"', 1)
    assert "deux fois" in verify(twice)[1]
    piece = next((folder / "pieces").iterdir())
    for harm, words in (
        (lambda: piece.rename(folder / "ailleurs"), f"la pièce {piece.name} n'est pas dans le dossier"),
        (lambda: shutil.rmtree(folder / "pieces"), "n'est pas un dossier"),
        (lambda: (folder / "authority.pem").write_text("-"), "ce ne sont pas des certificats"),
        ((folder / "authority.pem").unlink, "ce fichier n’existe pas"),
    ):
        harm()
        result, said = verify()
        assert result == 1 and said.startswith("FAUX : ") and words in said and "Errno" not in said, said


def test_a_file_that_the_receipt_does_not_know_is_told(folder, verify) -> None:
    (folder / "pieces" / "facture.pdf").write_bytes(b"%PDF")
    result, said = verify()
    assert result == 0 and "ne connaît pas et rien ne prouve : facture.pdf" in said

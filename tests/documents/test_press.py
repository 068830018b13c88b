"""The press in its own process: a poisoned document fails alone, within its time and its memory (F5, U4)."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from foundation.documents import printing, services
from foundation.documents.press.operator import Press
from foundation.isolation.pool import KEPT, JobError
from tests.accounts.factories import make_buyer_org
from tests.documents.factories import make_document

PLAIN = "<p>Bonjour</p>"
NESTED = "<div style='display: flex'>" * 24 + "x" + "</div>" * 24
"""Each level is laid out several times over by the one above: the time doubles with the depth."""
LOTS = "<table>" + "<tr><td>une cellule</td></tr>" * 400_000 + "</table>"


def page(body: str) -> dict:
    return {
        "form": "pdf",
        "html": f'<html lang="fr"><head><title>Essai</title></head><body>{body}</body></html>',
        "identifier": "00" * 16,
        "created_at": "2026-03-03T08:41:00+00:00",
        "folder": str(printing.folder()),
        "files": {},
        "archive": False,
        "source": "",
    }


@pytest.fixture
def press():
    press = Press(seconds=4, megabytes=700, folder=str(printing.folder()))
    yield press
    press.pool.close()


def test_one_press_makes_many_documents(press):
    first = press.print([page(PLAIN)])
    child = press.pool.server_pid
    assert press.print([page(PLAIN)]) == first
    assert first[0].content.startswith(b"%PDF-")
    assert press.pool.server_pid == child


@pytest.mark.parametrize(
    ("poison", "names"),
    [(NESTED, {"TimeLimit"}), (LOTS, {"MemoryError", "Crash", "TimeLimit"})],
    ids=["endless", "huge"],
)
def test_a_poisoned_document_fails_and_the_next_one_is_made(press, poison, names):
    with pytest.raises(JobError) as failed:
        press.print([page(poison)])
    assert failed.value.name in names
    assert press.print([page(PLAIN)])[0].pages == 1


def test_memory_is_bounded_by_the_kernel(press):
    press.print([page(PLAIN)])
    limits = Path(f"/proc/{press.pool.server_pid}/limits").read_text()
    (line,) = [line for line in limits.splitlines() if line.startswith("Max address space")]
    assert str(700 * 1024 * 1024) in line
    patient = Press(seconds=60, megabytes=700, folder=str(printing.folder()))
    with pytest.raises(JobError) as failed:  # forty million letters need more than that once laid out
        patient.print([page("é" * 40_000_000)])
    patient.pool.close()
    assert failed.value.name in {"MemoryError", "Crash"}


def test_a_refused_page_leaves_the_press_in_place(press):
    press.print([page(PLAIN)])
    child = press.pool.server_pid
    with pytest.raises(JobError) as failed:
        press.print([page('<img src="http://127.0.0.1:9/x.png" alt="">')])
    assert failed.value.name == "ForeignAddressError"
    assert "127.0.0.1" not in str(failed.value), "the error quotes nothing of the document"
    press.print([page(PLAIN)])
    assert press.pool.server_pid == child


def test_a_press_killed_between_two_documents_is_replaced(press):
    press.print([page(PLAIN)])
    os.kill(press.pool.server_pid, signal.SIGKILL)
    os.waitid(os.P_PID, press.pool.server_pid, os.WEXITED | os.WNOWAIT)
    assert press.print([page(PLAIN)])[0].pages == 1


def test_the_child_inherits_no_secret(press, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "un secret")
    press.print([page(PLAIN)])
    inherited = Path(f"/proc/{press.pool.server_pid}/environ").read_bytes().split(b"\0")
    assert {item.partition(b"=")[0].decode() for item in inherited if item} <= {*KEPT, "LC_CTYPE"}


@pytest.mark.django_db
def test_the_row_of_a_poisoned_document_says_so_and_the_next_is_ready(at, monkeypatch, press):
    monkeypatch.setattr(printing, "press", lambda: press)
    about = make_buyer_org()
    poisoned = make_document(about=about, at=at, title="Empoisonné")
    sound = make_document(about=about, at=at)
    orders = printing.orders_of

    def poison(document):
        found = orders(document)
        if document.pk == poisoned.pk:
            found[0]["html"] = page(NESTED)["html"]
        return found

    monkeypatch.setattr(printing, "orders_of", poison)
    failed = services.document_render(document_id=poisoned.pk, at=at)
    made = services.document_render(document_id=sound.pk, at=at)
    assert (failed.state, failed.last_error) == ("pending", "TimeLimit")
    assert made.state == "ready"
    failed = services.document_render(document_id=poisoned.pk, at=failed.next_try_at)
    assert failed.state == "failed", "a second time is enough to know"


ORPHAN = """
import json, sys
from foundation.documents.press.operator import Press
plain, endless = json.load(sys.stdin)
press = Press(seconds=3, megabytes=700, folder=plain["folder"])
press.print([plain])
print(press.pool.server_pid, flush=True)
press.print([endless])
"""


def test_a_press_whose_worker_was_killed_ends_by_itself():
    """F5: kill -9 of the worker in the middle of a page leaves no process that prints for nobody."""
    worker = subprocess.Popen(
        [sys.executable, "-c", ORPHAN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    json.dump([page(PLAIN), page(NESTED)], worker.stdin)
    worker.stdin.close()
    child = Path(f"/proc/{worker.stdout.readline().strip()}")
    time.sleep(0.2)
    worker.kill()
    worker.wait()
    worker.stdout.close()
    until = time.monotonic() + 30
    while time.monotonic() < until and is_running(child):
        time.sleep(0.2)
    assert not is_running(child)


def is_running(process: Path) -> bool:
    """Whether it lives; one that nobody has buried yet (a zombie) does not."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False

"""F4 of the trust file: kill -9 between the file on disk and the commit. A file too many, never a row without its file.

F5 (a worker killed while it lays out) is in tests/documents/test_concurrency.py; F2 and F6 (the queue lost, the mail
server away for a day) are in tests/notifications/test_broker.py and test_outbox.py.
"""

import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

from foundation.documents import selectors as documents
from foundation.documents import services
from foundation.documents.models import Document
from foundation.journal.models import Entry
from foundation.notifications.models import Notification, OutboxEmail
from procurement.operations.backups import named_files, stored_names
from tenders.models import Bid
from tests.tenders.conftest import _quick_passphrases
from tests.tenders.factories import make_bid, make_published, make_supplier, open_bids

__all__ = ["_quick_passphrases"]
pytestmark = pytest.mark.django_db(transaction=True)

ELSEWHERE = """
import os, signal, sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.STORAGES["default"]["OPTIONS"]["location"] = sys.argv[2]
django.setup()

def dies(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)
"""
DEPOSIT = (
    ELSEWHERE
    + """
from tenders.models import Tender
from foundation.accounts.models import Organisation, User
from tests.tenders.factories import make_bid
{patch}
tender, by = Tender.objects.get(pk=sys.argv[3]), User.objects.get(pk=sys.argv[4])
make_bid(tender, by=by, bidder=Organisation.objects.get(pk=sys.argv[5]))
"""
)
PRINT = (
    ELSEWHERE
    + """
from foundation import clock
from foundation.documents import services
from foundation.documents.services import rendering
{patch}
services.document_render(document_id=sys.argv[3], at=clock.now())
"""
)
BEFORE_THE_COMMIT = """
from foundation.journal import services as journal
journal.record = dies
"""
AFTER_THE_FILES = """
from tenders.services import bids
bids.commit_deposit = dies
"""
AFTER_THE_COMMIT = """
from tenders.services import bids
commit = bids.commit_deposit
bids.commit_deposit = lambda *arguments: (commit(*arguments), dies())
"""


@pytest.fixture(autouse=True)
def _own_storage(tmp_path, settings):
    files = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path / "media")}}
    settings.STORAGES = {**settings.STORAGES, "default": files}


def killed(code: str, *arguments) -> None:
    """Run `code` in another process, on the same database and storage; it must die by its own kill -9."""
    where = [connection.settings_dict["NAME"], str(default_storage.location)]
    command = [sys.executable, "-c", code, *where, *map(str, arguments)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.fixture
def quiet_bell(monkeypatch):
    """No task runs by itself."""
    monkeypatch.setattr("foundation.bell._send", lambda task, args: None)


@pytest.mark.parametrize(
    "patch", [AFTER_THE_FILES, BEFORE_THE_COMMIT], ids=["after the files", "before the commit"]
)
def test_a_deposit_killed_before_its_commit_is_not_a_deposit(patch, quiet_bell):
    tender, (by, firm) = make_published(), make_supplier()
    before = (Entry.objects.count(), Document.objects.count(), Notification.objects.count())
    killed(DEPOSIT.replace("{patch}", patch), tender.pk, by.pk, firm.pk)
    assert not Bid.objects.filter(bidder=firm).exists()
    assert (Entry.objects.count(), Document.objects.count(), Notification.objects.count()) == before
    left = set(stored_names())
    assert left, "the file was there before the kill"

    bid = make_bid(tender, by=by, bidder=firm)
    assert Bid.objects.get(bidder=firm) == bid
    assert named_files() <= set(stored_names()) and not left & named_files()
    open_bids(tender)
    bid.refresh_from_db()
    assert bid.state == "opened"


def test_a_deposit_killed_after_its_commit_stands_whole(quiet_bell):
    """The answer never left: the firm finds its bid and its receipt, and may deposit again."""
    tender, (by, firm) = make_published(), make_supplier()
    killed(DEPOSIT.replace("{patch}", AFTER_THE_COMMIT), tender.pk, by.pk, firm.pk)
    bid = Bid.objects.get(bidder=firm)
    assert Document.objects.filter(kind="tenders.receipt", object_id=str(bid.pk)).count() == 1
    assert (
        Entry.objects.filter(action="tenders.bid_deposit", object_id=str(bid.pk), link__isnull=False).count()
        == 1
    )
    assert OutboxEmail.objects.filter(recipient=by).count() == 1
    assert named_files() <= set(stored_names())
    again = make_bid(tender, by=by, bidder=firm)
    bid.refresh_from_db()
    assert (bid.state, again.state) == ("replaced", "deposited")


def test_a_worker_killed_between_the_pdf_and_its_row_makes_one_document(at, quiet_bell):
    tender, (by, firm) = make_published(), make_supplier()
    bid = make_bid(tender, by=by, bidder=firm)
    receipt = Document.objects.get(kind="tenders.receipt", object_id=str(bid.pk))
    earlier = set(stored_names())
    killed(PRINT.replace("{patch}", "rendering._finish = dies"), receipt.pk)
    receipt.refresh_from_db()
    assert receipt.state == "rendering" and receipt.file.name == ""
    assert set(stored_names()) - earlier, "the PDF was there before the kill"

    later = receipt.rendering_at + documents.LEASE * 2
    ready = services.document_render(document_id=receipt.pk, at=later)
    assert ready.state == "ready" and default_storage.size(ready.file.name) == ready.size
    assert Entry.objects.filter(action="documents.render", object_id=str(receipt.pk)).count() == 1
    assert Document.objects.filter(kind="tenders.receipt", object_id=str(bid.pk)).count() == 1

"""The check of opened files: one at a time, in turns, noted before it begins, never by who shows pages (O7)."""

import threading
from datetime import timedelta

import pytest
from django.db import close_old_connections
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.clock import now
from foundation.files import checker
from foundation.files.enums import Verdict
from foundation.files.models import Inspection
from foundation.files.selectors import inspection_of
from foundation.isolation.pool import Bounds, Pool
from tenders import services, tasks
from tenders.models import InspectionAttempt, SealedPart
from tenders.services import files
from tests.accounts.factories import make_member
from tests.files.packages import pdf
from tests.tenders.factories import make_bid, make_published, open_bids


def opened(*names: str, content: bytes = b"bonjour"):
    """An opened consultation of one bid with these files."""
    tender = make_published()
    make_bid(tender, files=[(name, content) for name in names or ("note.txt",)])
    return open_bids(tender)


def parts_of(tender) -> list[SealedPart]:
    found = SealedPart.objects.filter(bid__tender=tender, kind="file").order_by("position")
    return list(found.select_related("bid__tender__buyer", "bid__key", "opened"))


@pytest.mark.django_db
class TestTurns:
    def test_consultations_take_turns_whatever_their_number_of_files(self, monkeypatch):
        many = opened("a.txt", "b.txt", "c.txt")
        other, third = opened("d.txt", "e.txt"), opened("f.txt")
        begun, real = [], files.bid_file_inspect
        monkeypatch.setattr(
            files, "bid_file_inspect", lambda **kw: (begun.append(kw["part"].opened.name), real(**kw))
        )
        for minute in range(6):
            assert services.opened_files_inspect(at=now() + timedelta(seconds=minute), limit=1) == 1
        turns = {"a": many, "b": many, "c": many, "d": other, "e": other, "f": third}
        order = [turns[name[0]].pk for name in begun]
        assert order == [many.pk, other.pk, third.pk, many.pk, other.pk, many.pk]
        assert services.opened_files_inspect(at=now()) == 0

    def test_a_task_checks_one_file_and_rings_for_the_next(
        self, django_capture_on_commit_callbacks, monkeypatch
    ):
        opened("a.txt", "b.txt", "c.txt")
        rung = []
        monkeypatch.setattr(tasks, "ring", lambda task, *args: rung.append(task.name))
        for count in (1, 2, 3):
            tasks.inspect_files()
            assert Inspection.objects.count() == count
        tasks.inspect_files()
        assert rung == ["tenders.inspect_files"] * 3


@pytest.mark.django_db
class TestTries:
    def test_the_try_is_written_before_the_check(self, monkeypatch):
        [part] = parts_of(opened())
        seen = []
        monkeypatch.setattr(
            checker,
            "check_content",
            lambda *_args: seen.append(InspectionAttempt.objects.get(part=part).tries),
        )
        services.bid_file_inspect(part=part, at=now())
        assert seen == [1]

    def test_a_file_that_ends_its_checker_is_not_tried_for_ever(self, monkeypatch):
        """The worker is killed each time: after three tries the file is unreadable, and others had their turn."""
        deadly, sound = opened(), opened()
        [part], [other] = parts_of(deadly), parts_of(sound)
        monkeypatch.setattr(files, "_content", lambda asked: dies(asked) if asked == part else b"bonjour")
        at, tries = now(), 0
        while inspection_of(part) is None:
            try:
                services.opened_files_inspect(at=at, limit=1)
            except KilledError:
                tries += 1
            at += timedelta(minutes=1)
            assert tries < 10
        assert tries == 3
        assert inspection_of(part).verdict == Verdict.UNREADABLE
        assert inspection_of(other).verdict == Verdict.CLEAN

    def test_two_workers_never_check_the_same_file_at_once(self):
        [part] = parts_of(opened())
        at = now()
        assert files._begin(part, at) is not None
        assert services.bid_file_inspect(part=part, at=at + timedelta(seconds=30)) is None
        assert services.opened_files_inspect(at=at + timedelta(seconds=30)) == 0
        assert services.bid_file_inspect(part=part, at=at + timedelta(minutes=3)).verdict == Verdict.CLEAN

    def test_a_storage_away_uses_up_no_try_and_stops_nobody(self, monkeypatch):
        [part], [other] = parts_of(opened()), parts_of(opened())
        monkeypatch.setattr(files, "_content", lambda asked: away() if asked == part else b"bonjour")
        for minute in range(0, 30, 3):
            services.opened_files_inspect(at=now() + timedelta(minutes=minute))
        assert inspection_of(part) is None
        assert InspectionAttempt.objects.get(part=part).tries == 0
        assert inspection_of(other).verdict == Verdict.CLEAN

    def test_while_the_antivirus_is_away_files_are_read_and_asked_for_again(self, settings):
        tender = opened()
        [part] = parts_of(tender)
        buyer = make_member(tender.buyer, Role.BUYER)
        settings.CLAMD_URL, settings.CLAMD_TIMEOUT = "tcp://127.0.0.1:9", 0.5
        at = now()
        for minute in range(0, 30, 3):
            assert services.bid_file_inspect(part=part, at=at + timedelta(minutes=minute)) is None
        assert services.bid_file_download(part=part, by=buyer, at=at).name == "note.txt"
        settings.CLAMD_URL = ""
        assert services.bid_file_inspect(part=part, at=at + timedelta(hours=1)).verdict == Verdict.CLEAN


class KilledError(BaseException):
    """Stands for a worker that the kernel kills: nothing is tidied up."""


def dies(_part):
    raise KilledError


def away():
    raise OSError("storage away")


@pytest.mark.django_db
class TestReaders:
    def test_a_click_never_checks_it_asks_and_says_so(
        self, client, django_capture_on_commit_callbacks, monkeypatch
    ):
        tender = opened("memoire.pdf", content=pdf())
        [part] = parts_of(tender)
        client.force_login(make_member(tender.buyer, Role.BUYER))
        address = reverse("tenders:opened_file", args=[tender.pk, part.pk])
        with monkeypatch.context() as web:
            web.setattr(checker, "_ask", lambda *_args: pytest.fail("checked by the web"))
            with django_capture_on_commit_callbacks() as rung:
                answer = client.get(address)
        assert answer.status_code == 409
        assert "Revenez dans une minute" in answer.content.decode()
        shown = client.get(
            reverse("tenders:lot_analysis", args=[tender.pk, tender.lots.get().pk])
        ).content.decode()
        assert "vérification en cours" in shown
        for bell in rung:
            bell()
        assert client.get(address).status_code == 302

    def test_the_whole_file_of_the_procedure_waits_for_the_checks(
        self, client, django_capture_on_commit_callbacks
    ):
        tender = opened()
        client.force_login(tender.created_by)
        address = reverse("tenders:export", args=[tender.pk])
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(address)
        assert answer.status_code == 302
        assert client.post(address).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_another_consultation_s_file_is_checked_while_a_hostile_one_is(monkeypatch):
    """A real checker that spins until the kernel ends it, in one thread; another file goes through meanwhile."""
    monkeypatch.setattr("foundation.bell._send", lambda *_args: None)  # no bell: the sweeps below
    hostile, sound = opened(content=b"spin"), opened()
    [bad], [good] = parts_of(hostile), parts_of(sound)
    pool = Pool("tests.tenders.spinning_check", Bounds(4, 8, 512), places=2, patience=20)
    monkeypatch.setattr(checker, "pool", lambda: pool)
    services.bid_file_inspect(part=parts_of(opened())[0], at=now())  # the checker is warm

    def check():
        services.bid_file_inspect(part=bad, at=now())
        close_old_connections()

    worker = threading.Thread(target=check)
    worker.start()
    while not InspectionAttempt.objects.filter(part=bad).exists():
        pass
    assert services.opened_files_inspect(at=now()) == 1
    assert inspection_of(good).verdict == Verdict.CLEAN
    assert inspection_of(bad) is None
    worker.join()
    pool.close()
    said = inspection_of(bad)
    assert (said.verdict, said.code) == (Verdict.UNREADABLE, "exhausting")
    assert "trop lourd ou trop compliqué" in said.reason

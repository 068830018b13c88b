"""What a bidder reads of the course of the procedure, and the whole file of it."""

import io
import json
import zipfile
from datetime import date

import pytest

from foundation.accounts.enums import Role
from foundation.clock import now
from foundation.errors import Refusal
from foundation.journal.models import Entry
from tenders import progress, services
from tenders.enums import Stage
from tests.accounts.factories import make_member
from tests.tenders.factories import make_bid, make_published, make_supplier, open_bids, score_all

pytestmark = pytest.mark.django_db


def test_stages_have_their_announced_and_actual_dates():
    tender = make_published()
    by = tender.created_by
    dates = {Stage.OPENING: None, Stage.ANALYSIS: date(2027, 1, 10), Stage.DECISION: date(2027, 1, 20)}
    services.stages_plan(tender=tender, dates=dates, by=by, at=now())
    steps = {step.label: step for step in progress.progress(tender, now())}
    assert steps["Décision"].planned_date == date(2027, 1, 20)
    assert steps["Publiée"].status == "done"
    assert [step.label for step in steps.values() if step.is_current] == ["Réponses attendues : offres"]
    assert "Négociation" not in steps  # an open procedure does not negotiate
    wrong = {Stage.ANALYSIS: date(2027, 1, 20), Stage.DECISION: date(2027, 1, 10)}
    with pytest.raises(Refusal, match="se suivent"):
        services.stages_plan(tender=tender, dates=wrong, by=by, at=now())


def test_the_bidder_reads_the_stages_and_nothing_of_the_others(client):
    person, firm = make_supplier()
    tender = make_published()
    bid = make_bid(tender, by=person, bidder=firm)
    rival = make_bid(tender)
    tender = open_bids(tender)
    score_all(tender, points={rival.bidder_id: 5})
    dates = {Stage.DECISION: date(2027, 1, 20)}
    services.stages_plan(tender=tender, dates=dates, by=tender.created_by, at=now())
    client.force_login(person)
    page = client.get(f"/consultations/reponses/{bid.pk}/").content.decode()
    assert "prévu le" in page
    assert "Offres analysées" in page
    assert rival.bidder.name not in page
    assert "/ 100" not in page


@pytest.mark.django_db(transaction=True)
def test_the_whole_file_has_its_index_and_the_extract_of_the_journal(client):
    tender = make_published()
    bid = make_bid(tender)
    tender = open_bids(tender)
    auditor = make_member(tender.buyer, Role.AUDITOR)
    client.force_login(auditor)
    answer = client.post(f"/consultations/{tender.pk}/dossier-complet/")
    if answer.status_code == 302:  # a fresh sign-in is asked first
        pytest.skip("the session is not fresh")
    content = b"".join(answer.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        index = json.loads(archive.read("index.json"))
        lines = [json.loads(line) for line in archive.read("journal.jsonl").splitlines()]
    opened = [row for row in index["fichiers"] if row["nature"] == "Pli ouvert"]
    assert [row["pli"] for row in opened] == [str(bid.pk)]
    assert {row["nom"] for row in index["fichiers"]} <= set(names)
    assert any("tenders.open" in line["ligne"] for line in lines)
    assert Entry.objects.filter(action="tenders.file_export", actor=auditor).exists()

"""Our packages against the standard itself: the offline check kept with the shared standards, then what it misses."""

import importlib.util
import json
from pathlib import Path

import pytest

from foundation.clock import now
from tenders import services
from tests.tenders.factories import make_bid, make_published, open_bids, score_all
from tests.tenders.ocds.test_releases import awarded

pytestmark = pytest.mark.django_db
CHECK = Path(__file__).resolve().parents[4] / "shared" / "standards" / "ocds" / "check.py"


@pytest.fixture
def story(db):
    """A framework of two lots awarded, an ordinary contract awarded, one given up, one that receives."""
    framework = make_published(lots=2)
    make_bid(framework, lots=(1, 2))
    make_bid(framework, prices={"UO-1": "1100", "UO-2": "2200"})
    contract = make_published(technique="contract", maximum_value_excl_tax=None)
    make_bid(contract)
    for tender in (framework, contract):
        opened = open_bids(tender)
        score_all(opened)
        awarded(opened)
    given_up = make_published()
    services.tender_cancel(tender=given_up, reason="Sans objet.", by=given_up.created_by, at=now())
    make_published()


def packages(client):
    """Both packages as they are served."""
    return {name: client.get(f"/donnees/ocds/{name}.json").json() for name in ("releases", "records")}


@pytest.mark.skipif(not CHECK.exists(), reason="the shared standards are not beside the project")
@pytest.mark.parametrize("name", ["releases", "records"])
def test_the_standard_finds_nothing_to_say(story, client, tmp_path, monkeypatch, name):
    pytest.importorskip("libcoveocds")
    monkeypatch.chdir(tmp_path)  # the check writes the schema it builds where it runs
    spec = importlib.util.spec_from_file_location("ocds_check", CHECK)
    check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check)
    path = tmp_path / f"{name}.json"
    path.write_text(json.dumps(packages(client)[name]), "utf-8")
    assert check.problems(check.check(str(path))) == {}


def references(release: dict):
    """Every place where a release names an organisation."""
    yield release["buyer"]
    yield release["tender"]["procuringEntity"]
    for award in release.get("awards", []):
        yield from award["suppliers"]


def test_every_name_leads_somewhere(story, client):
    for release in packages(client)["releases"]["releases"]:
        known = {party["id"]: party["name"] for party in release["parties"]}
        assert len(known) == len(release["parties"])
        for reference in references(release):
            assert known[reference["id"]] == reference["name"]


def test_lots_are_named_once_and_exist(story, client):
    for release in packages(client)["releases"]["releases"]:
        lots = [lot["id"] for lot in release["tender"]["lots"]]
        assert len(lots) == len(set(lots))
        named = [item["relatedLot"] for item in release["tender"]["items"]]
        named += [one["relatedLot"] for one in release.get("bids", {}).get("statistics", [])]
        named += [lot for award in release.get("awards", []) for lot in award["relatedLots"]]
        assert set(named) <= set(lots)


def test_dates_are_in_their_order(story, client):
    for release in packages(client)["releases"]["releases"]:
        period = release["tender"]["tenderPeriod"]
        if release["tag"] == ["tender"]:  # the others had their deadline moved by the test itself
            assert period["startDate"] <= period["endDate"]
        for award in release.get("awards", []):
            assert award["date"][:19] <= release["date"][:19]


def test_an_ordinary_contract_tells_the_amount_it_awards(story, client):
    told = [release for release in packages(client)["releases"]["releases"] if release.get("awards")]
    amounts = [[award.get("value", {}).get("amount") for award in release["awards"]] for release in told]
    assert [] not in amounts and [22000] in amounts and [None, None] in amounts

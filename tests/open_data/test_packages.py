"""Open data: what is written stays, pages follow one another without a gap, nothing is counted twice."""

import json

import pytest
from django.db import InternalError, transaction

from foundation.clock import now
from foundation.open_data import selectors
from foundation.open_data.models import Record, Release
from foundation.open_data.services import ocid_of, release_publish
from tests.owner import as_owner

pytestmark = pytest.mark.django_db


def publish(local_id="2026-001", tag="tender", **body):
    return release_publish(ocid=ocid_of(local_id), tags=[tag], body=body, at=now())


def test_a_release_names_its_process_and_its_rank(settings):
    settings.OCDS_PREFIX = "ocds-abc123"
    publish()
    told = json.loads(publish(tag="award").text)
    assert (told["ocid"], told["id"]) == ("ocds-abc123-2026-001", "ocds-abc123-2026-001-002")
    assert told["tag"] == ["award"]


def test_a_release_is_never_rewritten():
    release = publish()
    for act in (
        lambda: Release.objects.filter(pk=release.pk).update(text="{}"),
        lambda: Release.objects.filter(pk=release.pk)._raw_delete("default"),
    ):
        with as_owner(), pytest.raises(InternalError), transaction.atomic():
            act()


def test_a_record_is_its_last_release():
    publish(tender={"id": "1", "status": "active"})
    publish(tag="award", tender={"id": "1", "status": "complete"})
    told = json.loads(Record.objects.get().text)
    assert list(told) == ["ocid", "releases", "compiledRelease"]
    assert told["compiledRelease"]["tag"] == ["compiled"]
    assert told["compiledRelease"]["tender"]["status"] == "complete"


def test_a_record_leads_to_each_of_its_releases(client):
    publish("2026-002")
    release = publish("2026-001")
    record = Record.objects.get(ocid=release.ocid)
    [linked] = json.loads(record.text)["releases"]
    page, _hash, release_id = linked["url"].partition("#")
    assert client.get(page.removeprefix("http://testserver")).json()["releases"][0]["id"] == release_id


def test_pages_follow_one_another_until_the_end(client, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(selectors, "PAGE_SIZE", 2)
    for number in range(5):
        publish(f"2026-{number:03d}")
    address, seen = "/donnees/ocds/releases.json", []
    while address:
        with django_assert_num_queries(2):
            page = client.get(address).json()
        seen += [release["id"] for release in page["releases"]]
        address = page.get("links", {}).get("next", "").removeprefix("http://testserver")
    assert seen == [release.release_id for release in Release.objects.order_by("pk")]


def test_a_record_that_changes_comes_again_at_the_end(client):
    first, _second = publish("2026-001"), publish("2026-002")
    publish("2026-001", tag="award")
    page = client.get(f"/donnees/ocds/records.json?after={first.pk}").json()
    assert [record["ocid"][-8:] for record in page["records"]] == ["2026-002", "2026-001"]


def test_all_of_them_one_a_line_and_never_all_at_once(client, monkeypatch):
    monkeypatch.setattr(selectors, "CHUNK", 2)
    for number in range(5):
        publish(f"2026-{number:03d}", title="é")
    pieces = list(client.get("/donnees/ocds/releases.jsonl").streaming_content)
    assert [piece.count(b"\n") for piece in pieces] == [2, 2, 1]
    lines = b"".join(pieces).decode().splitlines()
    assert [json.loads(line)["ocid"][-8:] for line in lines] == [f"2026-{number:03d}" for number in range(5)]
    assert b"".join(client.head("/donnees/ocds/releases.jsonl").streaming_content) == b""


@pytest.mark.parametrize("after", ["abc", "-1", "٣", "9" * 40, ""])
def test_a_cursor_that_is_not_ours_is_the_beginning_or_the_end_never_an_error(client, after):
    publish()
    assert client.get("/donnees/ocds/releases.json", {"after": after}).status_code == 200


def test_nothing_new_is_said_without_sending_it_again(client):
    publish()
    since = client.get("/donnees/ocds/releases.json")["Last-Modified"]
    answer = client.get("/donnees/ocds/releases.json", headers={"If-Modified-Since": since})
    assert answer.status_code == 304


def test_the_page_says_when_the_prefix_is_that_of_examples(client, settings):
    assert "réserve aux exemples" in client.get("/donnees/").content.decode()
    settings.OCDS_PREFIX = "ocds-abc123"
    assert "réserve aux exemples" not in client.get("/donnees/").content.decode()

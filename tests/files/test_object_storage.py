"""Files on an S3 server: kept, read by ranges, sent behind signed links, saved and put back (X7, Q11 of trust.md)."""

import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse

from foundation.documents import storage as printed
from foundation.documents.press.printed import Printed
from foundation.files import services
from foundation.files.downloads import read_stored, stored
from foundation.files.responses import file_response
from procurement.operations import backups
from procurement.settings.files import storage_from_url
from tenders import services as tenders
from tests.files.object_server import ObjectServer
from tests.tenders.factories import PDF, make_draft

LARGE = os.urandom(6 * 1024 * 1024)


@pytest.fixture(scope="module")
def running():
    with ObjectServer().running() as server:
        yield server


@pytest.fixture
def server(running, settings):
    """The default storage of the platform is the server's bucket, emptied."""
    settings.STORAGES = {**settings.STORAGES, "default": storage_from_url(running.url)}
    for name in list(backups.stored_names()):
        default_storage.delete(name)
    running.asked.clear()
    return running


def put(content, name="essai.bin") -> str:
    return services.store(ContentFile(content, name=name), folder="tests", name=name)


def test_what_is_stored_is_read_back_and_nothing_is_overwritten(server):
    first, second = put(b"un"), put(b"deux")
    assert first != second
    assert [b"".join(read_stored(name, 0, default_storage.size(name))) for name in (first, second)] == [
        b"un",
        b"deux",
    ]
    with default_storage.open(first) as found:
        assert found.read() == b"un"
    default_storage.delete(first)
    assert list(backups.stored_names()) == [second]


def test_a_large_file_goes_in_pieces_and_comes_back_whole(server):
    name = put(LARGE)
    assert b"".join(read_stored(name, 0, len(LARGE))) == LARGE


def test_a_range_is_all_that_the_server_is_asked_and_sends(server):
    name = put(LARGE)
    server.asked.clear()
    assert b"".join(read_stored(name, 4_000_000, 4_000_010)) == LARGE[4_000_000:4_000_010]
    (reading,) = server.readings()
    assert (reading.range, reading.sent) == ("bytes=4000000-4000009", 10)


def test_a_reader_who_asks_for_the_end_gets_the_end_only(server, rf):
    name = put(LARGE)
    server.asked.clear()
    download = stored(name, name="essai.pdf", media_type="application/pdf", size=len(LARGE), digest="a" * 64)
    answer = file_response(rf.get("/", HTTP_RANGE="bytes=-1000"), download)
    assert answer.status_code == 206
    assert b"".join(answer.streaming_content) == LARGE[-1000:]
    assert [one.sent for one in server.readings()] == [1000]


def test_a_question_without_reading_sends_nothing(server, rf):
    name = put(LARGE)
    server.asked.clear()
    download = stored(name, name="essai.pdf", media_type="application/pdf", size=len(LARGE), digest="a" * 64)
    assert file_response(rf.head("/"), download)["Content-Length"] == str(len(LARGE))
    assert server.asked == []


def test_an_empty_range_and_a_missing_file(server):
    name = put(b"abc")
    assert b"".join(read_stored(name, 2, 2)) == b""
    for start, stop in ((0, 3), (0, 0)):
        with pytest.raises(FileNotFoundError):
            read_stored("tests/absent.bin", start, stop)


def test_a_server_that_is_away_is_an_error_of_reading(server, settings):
    away = "s3://key:secret@127.0.0.1:9/jalon-fichiers?scheme=http"
    with (
        override_settings(STORAGES={**settings.STORAGES, "default": storage_from_url(away)}),
        pytest.raises(OSError, match="object storage"),
    ):
        read_stored("tests/x.bin", 0, 3)


def test_a_printed_document_is_read_back_before_it_is_said_ready(server):
    page = Printed(form="pdf", content=PDF, pages=1)
    name = printed.put(page)
    assert printed.put(page) == name
    assert b"".join(read_stored(name, 0, len(PDF))) == PDF
    printed.remove(name)
    assert not default_storage.exists(name)


@pytest.mark.django_db
def test_a_file_of_a_consultation_from_upload_to_signed_link(server, client, at):
    tender = make_draft()
    upload = SimpleUploadedFile("cctp.pdf", PDF, content_type="application/pdf")
    document = tenders.document_add(tender=tender, title="CCTP", upload=upload, by=tender.created_by, at=at)
    client.force_login(tender.created_by)
    lasting = client.get(reverse("tenders:document", args=[tender.pk, document.pk]))
    assert lasting.url.startswith("/fichiers/"), (
        "the platform sends it: nobody learns the address of the server"
    )
    whole = client.get(lasting.url)
    assert b"".join(whole.streaming_content) == PDF
    server.asked.clear()
    part = client.get(lasting.url, headers={"Range": "bytes=0-4"})
    assert b"".join(part.streaming_content) == PDF[:5]
    assert [one.sent for one in server.readings()] == [5]


@pytest.mark.django_db(transaction=True)
def test_the_files_are_in_the_backup_and_put_back_byte_for_byte(server, tmp_path, at):
    names = [put(LARGE), put(b"court", name="été.txt")]
    folder = backups.backup_make(directory=tmp_path, recipients=[], at=at)
    manifest = backups.Manifest.read(folder)
    assert set(manifest.files) == set(names)
    assert Path(folder / backups.FILES / names[0]).read_bytes() == LARGE
    for name in names:
        default_storage.delete(name)
    backups._put_back(folder / backups.FILES, manifest)
    assert b"".join(read_stored(names[0], 0, len(LARGE))) == LARGE
    assert list(backups.findings(manifest)) == []

"""The one service of uploads: profiles, antivirus (a real peer), storage, what passes by in pieces (U1)."""

import logging
import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.errors import Refusal
from foundation.files import antivirus, services
from foundation.files.checks.signatures import EICAR
from foundation.files.enums import Verdict
from foundation.files.findings import Finding
from foundation.files.models import Inspection
from foundation.files.profiles import ANY_OFFICE, Profile
from foundation.files.services import check_upload
from foundation.files.storage import DurableStorage
from foundation.files.streaming import StreamCheck
from tests.files.antivirus_server import serving
from tests.files.packages import office, pdf, zipped

PICTURES = Profile("tests.pictures", frozenset({"png", "jpg"}), own_limit=1000)


def sent(name="note.txt", content=b"bonjour"):
    return SimpleUploadedFile(name, content)


def refused(upload, profile=ANY_OFFICE) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        check_upload(upload, profile=profile)
    return refusal.value


def test_what_is_known_of_a_good_file():
    upload = sent("C:\\bureau\\note.txt")
    upload.read()
    checked = check_upload(upload, profile=ANY_OFFICE)
    assert (checked.name, checked.media_type, checked.size) == ("note.txt", "text/plain", 7)
    assert checked.sha256 == "2cb4b1431b84ec15d35ed83bb927e27e8967d75f4bcd9cc4b25c8d879ae23e18"
    assert upload.read() == b"bonjour"


def test_a_profile_says_its_formats_and_its_size():
    assert PICTURES.words == "PNG, JPEG"
    assert PICTURES.accept == ".png,.jpg"
    assert "PNG, JPEG" in str(refused(sent(), PICTURES))
    assert "dépasse" in str(refused(sent("a.png", b"\x89PNG" + b"0" * 1000), PICTURES))


def test_the_size_is_that_of_the_bytes_not_what_the_sender_says(settings):
    settings.FILE_MAX_BYTES = 5
    upload = sent()
    upload.size = 1
    assert "dépasse" in str(refused(upload))


def test_a_size_too_large_is_not_read(settings):
    settings.FILE_MAX_BYTES = 5
    upload = sent()
    upload.file.read = lambda *_args: pytest.fail("read")
    assert "dépasse" in str(refused(upload))


class TestAntivirus:
    """A real server on this machine, then none."""

    def test_nothing_is_asked_when_none_is_configured(self, settings):
        settings.CLAMD_URL = ""
        assert not antivirus.is_configured()
        check_upload(sent(), profile=ANY_OFFICE)

    def test_the_server_reads_the_whole_content(self, settings):
        with serving() as (settings.CLAMD_URL, received):
            assert antivirus.is_answering()
            check_upload(sent(content=b"bonjour " * 50_000), profile=ANY_OFFICE)
            assert received == [b"bonjour " * 50_000]

    def test_what_it_finds_is_refused(self, settings):
        with serving() as (settings.CLAMD_URL, _received):
            assert "programme malveillant" in str(refused(sent(content=b"un ver")))

    @pytest.mark.parametrize("url", ["tcp://127.0.0.1:9", "unix:///nowhere/clamd.ctl", "tcp://127.0.0.1"])
    def test_away_it_refuses_in_doubt_and_says_so(self, settings, url):
        settings.CLAMD_URL, settings.CLAMD_TIMEOUT = url, 0.5
        assert not antivirus.is_answering()
        refusal = refused(sent())
        assert "antivirus ne répond pas" in str(refusal)
        assert refusal.code == "conflict"

    @pytest.mark.parametrize("answer", [b"stream: size limit exceeded ERROR", b"", b"nonsense"])
    def test_an_answer_that_is_no_verdict_refuses_too(self, settings, answer):
        settings.CLAMD_TIMEOUT = 1.0
        with serving(lambda _content: answer) as (settings.CLAMD_URL, _received):
            assert "antivirus ne répond pas" in str(refused(sent()))

    def test_the_name_of_a_signature_writes_no_line_in_the_log(self, settings, caplog):
        caplog.set_level(logging.WARNING)
        answer = b"stream: Ver\r\x1b[31mWARNING forged FOUND"
        with serving(lambda _content: answer) as (settings.CLAMD_URL, _received):
            refused(sent())
        told = [
            record.getMessage() for record in caplog.records if record.name == "foundation.files.antivirus"
        ]
        assert told and all(line.isprintable() for line in told)


class TestStorage:
    def test_a_file_is_on_the_platter_before_it_is_said_saved(self, tmp_path, monkeypatch):
        synced = []
        real = os.fsync
        monkeypatch.setattr(
            os,
            "fsync",
            lambda handle: (synced.append(str(Path(f"/proc/self/fd/{handle}").readlink())), real(handle)),
        )
        storage = DurableStorage(location=str(tmp_path))
        name = storage.save("dossier/note.txt", sent())
        assert synced == [str(tmp_path / name), str(tmp_path / "dossier")]

    def test_a_stored_name_never_leaves_its_folder(self, settings, tmp_path):
        name = services.store(sent(), folder="/tests/", name="../../évadé.txt")
        assert name.startswith("tests/évadé")


class TestPiecesThatPassBy:
    """What a sealed bid may be checked for without being kept."""

    @pytest.mark.parametrize("size", [1, 3, 17, 67, 68, 69, 4096])
    def test_a_signature_is_found_wherever_the_joints_fall(self, size):
        content = b"bonjour, " * 1000 + EICAR + b" au revoir"
        check = StreamCheck("note.txt", ANY_OFFICE)
        with pytest.raises(Finding) as found:
            for start in range(0, len(content), size):
                check.take(content[start : start + size])
            check.close()
        assert found.value.code == "malware"

    @pytest.mark.parametrize(
        ("name", "content", "code"),
        [
            ("note.pdf", b"MZ" + b"\0" * 100, "mismatch"),
            ("note.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 9000, "encrypted"),
            ("note.docx", office("docx", {"word/vbaProject.bin": b"x"}), "macros"),
            ("note.pdf", pdf(b"<< /S /JavaScript /JS (x) >>"), "active"),
            ("note.txt", b"", "empty"),
        ],
    )
    def test_what_a_bidder_is_told_at_once(self, name, content, code):
        check = StreamCheck(name, ANY_OFFICE)
        with pytest.raises(Finding) as found:
            for byte in content:
                check.take(bytes([byte]))
            check.close()
        assert found.value.code == code

    def test_a_name_is_refused_before_the_first_byte(self):
        with pytest.raises(Finding):
            StreamCheck("note.exe", ANY_OFFICE)

    def test_only_a_few_bytes_are_kept(self):
        check = StreamCheck("note.txt", ANY_OFFICE)
        for _chunk in range(5):
            check.take(b"secret " * 10_000)
        held = sum(len(value) for value in vars(check).values() if isinstance(value, bytes))
        assert held <= len(EICAR)


@pytest.mark.django_db
class TestFilesAlreadyReceived:
    """They can no longer be refused: what is found is kept, and told to whoever opens them."""

    @pytest.mark.parametrize(
        ("name", "content", "verdict"),
        [
            ("note.txt", b"bonjour", Verdict.CLEAN),
            ("note.pdf", pdf(b"<< /S /Launch /F (x) >>"), Verdict.DOUBTFUL),
            ("note.pdf", b"%PDF-1.7\nrien\n%%EOF\n", Verdict.UNREADABLE),
            ("note.txt", EICAR, Verdict.DANGEROUS),
            ("lot.zip", zipped({"a.txt": EICAR}), Verdict.DANGEROUS),
        ],
    )
    def test_a_verdict_and_its_words(self, django_user_model, name, content, verdict, at):
        obj = django_user_model(pk=7)
        found = services.examine(name=name, content=content, profile=ANY_OFFICE)
        said, is_new = services.conclude(obj, name=name, found=found, profile=ANY_OFFICE, at=at)
        assert (said.verdict, is_new) == (verdict, True)
        assert bool(said.reason) is (verdict != Verdict.CLEAN)
        again, is_new = services.conclude(obj, name=name, found=None, profile=ANY_OFFICE, at=at)
        assert (again.pk, is_new) == (said.pk, False)

    def test_nothing_is_kept_while_the_antivirus_is_away(self, django_user_model, settings, at):
        settings.CLAMD_URL, settings.CLAMD_TIMEOUT = "tcp://127.0.0.1:9", 0.5
        found = services.examine(name="note.txt", content=b"bonjour", profile=ANY_OFFICE)
        assert found.code == "antivirus_away"
        with pytest.raises(ValueError, match="antivirus_away"):
            services.conclude(django_user_model(pk=7), name="a", found=found, profile=ANY_OFFICE, at=at)
        assert not Inspection.objects.exists()

    def test_the_antivirus_reads_what_our_check_gave_up(self, settings):
        """A file that tires our check out does not escape it; it counts more than what we found."""
        broken = b"%PDF-1.7\nrien\n%%EOF\n"
        assert services.examine(name="a.pdf", content=broken, profile=ANY_OFFICE).code == "unreadable"
        with serving(lambda _content: b"stream: Ver FOUND") as (settings.CLAMD_URL, _received):
            assert services.examine(name="a.pdf", content=broken, profile=ANY_OFFICE).code == "malware"

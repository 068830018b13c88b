"""Sending files: ranges, validators, names (RFC 9110, RFC 6266, RFC 5987)."""

import pytest
from django.test import RequestFactory

from foundation.files.downloads import Download, between
from foundation.files.middleware import CompressPages
from foundation.files.names import NAME_BYTES, disposition, safe_name
from foundation.files.responses import file_response

CONTENT = bytes(range(256)) * 40
FILE = Download(
    "pièce.pdf", "application/pdf", len(CONTENT), "abc", lambda start, stop: iter([CONTENT[start:stop]])
)


def get(method="get", **headers):
    request = getattr(RequestFactory(), method)(
        "/", headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    return file_response(request, FILE)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_whole_file_with_everything_a_browser_needs():
    answer = get()
    assert answer.status_code == 200
    assert body(answer) == CONTENT
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert answer.headers["ETag"] == '"abc"'
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, 10240),
        ("bytes=-10", 10230, 10240),
        ("bytes=-99999", 0, 10240),
        ("bytes=10239-99999", 10239, 10240),
        ("BYTES = 5 - 6", 5, 7),
    ],
)
def test_one_range(asked, start, stop):
    answer = get(Range=asked)
    assert answer.status_code == 206
    assert body(answer) == CONTENT[start:stop]
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/10240"
    assert answer.headers["Content-Length"] == str(stop - start)


@pytest.mark.parametrize("asked", ["bytes=10240-", "bytes=99999-100000", "bytes=-0"])
def test_a_range_outside_the_file(asked):
    answer = get(Range=asked)
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == "bytes */10240"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-1,5-6",
        "bytes=-",
        "bytes=5-2",
        "lines=1-2",
        "bytes=a-b",
        "bytes",
        "",
        "bytes=0-" + "9" * 5_000,
    ],
)
def test_several_ranges_or_none_give_the_whole_file(asked):
    answer = get(Range=asked)
    assert answer.status_code == 200
    assert body(answer) == CONTENT


def test_a_range_of_another_version_gives_the_whole_file():
    assert get(Range="bytes=0-1", If_Range='"abc"').status_code == 206
    for other in ('"old"', 'W/"abc"', "Sat, 03 Mar 2026 12:00:00 GMT"):
        assert get(Range="bytes=0-1", If_Range=other).status_code == 200


def test_a_file_already_held_is_not_sent_again():
    answer = get(If_None_Match='"abc"')
    assert answer.status_code == 304
    assert answer.content == b""


def test_head_reads_nothing():
    def unread(start, stop):
        raise AssertionError("read")

    closed = Download("a.pdf", "application/pdf", 5, "abc", unread)
    answer = file_response(RequestFactory().head("/"), closed)
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, "5")


def test_files_are_not_compressed_on_the_way():
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    answer = CompressPages(lambda _request: file_response(request, FILE))(request)
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["ETag"] == '"abc"'


def test_a_part_of_what_is_read_from_the_start_only():
    for start, stop in ((0, 5), (3, 3), (250, 700), (10_000, 10_240)):
        pieces = iter([CONTENT[place : place + 333] for place in range(0, len(CONTENT), 333)])
        assert b"".join(between(pieces, start, stop)) == CONTENT[start:stop]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\devis.pdf", "devis.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("nul", "_nul"),
        ("com1.tar.pdf", "_com1.tar.pdf"),
        ("devis\u202efdp.exe", "devisfdp.exe"),
        ("devis\u200b.pdf", "devis.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie_ x=1.pdf"),
        ("devis. . .", "devis"),
        ("...", "fichier"),
        ("", "fichier"),
        ('a<b>c:d"e|f?g*h.pdf', "a_b_c_d_e_f_g_h.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("a\x00b\x1bc.pdf", "abc.pdf"),
        ("  devis   final .pdf", "devis final.pdf"),
    ],
)
def test_names_are_safe_for_every_system(name, kept):
    assert safe_name(name) == kept


@pytest.mark.parametrize("name", ["é" * 300 + ".pdf", "a" * 5000, "x." + "y" * 300, "🙂" * 200 + ".docx"])
def test_names_are_cut_to_bytes_without_breaking_a_letter(name):
    kept = safe_name(name)
    assert 0 < len(kept.encode()) <= NAME_BYTES
    if name.endswith((".pdf", ".docx")):
        assert kept.endswith(name[-5:].lstrip("é🙂"))


@pytest.mark.parametrize(
    "name", ["été.pdf", 'a"b\\c\r\nX: y.pdf', "文書.pdf", "a;b=c.pdf", "%00.pdf", "'.pdf"]
)
def test_the_header_of_a_name_cannot_be_broken_out_of(name):
    header = disposition(name)
    assert header.isascii()
    assert "\r" not in header and "\n" not in header
    assert header.count('"') == 2
    assert header.startswith('attachment; filename="')


def test_old_programs_read_letters_and_the_others_the_whole_name():
    assert disposition("Réponse n° 2.pdf").endswith("filename*=UTF-8''R%C3%A9ponse%20n%C2%B0%202.pdf")
    assert 'filename="Reponse n 2.pdf"' in disposition("Réponse n° 2.pdf")

"""O7, Q7: a hostile file costs a bounded time to a process of its own, and never the one that received it."""

import io
import re
import subprocess
import sys
import time
from pathlib import Path

import pikepdf
import pytest
import weasyprint
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.errors import Refusal
from foundation.files import checker
from foundation.files.checks import pdf as pdf_check
from foundation.files.findings import Finding
from foundation.files.profiles import ANY_OFFICE, Profile
from foundation.files.services import check_upload
from foundation.isolation.pool import Bounds, Pool
from tests.files.packages import WORD, office, open_document, pdf, png, stream

ROOT = Path(__file__).resolve().parents[2]
FIELDS = office(
    "docx",
    body=f'<w:p xmlns:w="{WORD}"><w:r><w:instrText>{"INCLUDETEXT " * 60_000}</w:instrText></w:r></w:p>',
)
"""Under two kilobytes; every word begins what the former expression looked for to the end of the part."""
FORMER = r"""
import re
said = b"INCLUDETEXT " * 60_000
re.search(rb"\bINCLUDE(TEXT|PICTURE)\b.*?(https?:|ftp:|file:|\\\\)", said, re.IGNORECASE | re.DOTALL)
"""


def check(name: str, content: bytes, profile: Profile = ANY_OFFICE) -> str:
    try:
        checker.check_content(name.rpartition(".")[2], content, profile)
    except Finding as found:
        return found.code
    return ""


def test_the_sample_that_froze_the_site_is_read_at_once():
    assert len(FIELDS) < 3000
    check("a.txt", b"a")
    started = time.monotonic()
    assert check("note.docx", FIELDS) == ""
    assert time.monotonic() - started < 5


def test_the_former_expression_does_not_come_to_its_end():
    """The negative control, on the same words."""
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-c", FORMER], timeout=6, check=True)


def many(times: int) -> dict[str, tuple[str, bytes]]:
    """Well-formed contents that grow with `times`, each made of what a check looks for."""
    cells = "<c><v>1</v><f>A1</f></c>"
    links = '<draw:image xlink:href="a.png"/><text:a xlink:href="b"/>'
    goes = [b"<< /S /GoTo /D [3 0 R /Fit] /Next %d 0 R >>" % (4 + n) for n in range(times // 10)]
    return {
        "fields": ("a.docx", office("docx", body="<a>" + "<instrText>LINK a</instrText>" * times + "</a>")),
        "formulas": ("a.xlsx", office("xlsx", {"xl/worksheets/sheet1.xml": f"<a>{cells * times}</a>"})),
        "images": ("a.odt", open_document("odt", content=f"<a>{links * (times * 3 // 4)}</a>")),
        "opening": ("a.pdf", pdf(*goes, b"<< >>", catalog=b"/OpenAction 4 0 R")),
        "names": ("a.pdf", pdf(stream(b"/A#42 " * times, packed=False))),
        "csv": ("a.csv", b'"=a|;' * times + b"\n" * times),
        "png": ("a.png", png()[:33] + b"".join(png(4, 4)[8:33] for _ in range(times // 100)) + png()[33:]),
    }


@pytest.mark.parametrize("kind", list(many(10)))
def test_the_time_grows_as_the_size_does(kind):
    """Eight times the content takes far less than sixty-four times the time, measured in this process."""
    from foundation.files.checks import whole

    def seconds(times: int) -> float:
        name, content = many(times)[kind]
        started = time.process_time()
        try:
            whole.check_content(name.rpartition(".")[2], content, ANY_OFFICE)
        except Finding as found:
            assert found.code not in {"active", "external"}
        return time.process_time() - started

    small, large = min(seconds(2500) for _ in range(3)), seconds(20_000)
    assert large < 24 * max(small, 0.005)


class TestBounds:
    def test_the_kernel_bounds_the_checker(self):
        check("a.txt", b"a")
        limits = Path(f"/proc/{checker.pool().server_pid}/limits").read_text()
        assert re.search(rf"Max address space\s+{512 * 1024 * 1024}\s", limits)
        assert checker.pool().bounds == Bounds(cpu_seconds=10, wall_seconds=20, megabytes=512)

    @pytest.mark.parametrize("what", ["spin", "swell", "die"])
    def test_a_check_that_breaks_them_is_a_refusal_that_says_what_to_do(self, monkeypatch, what):
        pool = Pool("tests.files.broken_check", Bounds(1, 3, 300), places=1, patience=1)
        monkeypatch.setattr(checker, "pool", lambda: pool)
        with pytest.raises(Refusal) as refused:
            check_upload(SimpleUploadedFile("note.txt", what.encode()), profile=ANY_OFFICE)
        assert "trop lourd ou trop compliqué" in str(refused.value)
        assert "PDF simple" in str(refused.value)
        check_upload(SimpleUploadedFile("note.txt", b"bonjour"), profile=ANY_OFFICE)
        pool.close()

    def test_no_place_left_is_told_and_is_nobody_s_fault(self, monkeypatch):
        pool = Pool("tests.files.broken_check", Bounds(1, 3, 300), places=1, patience=0.1)
        monkeypatch.setattr(checker, "pool", lambda: pool)
        pool._places.acquire()
        with pytest.raises(Refusal, match="réessayez") as refused:
            check_upload(SimpleUploadedFile("note.txt", b"a"), profile=ANY_OFFICE)
        assert refused.value.code == "conflict"

    def test_what_the_checker_answers_is_taken_with_care(self, monkeypatch):
        for answer in (
            {"code": "nonsense"},
            {"code": "size", "facts": []},
            {"code": "pixels", "facts": {"limit": {}}},
        ):
            monkeypatch.setattr(
                checker, "pool", lambda answer=answer: type("P", (), {"run": lambda *_a: (answer, [])})
            )
            with pytest.raises(Refusal) as refused:
                check_upload(SimpleUploadedFile("note.txt", b"a"), profile=ANY_OFFICE)
            assert "%" not in str(refused.value)

    def test_the_process_that_receives_never_reads(self, monkeypatch):
        """No reader is run here: neither ours nor a library's."""
        for reader in (
            "pdf.check_pdf",
            "office.check_entries",
            "opendocument.check_entries",
            "images.check_image",
        ):
            monkeypatch.setattr(
                f"foundation.files.checks.{reader}", lambda *_a, **_k: pytest.fail("read here")
            )
        assert check("a.pdf", pdf()) == check("a.docx", office("docx")) == check("a.png", png()) == ""


INVOICE = Profile("tests.invoice", frozenset({"pdf"}), takes_invoice=True)
XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"/>"""


def factur_x(
    content: bytes = XML, name: str = "factur-x.xml", *, variant="pdf/a-3b", relation="Data", more=()
) -> bytes:
    """A PDF that carries files, as an invoicing program writes it."""
    carried = [(name, content, relation), *more]
    made = weasyprint.HTML(string="<html lang=fr><title>Facture</title><p>Facture F-1</p>").render(
        pdf_variant=variant
    )
    made.metadata.attachments = [
        weasyprint.Attachment(string=body, name=title, relationship=how) for title, body, how in carried
    ]
    return made.write_pdf(pdf_variant=variant)


class TestInvoices:
    """Factur-X: the one file that a PDF may carry, where the profile asks for it."""

    def test_the_xml_of_an_invoice_is_taken_where_it_is_asked_for_only(self):
        assert check("facture.pdf", factur_x(), INVOICE) == ""
        assert check("facture.pdf", factur_x()) == "embedded"

    def test_an_ordinary_pdf_is_still_taken(self):
        assert check("facture.pdf", pdf(), INVOICE) == ""

    @pytest.mark.parametrize(
        ("made", "code"),
        [
            (lambda: factur_x(name="autre.xml"), "embedded"),
            (lambda: factur_x(b"MZ\x90"), "unreadable"),
            (lambda: factur_x(b"<a/>"), "embedded"),
            (lambda: factur_x(b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "active"),
            (lambda: factur_x(relation="Unspecified"), "embedded"),
            (lambda: factur_x(variant="pdf/ua-1"), "embedded"),
            (lambda: factur_x(more=[("b.exe", b"MZ", "Data")]), "embedded"),
            (lambda: spoilt(b"<< /S /JavaScript /JS (x) >>"), "active"),
            (lambda: spoilt(b"<< /Subtype /FileAttachment >>"), "embedded"),
            (lambda: spoilt(b"<< /Type /Annot /FS << /F (a.exe) /EF << /F 1 0 R >> >> >>"), "embedded"),
            (lambda: spoilt(b"<< /Type /Filespec /F (a.exe) /EF << /F 1 0 R >> >>"), "embedded"),
        ],
    )
    def test_nothing_else_comes_with_it(self, made, code):
        assert check("facture.pdf", made(), INVOICE) == code


def spoilt(extra: bytes) -> bytes:
    """The invoice with one more object."""
    with pikepdf.open(io.BytesIO(factur_x())) as made:
        made.Root.Extra = made.make_indirect(pikepdf.Object.parse(extra.replace(b"1 0 R", b"null")))
        if b"/EF" in extra:
            holder = made.Root.Extra.get("/FS", made.Root.Extra)
            holder.EF.F = made.make_stream(b"MZ")
        saved = io.BytesIO()
        made.save(saved)
    return saved.getvalue()


def test_a_large_pdf_is_walked_in_time():
    """Ten thousand objects, half a megabyte: an ordinary report."""
    objects = [b"<< /Type /Annot /Rect [0 0 1 1] /OpenAction [3 0 R /Fit] >>" for _ in range(10_000)]
    started = time.process_time()
    pdf_check.check_pdf(pdf(*objects))
    assert time.process_time() - started < 5

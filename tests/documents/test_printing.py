"""The PDF: accessible, reproducible, deaf to every address but our own files."""

import http.server
import io
import threading
from datetime import UTC, datetime

import pikepdf
import pytest
import weasyprint
from pypdf import PdfReader

from foundation.documents import printing
from foundation.documents.press import pages, tagging
from tests.accounts.factories import make_buyer_org
from tests.documents.factories import make_document

AT = datetime(2026, 3, 3, 8, 41, tzinfo=UTC)


def print_page(body: str, **job) -> pages.Printed:
    html = f'<html lang="fr"><head><title>Essai</title></head><body>{body}</body></html>'
    return pages.print_page(
        pages.PageJob(html=html, identifier=b"0" * 16, created_at=AT, folder=printing.folder(), **job)
    )


def pdf_of(document) -> pages.Printed:
    """The main form, made in this process."""
    return pages.print_page(pages.page_job(printing.orders_of(document)[0]))


@pytest.fixture
def pdf(db):
    document = make_document(about=make_buyer_org(), at=AT, lines=60)
    document.refresh_from_db()
    return pdf_of(document)


def elements(content: bytes, kind: str) -> list:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        found = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)]
        return [o.get("/A", {}).get("/Scope") for o in found if o.get("/S") == kind]


def test_it_says_its_language_title_and_standard(pdf):
    with pikepdf.open(io.BytesIO(pdf.content)) as file:
        assert file.Root.Lang == "fr"
        assert file.Root.MarkInfo.Marked
        assert file.Root.ViewerPreferences.DisplayDocTitle
        with file.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"].startswith("BC-2026-0001")
        assert str(file.docinfo["/CreationDate"]).startswith("D:20260303084100")


def test_every_header_cell_says_what_it_heads(pdf):
    scopes = elements(pdf.content, "/TH")
    assert set(map(str, scopes)) == {"/Column", "/Row"}


def test_running_lines_are_passed_over_by_a_voice(pdf):
    with pikepdf.open(io.BytesIO(pdf.content)) as file:
        for page in file.pages:
            marks = [
                (str(operands[0]), operands[1])
                for operands, operator in pikepdf.parse_content_stream(page)
                if str(operator) == "BDC"
            ]
            apart = [facts for tag, facts in marks if tag == "/Artifact"]
            assert len(apart) >= 2, "the reference and the page number"
            assert all(facts.get("/Type") == "/Pagination" for facts in apart)


def test_links_are_printed(pdf):
    with pikepdf.open(io.BytesIO(pdf.content)) as file:
        links = [a for page in file.pages for a in page.get("/Annots", []) if a.Subtype == "/Link"]
        assert links
        assert all(int(link.F) & tagging.PRINT_FLAG for link in links)


def test_only_our_fonts_are_inside(pdf):
    reader = PdfReader(io.BytesIO(pdf.content))
    fonts = {
        f.get_object()["/BaseFont"] for page in reader.pages for f in page["/Resources"]["/Font"].values()
    }
    assert {name.partition("+")[2].partition("-")[0] for name in fonts} <= {"Jalon", "Bricolage", "Source"}, (
        fonts
    )


def test_each_page_says_its_number_and_the_document_s(pdf):
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages]
    assert len(texts) == pdf.pages > 2
    for number, text in enumerate(texts, start=1):
        assert f"page {number} / {pdf.pages}" in text
        assert "BC-2026-0001" in text


def test_facts_are_words_never_markup(db):
    poison = "<img src='file:///etc/passwd'><script>alert(1)</script><b>gras</b>"
    document = make_document(about=make_buyer_org(), at=AT, note=poison, title="<h1>Titre</h1>")
    document.refresh_from_db()
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf_of(document).content)).pages)
    assert "<b>gras</b>" in text
    assert "<h1>Titre</h1>" in text
    assert "root:" not in text


@pytest.fixture(scope="module")
def server():
    """A web server that only counts its visitors."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.hits.append(self.path)
            self.send_error(404)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.hits = []
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def sinkhole(server):
    """The server's address and what reached it during this test: nothing may."""
    server.hits.clear()
    return f"http://127.0.0.1:{server.server_port}", server.hits


FOREIGN = [
    '<img src="{}" alt="">',
    '<object data="{}" type="image/png"></object>',
    '<p style="background: url({})">x</p>',
    "<style>@import url({});</style>",
    "<style>@font-face {{ font-family: x; src: url({}) }} p {{ font-family: x }}</style><p>x</p>",
    '<link rel="stylesheet" href="{}">',
    '<link rel="attachment" href="{}">',
    '<base href="{}"><img src="x.png" alt="">',
]


@pytest.mark.parametrize("markup", FOREIGN)
@pytest.mark.parametrize("scheme", ["http", "file", "ftp"])
def test_no_foreign_address_is_ever_opened(markup, scheme, sinkhole):
    url, hits = sinkhole
    address = {"http": f"{url}/x.png", "file": "file:///etc/passwd", "ftp": url.replace("http", "ftp")}[
        scheme
    ]
    with pytest.raises(pages.ForeignAddressError):
        print_page(markup.format(address))
    assert hits == []


@pytest.mark.parametrize(
    "address",
    [
        "printed:../settings.png",
        "printed:%2e%2e/%2e%2e/manage.png",
        "printed:print.css?x",
        "printed:unknown.css",
        "data:image/png;base64,AAAA",
    ],
)
def test_no_way_round_the_folder_of_printed_files(address):
    with pytest.raises(pages.ForeignAddressError):
        print_page(f'<img src="{address}" alt="">')


def test_a_drawing_opens_nothing_either(sinkhole):
    url, hits = sinkhole
    print_page(f'<svg width="9" height="9"><image href="{url}/x.png" width="9" height="9"/></svg>')
    assert hits == []


def test_the_sinkhole_would_have_seen_it(sinkhole):
    """Negative control: WeasyPrint with its own fetcher does knock."""
    url, hits = sinkhole
    weasyprint.HTML(string=f'<img src="{url}/x.png" alt="">').render()
    assert hits == ["/x.png"]


def test_our_own_files_are_read():
    assert print_page('<p><img src="printed:mark.svg" alt="Jalon"></p>').pages == 1

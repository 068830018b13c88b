"""More than two hundred ordinary files of offices, made with the programs' own libraries (U2, Q7)."""

import io
import json
import random
from collections.abc import Iterator
from datetime import date

import docx
import openpyxl
import pikepdf
import weasyprint
from openpyxl.chart import BarChart, Reference
from openpyxl.drawing.image import Image as SheetImage
from openpyxl.styles import Font
from PIL import Image

from tests.files.packages import block, open_document, pdf, png, stream, zipped

WORDS = "L'accord-cadre fixe les règles d'exécution ; la société « Œuvre & Filles » y répond à 12,5 % près."
random.seed(20260303)


def samples() -> Iterator[tuple[str, str, bytes]]:
    """(what it is, name, content)."""
    for family in (spreadsheets, letters, printed, images, texts, open_documents, folders):
        for label, name, content in family():
            yield f"{family.__name__}: {label}", name, content


def _saved(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _picture(kind: str = "PNG", mode: str = "RGB", size=(120, 80), **options) -> bytes:
    buffer = io.BytesIO()
    noise = Image.effect_noise(size, 60)
    image = noise.convert(mode) if mode != "I;16" else noise.convert("I").convert(mode)
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def spreadsheets():
    for rows in range(1, 41):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = f"Bordereau {rows}"
        sheet.append(["Code", "Libellé", "Prix HT", "Date", "Total"])
        for row in range(2, rows * 20 + 2):
            sheet.append([f"UO-{row}", WORDS, row * 12.5, date(2026, 3, 3), f"=C{row}*2"])
        sheet["A1"].font = Font(bold=True)
        sheet["B2"].hyperlink = "https://www.economie.gouv.fr/daj"
        if rows % 4 == 0:
            book.create_sheet("Synthèse")["A1"] = f"=SUM('Bordereau {rows}'!C2:C{rows})"
        if rows % 5 == 0:
            chart = BarChart()
            chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=rows + 1))
            sheet.add_chart(chart, "G2")
        if rows % 7 == 0:
            sheet.add_image(SheetImage(io.BytesIO(_picture())), "J2")
        yield f"{rows * 20} rows", f"bordereau {rows}.xlsx", _saved(book)


def letters():
    for pages in range(1, 41):
        letter = docx.Document()
        letter.add_heading(f"Mémoire technique n° {pages}", 0)
        for _paragraph in range(pages * 3):
            letter.add_paragraph(WORDS).add_run(" en gras").bold = True
        letter.add_paragraph("Écrire à dde@exemple.fr ; le DDE et la DDT sont des directions.")
        table = letter.add_table(rows=pages, cols=3)
        table.cell(0, 0).text = "Profil"
        if pages % 3 == 0:
            letter.add_picture(io.BytesIO(_picture("JPEG", quality=80)))
        if pages % 4 == 0:
            letter.sections[0].header.paragraphs[0].text = "Confidentiel"
            letter.add_page_break()
        yield f"{pages} paragraphs", f"mémoire-{pages}.docx", _saved(letter)


def printed():
    for number in range(6):
        page = f"<html lang='fr'><title>Offre</title><h1>Offre {number}</h1>" + f"<p>{WORDS}</p>" * (
            20 * number + 1
        )
        link = "<a href='https://www.legifrance.gouv.fr'>le code</a>"
        yield (
            f"weasyprint {number}",
            f"offre{number}.pdf",
            weasyprint.HTML(string=page + link).write_pdf(pdf_variant="pdf/ua-1" if number % 2 else None),
        )
    for number in range(30):
        yield f"pikepdf {number}", f"rapport{number}.pdf", _rebuilt(number)
    goes = b"/OpenAction [3 0 R /Fit]"
    yield "opens on a page", "latex.pdf", pdf(catalog=goes)
    yield (
        "opens by an action",
        "latex2.pdf",
        pdf(b"<< /S /GoTo /D [3 0 R /Fit] >>", catalog=b"/OpenAction 4 0 R"),
    )
    yield (
        "link",
        "lien.pdf",
        pdf(b"<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://beta.gouv.fr) >> >>"),
    )
    yield "line after the end", "fax.pdf", pdf(tail=b"\r\n\r\n")
    yield "revised", "signe.pdf", pdf(tail=b"5 0 obj\n<< >>\nendobj\nstartxref\n0\n%%EOF\n")
    yield "text about scripts", "web.pdf", pdf(stream(b"BT (On parle de JavaScript et de Launch) Tj ET"))


def _rebuilt(number: int) -> bytes:
    with pikepdf.Pdf.new() as made:
        for _page in range(number + 1):
            made.add_blank_page(page_size=(595, 842))
            body = f"BT /F1 12 Tf 72 720 Td ({number} JavaScript) Tj ET\n".encode() * (number + 1)
            made.pages[-1].Contents = made.make_stream(body)
        if number % 3 == 0:
            with made.open_outline() as outline:
                outline.root.append(pikepdf.OutlineItem("Sommaire", 0))
        noise = random.Random(number).randbytes(40_000)  # noqa: S311  noise, like a photograph
        made.pages[0].Photo = made.make_stream(noise)
        with made.open_metadata() as facts:
            facts["dc:title"] = WORDS
        buffer = io.BytesIO()
        modes = (pikepdf.ObjectStreamMode.generate, pikepdf.ObjectStreamMode.disable)
        made.save(buffer, object_stream_mode=modes[number % 2], linearize=number % 5 == 0)
    return buffer.getvalue()


def images():
    for number, mode in enumerate(["1", "L", "LA", "P", "RGB", "RGBA", "I;16"] * 3):
        size = (number * 90 + 10, number * 60 + 10)
        yield f"png {mode} {number}", f"schéma {number}.png", _picture("PNG", mode, size, optimize=True)
    chance = block(b"tEXt", b"Comment\x00<%@\x8f<?xm <\x00html")
    yield "png with bytes that look like a page by chance", "scan.png", png(4, 4, chance)
    for number in range(20):
        options = {"quality": 30 + 3 * number, "progressive": number % 2 == 0}
        if number % 3 == 0:
            exif = Image.Exif()
            exif[0x010E] = "Façade"
            options["exif"] = exif
        content = _picture("JPEG", "L" if number % 4 == 0 else "RGB", (number * 70 + 8, 300), **options)
        tail = b"\x00" * 64 + b"SEFT" if number % 5 == 0 else b""  # what some telephones add
        yield f"jpeg {number}", f"photo{number}.{'jpeg' if number % 2 else 'jpg'}", content + tail


def texts():
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        for length in (1, 10, 1000):
            content = (WORDS + "\r\n") * length
            yield f"txt {encoding} {length}", "note.txt", content.encode(encoding)
            rows = "Code;Libellé;Prix\r\n" + f"UO-1;{WORDS};-12,50\r\n+33 1 02;=somme;@nom\r\n" * length
            yield f"csv {encoding} {length}", "prix.csv", rows.encode(encoding)
    for length in range(1, 9):
        data = {"titre": WORDS, "lots": [{"numéro": n, "prix": 12.5} for n in range(length)]}
        yield f"json {length}", "données.json", json.dumps(data, ensure_ascii=False, indent=length).encode()
        body = "".join(f"<lot n='{n}'>{WORDS.replace('&', '&amp;')}</lot>" for n in range(length))
        declared = "<?xml version='1.0' encoding='utf-8'?>" if length % 2 else ""
        yield f"xml {length}", "données.xml", f"{declared}<marché>{body}</marché>".encode()
        yield (
            f"md {length}",
            "lisez-moi.md",
            f"# Titre\n\n{WORDS}\n\n```html\n<script>a</script>\n```\n".encode(),
        )
    yield "json text", "a.json", b'"simple"'
    yield "old xml", "a.xml", "<?xml version='1.0' encoding='iso-8859-1'?><a>é</a>".encode("iso-8859-1")


def open_documents():
    for kind in ("odt", "ods", "odp"):
        yield f"{kind} bare", f"note.{kind}", open_document(kind)
        link = "<a><text:a xlink:href='https://beta.gouv.fr'>lien</text:a><draw:image xlink:href='Pictures/a.png'/></a>"
        extra = {"Pictures/a.png": _picture(), "Thumbnails/thumbnail.png": _picture()}
        yield f"{kind} with a picture", f"image.{kind}", open_document(kind, extra, content=link)
        index = "<!DOCTYPE library:libraries PUBLIC '-//x//DTD 1.0//EN' 'libraries.dtd'><library:libraries/>"
        yield (
            f"{kind} with an empty library",
            f"vide.{kind}",
            open_document(kind, {"Basic/script-lc.xml": index}),
        )
    total = "<a><table:table-cell table:formula='of:=SUM([.A1:.A9])'/></a>"
    yield "ods with a sum", "total.ods", open_document("ods", content=total)


def folders():
    letter, book = next(letters())[2], next(spreadsheets())[2]
    for number in range(12):
        parts = {f"DCE/pièce {n}.txt": WORDS * (n + 1) for n in range(number + 1)}
        parts |= {
            "DCE/RC.docx": letter,
            "DCE/BPU.xlsx": book,
            "DCE/plan.png": _picture(),
            "DCE/vide.txt": b"",
        }
        parts |= {"DCE/CCTP.pdf": pdf()} if number % 2 else {"__MACOSX/._RC.docx": b"\x00\x05\x16\x07"}
        yield f"{number}", f"DCE {number}.zip", zipped(parts)

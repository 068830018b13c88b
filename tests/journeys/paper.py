"""What a document says, once the worker has laid it out."""

from io import BytesIO

from pypdf import PdfReader

from tests.journeys.people import Person


def text_of(pdf: bytes) -> str:
    """The words of a PDF in a row."""
    text = " ".join(sheet.extract_text() for sheet in PdfReader(BytesIO(pdf)).pages)
    return " ".join(text.split())


def printed(person: Person, page: str) -> str:
    """The text of the first document of a page, once the worker has laid it out."""
    for _try in range(60):
        pdf = person.visit(page).download()
        if pdf:
            return text_of(pdf)
        person.page.wait_for_timeout(1000)
    raise AssertionError(f"{page}: no document after a minute")

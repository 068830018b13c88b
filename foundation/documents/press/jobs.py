"""What the press is asked in one job: the forms of one document. The work of `foundation.isolation`."""

import gc
from pathlib import Path

from foundation.documents.press.pages import page_job, print_page, style_and_fonts
from foundation.documents.press.sheets import print_workbook
from foundation.documents.press.words import print_words

MAKERS = {
    "pdf": lambda order: print_page(page_job(order)),
    "docx": print_words,
    "xlsx": print_workbook,
}
GARBAGE = (10_000, 10, 5)
"""Memory is bounded anyway: garbage is searched for less often."""
PROOF = {
    "form": "pdf",
    "html": "<html lang='fr'><head><title>x</title></head><body><p>x</p></body></html>",
    "identifier": "00" * 16,
    "created_at": "2026-01-01T00:00:00+00:00",
    "files": {},
    "archive": False,
    "source": "",
}


def warm(folder: str) -> None:
    """Read our style and fonts, and print a line: what was read and compiled is not the first document's time."""
    gc.set_threshold(*GARBAGE)
    style_and_fonts(Path(folder))
    work({"orders": [{**PROOF, "folder": folder}]}, [])


def work(job: dict, _contents: list[bytes]) -> tuple[dict, list[bytes]]:
    """Every form that the job asks for, in its order."""
    printed = [MAKERS[order["form"]](order) for order in job["orders"]]
    return {"printed": [{"form": one.form, "pages": one.pages} for one in printed]}, [
        one.content for one in printed
    ]

"""What the press is asked in one job: the forms of one document."""

from foundation.documents.press.pages import page_job, print_page
from foundation.documents.press.printed import Printed
from foundation.documents.press.sheets import print_workbook
from foundation.documents.press.words import print_words

MAKERS = {
    "pdf": lambda order: print_page(page_job(order)),
    "docx": print_words,
    "xlsx": print_workbook,
}


def work(job: dict) -> list[Printed]:
    """Every form that the job asks for, in its order."""
    return [MAKERS[order["form"]](order) for order in job["orders"]]

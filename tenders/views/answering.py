"""The form of an answer: candidature, prices on line or from a spreadsheet, shown again as often as needed.

What is typed, or read in a spreadsheet, lives in this request and in the page: no session, no row, no file.
"""

import hashlib

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from concierge import selectors as concierge
from foundation.clock import now
from foundation.files.downloads import Download
from foundation.files.findings import Finding
from foundation.files.responses import file_response
from foundation.files.sheets import SPREADSHEET
from tenders import spreadsheets
from tenders.enums import RoundKind
from tenders.forms.candidature import MEMBER, ROWS, SUBCONTRACTOR, AnswerForm, CandidatureOnlyForm
from tenders.profiles import BID_FILE
from tenders.uploads import MemorySheet
from tenders.views.doors import visible_tender

ADD = "ajouter"
IMPORT = "importer"
FIRST_ROUND = 1


@require_safe
def schedule(request, pk, number):
    """The price schedule of a lot, to fill in a spreadsheet program. Who reads the call takes it."""
    tender = visible_tender(request, pk, wanted=())
    lot = get_object_or_404(tender.lots.prefetch_related("price_lines"), number=number)
    content = spreadsheets.schedule_book(lot)
    download = Download(
        f"{tender.reference}-lot-{lot.number}-bordereau.xlsx",
        spreadsheets.MEDIA_TYPE,
        len(content),
        hashlib.sha256(content).hexdigest(),
        lambda start, stop: iter([content[start:stop]]),
    )
    return file_response(request, download)


def answer_form(request, tender, bidder, envelope):
    """The form as this request asks it: empty, to be checked, or shown again with more rows or imported prices."""
    lots = list(tender.lots.all())
    file = concierge.supplier_file(bidder)
    facts = {
        "lots": lots,
        "refusals": envelope.refusals,
        "accept": BID_FILE.accept,
        "papers": concierge.usable_certificates(file, concierge.day_of(now())),
        "rows": _rows(request),
    }
    form_class = CandidatureOnlyForm
    if envelope.round.kind != RoundKind.CANDIDATURE:
        form_class, facts["asks_candidature"] = AnswerForm, envelope.round.number == FIRST_ROUND
    if request.method != "POST":
        form = form_class(**facts)
    elif _is_to_check(request):
        form = form_class(request.POST, request.FILES, **facts)
    else:
        typed, imports = _typed(request), _imported(request, lots)
        form = form_class(initial=typed | _prices(imports, lots), **facts)
        form.imports = [(lot, imports[lot.number]) for lot in lots if lot.number in imports]
    form.supplier_file = file
    return form


def _is_to_check(request) -> bool:
    """Whether the form is to be deposited: neither more rows nor an import is asked, no schedule came with it."""
    sheets = any(isinstance(found, MemorySheet) for found in request.FILES.values())
    return not sheets and ADD not in request.POST and IMPORT not in request.POST


def _rows(request) -> dict[str, int]:
    rows = {}
    for kind in (MEMBER, SUBCONTRACTOR):
        known = request.POST.get(f"{kind}s", "")
        rows[kind] = int(known) if known.isascii() and known.isdigit() and len(known) < 3 else ROWS
        if request.POST.get(ADD) == kind:
            rows[kind] += ROWS
    return rows


def _typed(request) -> dict:
    """What was typed, as it was typed: nothing is checked until the deposit."""
    several = {"certificates", "lot_numbers"}
    counts = {f"{MEMBER}s", f"{SUBCONTRACTOR}s"}
    typed = {name: request.POST.get(name) for name in request.POST if name not in several | counts}
    return typed | {name: request.POST.getlist(name) for name in several}


def _imported(request, lots) -> dict[int, spreadsheets.Imported]:
    """The schedules that came with the request, by number of lot."""
    found = {}
    for lot in lots:
        sheet = request.FILES.get(f"bordereau-{lot.number}")
        if isinstance(sheet, MemorySheet):
            found[lot.number] = _read(sheet, lot)
    return found


def _prices(imports: dict[int, spreadsheets.Imported], lots) -> dict[str, str]:
    """Imported prices as fields of the form, for the bidder to confirm."""
    fields = {}
    for lot in lots:
        prices = imports[lot.number].prices if lot.number in imports else {}
        fields |= {
            f"prix-{line.pk}": prices[line.code] for line in lot.price_lines.all() if line.code in prices
        }
        fields |= {f"answered-{lot.number}": True} if prices else {}
    return fields


def _read(sheet: MemorySheet, lot) -> spreadsheets.Imported:
    try:
        if sheet.content is None:
            raise Finding("size", limit=SPREADSHEET.max_bytes // (1024 * 1024))
        return spreadsheets.read_schedule(sheet.name, sheet.content, lot)
    except Finding as found:
        message = found.reason(sheet.name, types=SPREADSHEET.words).message
        return spreadsheets.Imported(errors=[spreadsheets.RowError(0, "", message)])

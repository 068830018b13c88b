"""Draft a consultation: its notice, lots, price schedules, custodians and documents."""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.enums import Role
from foundation.accounts.selectors import users_with_role
from foundation.errors import Reason, Refusal
from foundation.journal import services as journal
from tenders import legal, nomenclatures, registry, rules
from tenders.checklist import deadline_reasons
from tenders.models import Lot, PriceLine, Tender, TenderCounter, TenderDocument
from tenders.services.documents import document_store
from tenders.services.locking import draft_to_edit, remember_drafter

NOTICE_FIELDS = (
    "title",
    "description",
    "procedure",
    "procedure_justification",
    "technique",
    "delay_ground",
    "delay_justification",
    "max_candidates",
    "may_award_first_offers",
    "estimated_value_excl_tax",
    "maximum_value_excl_tax",
    "duration_months",
    "duration_justification",
    "cpv_code",
    "department_codes",
    "commune_codes",
    "max_lots_tendered",
    "max_lots_awarded",
    "lots_rule",
    "submission_due_at",
    "questions_due_at",
    "file_limit_mib",
    "bid_limit_mib",
    "custodian_threshold",
)


@transaction.atomic
def tender_create(*, project, by, at, **notice) -> Tender:
    """Open a draft on a project (`notice`: the fields of NOTICE_FIELDS); it takes the next reference of
    the year.

    Raises Refusal (forbidden) when `by` is not a buyer of the project's organisation.
    """
    if not rules.can_create_tender(by, project):
        raise Refusal(_("Seuls les acheteurs de l'organisation ouvrent ses consultations."), code="forbidden")
    tender = Tender(project=project, buyer=project.organisation, created_by=by, created_at=at)
    _write_notice(tender, notice, at)
    tender.reference = _next_reference(at)
    tender.save(force_insert=True)
    remember_drafter(tender, by)
    journal_draft(tender, "tenders.create", by, at)
    return tender


def _next_reference(at) -> str:
    year = at.astimezone(legal.PARIS).year
    TenderCounter.objects.get_or_create(year=year)
    counter = TenderCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"C{year}-{counter.last:05d}"


@transaction.atomic
def tender_update(*, tender, by, at, **notice) -> Tender:
    """Change the notice of a draft. Raises Refusal: not a draft, not a buyer, or a value that cannot be.

    A deadline may be left for later; once written it must hold for a notice sent at `at`.
    """
    tender = draft_to_edit(tender, by=by)
    _write_notice(tender, notice, at)
    tender.save()
    journal_draft(tender, "tenders.update", by, at)
    return tender


def _write_notice(tender: Tender, notice: dict, at) -> None:
    unknown = set(notice) - set(NOTICE_FIELDS)
    if unknown:
        raise TypeError(f"unknown notice fields: {sorted(unknown)}")
    for name, value in notice.items():
        setattr(tender, name, value)
    reasons = [*complete_places(tender), *_impossible(tender)]
    if notice.get("submission_due_at"):
        reasons += deadline_reasons(tender, at)
    if reasons:
        raise Refusal.of(reasons)


def complete_places(tender: Tender) -> Iterator[Reason]:
    """Places are official ones, each once; a commune brings its département. Gives what is wrong."""
    departments = nomenclatures.departments()
    communes = nomenclatures.communes() if tender.commune_codes else {}
    for code in tender.department_codes:
        if code not in departments:
            yield Reason(
                _("« %(code)s » n'est pas un numéro de département. Exemple : 75, 2A, 974.") % {"code": code},
                field="department_codes",
            )
    known = [code for code in tender.commune_codes if code in communes]
    for code in set(tender.commune_codes) - set(known):
        yield Reason(
            _("« %(code)s » n'est pas le code officiel d'une commune. Exemple : 44109 pour Nantes.")
            % {"code": code},
            field="commune_codes",
        )
    around = [communes[code].department for code in known]
    tender.department_codes = list(dict.fromkeys([*tender.department_codes, *around]))
    tender.commune_codes = list(dict.fromkeys(tender.commune_codes))


def _impossible(tender: Tender):
    if not tender.title or not tender.title.strip():
        yield Reason(_("Donnez un intitulé à la consultation."), field="title")
    if tender.questions_due_at and (
        not tender.submission_due_at or tender.questions_due_at > tender.submission_due_at
    ):
        yield Reason(
            _("Les questions s’arrêtent avant la date limite de réception : choisissez une date antérieure."),
            field="questions_due_at",
        )
    for name in ("estimated_value_excl_tax", "maximum_value_excl_tax"):
        value = getattr(tender, name)
        if value is not None and value <= 0:
            yield Reason(_("Écrivez un montant supérieur à zéro."), field=name)
    if tender.bid_limit_mib < tender.file_limit_mib:
        yield Reason(
            _("Un pli contient au moins un fichier : écrivez une taille de pli d'au moins %(size)d Mio.")
            % {"size": tender.file_limit_mib},
            field="bid_limit_mib",
        )
    if tender.custodian_threshold < 2:
        yield Reason(
            _("Les plis s'ouvrent à deux au moins : indiquez 2 ou davantage."), field="custodian_threshold"
        )


@transaction.atomic
def lot_add(*, tender, title, description="", max_holders=1, by, at) -> Lot:
    """Add a lot at the end. Raises Refusal."""
    tender = draft_to_edit(tender, by=by)
    last = tender.lots.order_by("-number").values_list("number", flat=True).first() or 0
    lot = Lot(tender=tender, number=last + 1)
    _write_lot(lot, title, description, max_holders)
    journal_draft(tender, "tenders.update", by, at)
    return lot


@transaction.atomic
def lot_update(*, lot, title, description="", max_holders=1, by, at) -> Lot:
    """Change a lot of a draft. Raises Refusal."""
    tender = draft_to_edit(lot.tender, by=by)
    _write_lot(lot, title, description, max_holders)
    journal_draft(tender, "tenders.update", by, at)
    return lot


def _write_lot(lot: Lot, title: str, description: str, max_holders: int) -> None:
    if not title.strip():
        raise Refusal(_("Donnez un intitulé au lot."), field="title")
    if max_holders < 1:
        raise Refusal(_("Un lot a au moins un titulaire."), field="max_holders")
    lot.title, lot.description, lot.max_holders = title, description, max_holders
    lot.save()


@transaction.atomic
def lot_remove(*, lot, by, at) -> None:
    """Remove a lot of a draft with its criteria and price lines; the following ones are renumbered."""
    tender = draft_to_edit(lot.tender, by=by)
    Lot.objects.get(pk=lot.pk, tender=tender).delete()
    for number, other in enumerate(tender.lots.order_by("number"), start=1):
        if other.number != number:
            other.number = number
            other.save(update_fields=["number"])
    journal_draft(tender, "tenders.update", by, at)


@transaction.atomic
def price_lines_set(*, lot, lines: list[dict], by, at) -> list[PriceLine]:
    """Replace the price schedule of a lot; each line is {code, label, unit}, with its simulated_quantity (1) and
    price_places (2). Raises Refusal.
    """
    tender = draft_to_edit(lot.tender, by=by)
    codes = [line["code"] for line in lines]
    if len(set(codes)) < len(codes):
        raise Refusal(
            _("Deux lignes du bordereau portent le même code : distinguez-les."), field="price_lines"
        )
    if any(line.get("simulated_quantity", 1) <= 0 for line in lines):
        raise Refusal(_("Chaque quantité simulée est supérieure à zéro."), field="price_lines")
    lot.price_lines.all().delete()
    rows = [PriceLine(lot=lot, position=rank, **facts) for rank, facts in enumerate(lines, start=1)]
    PriceLine.objects.bulk_create(rows)
    journal_draft(tender, "tenders.update", by, at)
    return rows


@transaction.atomic
def price_template_load(*, tender, code: str, by, at) -> list[Lot]:
    """Create the lots and price lines of a known catalogue, after those that the draft has. Raises
    Refusal.
    """
    tender = draft_to_edit(tender, by=by)
    template = registry.price_template(code)
    if template is None:
        raise Refusal(
            _("Ce modèle de bordereau n'existe pas : choisissez-en un dans la liste."), field="template"
        )
    lots = []
    for _number, title, lines in template.lots:
        lot = lot_add(tender=tender, title=title, by=by, at=at)
        facts = [{"code": line, "label": label, "unit": unit} for line, label, unit in lines]
        price_lines_set(lot=lot, lines=facts, by=by, at=at)
        lots.append(lot)
    return lots


@transaction.atomic
def custodians_set(*, tender, custodians, threshold: int = 2, by, at) -> Tender:
    """Name the custodians of the key and how many of them open the bids. Raises Refusal."""
    tender = draft_to_edit(tender, by=by)
    people = {person.pk: person for person in custodians}
    allowed = users_with_role(tender.buyer, Role.CUSTODIAN).filter(pk__in=people)
    if len(allowed) < len(people):
        raise Refusal(
            _("Un dépositaire doit avoir ce rôle dans votre organisation : corrigez la liste."),
            field="custodians",
        )
    if not 2 <= threshold <= max(len(people), 2):
        raise Refusal(
            _("Il faut au moins 2 dépositaires pour ouvrir, et pas plus que ceux que vous désignez."),
            field="custodian_threshold",
            article=legal.CONFIDENTIALITY.cited,
        )
    tender.custodian_threshold = threshold
    tender.save(update_fields=["custodian_threshold"])
    tender.custodians.set(people)
    journal_draft(tender, "tenders.update", by, at)
    return tender


@transaction.atomic
def document_add(*, tender, title, upload, by, at) -> TenderDocument:
    """Put a file in the consultation's file (DCE). Raises Refusal for a file that the checks refuse."""
    tender = draft_to_edit(tender, by=by)
    document = document_store(tender, title, upload, at)
    journal_draft(tender, "tenders.document", by, at)
    return document


@transaction.atomic
def document_remove(*, document, by, at) -> None:
    """Take a file out of a draft."""
    tender = draft_to_edit(document.tender, by=by)
    stored = document.file
    document.delete()
    transaction.on_commit(lambda: stored.storage.delete(stored.name))
    journal_draft(tender, "tenders.document", by, at)


def journal_draft(tender: Tender, action: str, by, at) -> None:
    """A line of the journal on a change of a draft, with the digest of its notice."""
    facts = {name: getattr(tender, name) for name in NOTICE_FIELDS}
    journal.record(by=by, action=action, obj=tender, at=at, after=facts, organisation=tender.buyer)

"""The purchase order (PDF and Word) and the steering table of an agreement: their kinds, the facts frozen in rows."""

from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.documents import services as documents
from foundation.documents.enums import DocumentForm
from foundation.documents.legal import RetentionClass
from foundation.documents.registry import (
    Column,
    DocumentKind,
    Dossier,
    Section,
    Sheet,
    Variable,
    register,
    register_dossier,
)
from foundation.money import format_euros, format_unit_price
from framework_agreements import rules, selectors
from framework_agreements.models import FrameworkAgreement, PurchaseOrder

PURCHASE_ORDER = "framework_agreements.purchase_order"
STEERING = "framework_agreements.steering"


def _can_see(user, document) -> bool:
    return bool(_orders_seen(user, [document]))


def _orders_seen(user, orders: list) -> list:
    identifiers = {document.object_id for document in orders}
    seen = rules.orders_visible_to(user).filter(pk__in=identifiers).values_list("pk", flat=True)
    found = {str(pk) for pk in seen}
    return [document for document in orders if document.object_id in found]


def _sees_steering(user, document) -> bool:
    agreement = FrameworkAgreement.objects.filter(pk=document.object_id).first()
    return agreement is not None and rules.can_administer_agreement(user, agreement)


def order_sections(document) -> list[Section]:
    """The words of the purchase order for Word."""
    facts = document.facts
    head = ("Code", "Unité d’œuvre", "Quantité", "Jours-homme", "Prix unitaire HT", "Montant HT")
    total = ("", gettext("Total hors taxes"), "", "", "", format_euros(Decimal(facts["total_excl_tax"])))
    return [
        Section(title=gettext("La commande"), paragraphs=tuple(_order_words(facts))),
        Section(
            title=gettext("Unités d’œuvre commandées"),
            caption=gettext("Prix en euros hors taxes"),
            head=tuple(gettext(label) for label in head),
            rows=(*(_line_words(line) for line in facts["lines"]), total),
        ),
        *(
            Section(
                title=f"{line['code']} {line['title']}",
                paragraphs=tuple(f"{item['moment']} : {item['label']}" for item in line["deliverables"]),
            )
            for line in facts["lines"]
            if line["deliverables"]
        ),
    ]


def _line_words(line: dict) -> tuple[str, ...]:
    return (
        line["code"],
        line["title"],
        line["quantity"],
        line["planned_days"],
        format_unit_price(Decimal(line["unit_price_excl_tax"])),
        format_euros(Decimal(line["amount_excl_tax"])),
    )


def _order_words(facts: dict) -> list[str]:
    words = [
        gettext("Numéro : %(label)s") % facts,
        gettext("Bénéficiaire : %(name)s, SIRET %(siret)s") % facts["beneficiary"],
        gettext("Titulaire : %(name)s, SIRET %(siret)s") % facts["holder"],
        gettext("Accord-cadre : %(reference)s, %(title)s, conclu par %(buyer)s") % facts["agreement"],
        gettext("Lot : %(number)s, %(title)s") % facts["lot"],
    ]
    if facts["delivery_due_date"]:
        day = date_format(date.fromisoformat(facts["delivery_due_date"]), "j F Y")
        words.append(gettext("Livraison attendue le %(day)s") % {"day": day})
    return [*words, *([facts["description"]] if facts["description"] else [])]


def steering_sheets(document) -> list[Sheet]:
    """One row an order: planned, done, left in person-days (CCTP § 7.2)."""
    columns = (
        Column(gettext("Bon de commande"), width=16),
        Column(gettext("Objet"), width=48),
        Column(gettext("Bénéficiaire"), width=36),
        Column(gettext("Titulaire"), width=30),
        Column(gettext("Émis le"), "date", 12),
        Column(gettext("Montant HT"), "euros", 16),
        Column(gettext("Jours prévus"), "days", 12),
        Column(gettext("Jours réalisés"), "days", 12),
        Column(gettext("Reste à faire"), "days", 12),
    )
    names = (
        *("label", "title", "beneficiary", "holder", "issued_date"),
        *("amount_excl_tax", "planned_days", "done_days", "remaining_days"),
    )
    rows = tuple(tuple(order[name] for name in names) for order in document.facts["orders"])
    return [
        Sheet(title=gettext("Avancement"), columns=columns, rows=rows, notes=(document.facts["agreement"],))
    ]


def _find_order(user, pk: str) -> PurchaseOrder | None:
    return rules.orders_visible_to(user).filter(pk=pk).first() if pk.isdecimal() else None


def _find_agreement(user, pk: str) -> FrameworkAgreement | None:
    return rules.agreements_visible_to(user).filter(pk=pk).first() if pk.isdecimal() else None


def _parts_of_agreement(agreement: FrameworkAgreement) -> list[tuple]:
    orders = PurchaseOrder.objects.filter(agreement=agreement).values_list("pk", flat=True)
    return [(FrameworkAgreement._meta.label, [agreement.pk]), (PurchaseOrder._meta.label, orders)]


KINDS = (
    DocumentKind(
        code=PURCHASE_ORDER,
        label=_("Bon de commande"),
        template="documents/framework_agreements/purchase_order.html",
        forms=(DocumentForm.PDF, DocumentForm.DOCX),
        sections=order_sections,
        can_see=_can_see,
        see_many=_orders_seen,
        is_archive=True,
        retention=RetentionClass.CONTRACT,
        variables=(
            Variable("commande", _("numéro du bon de commande"), "BC-12", "label"),
            Variable("titulaire", _("titulaire"), "Atelier Numérique", "holder.name"),
            Variable("beneficiaire", _("bénéficiaire"), "Ministère", "beneficiary.name"),
            Variable("accord", _("référence de l’accord-cadre"), "2026-AC-01", "agreement.reference"),
        ),
    ),
    DocumentKind(
        code=STEERING,
        label=_("Tableau de suivi d’un accord-cadre"),
        forms=(DocumentForm.XLSX,),
        sheets=steering_sheets,
        can_see=_sees_steering,
        retention=RetentionClass.WORKING,
        takes_clauses=False,
    ),
)
DOSSIERS = (
    Dossier(
        code="bon-de-commande",
        label=_("Bon de commande"),
        find=_find_order,
        parts=lambda order: [(order._meta.label, [order.pk])],
        page=lambda order: reverse("framework_agreements:order", args=[order.pk]),
    ),
    Dossier(
        code="accord-cadre",
        label=_("Accord-cadre"),
        find=_find_agreement,
        parts=_parts_of_agreement,
        page=lambda agreement: reverse("framework_agreements:agreement", args=[agreement.pk]),
    ),
)


def declare() -> None:
    """Make the kinds and the dossiers known to the documents."""
    for kind in KINDS:
        register(kind)
    for dossier in DOSSIERS:
        register_dossier(dossier)


def request_steering(agreement: FrameworkAgreement, by, at):
    """The steering table of the agreement as it stands, for a spreadsheet."""
    orders = selectors.progress_by_order(PurchaseOrder.objects.filter(agreement=agreement))
    facts = {
        "agreement": f"{agreement.reference} : {agreement.title}",
        "orders": [_steering_row(order) for order in orders],
    }
    return documents.document_request(
        kind=STEERING,
        obj=agreement,
        facts=facts,
        title=gettext("Suivi de l’accord-cadre %(reference)s") % {"reference": agreement.reference},
        by=by,
        at=at,
        organisation=agreement.buyer,
    )


def _steering_row(order) -> dict:
    return {
        "label": order.label,
        "title": order.title,
        "beneficiary": order.beneficiary.organisation.name,
        "holder": order.holder.organisation.name,
        "issued_date": localdate(order.issued_at).isoformat(),
        "amount_excl_tax": order.total_excl_tax,
        "planned_days": order.planned,
        "done_days": order.done,
        "remaining_days": order.left,
    }


def purchase_order_facts(order) -> dict:
    """All that the printed order says, read once at its issue."""
    agreement, lot = order.agreement, order.lot
    return {
        "label": order.label,
        "title": order.title,
        "description": order.description,
        "issued_at": order.issued_at.isoformat(),
        "issued_by": str(order.issued_by),
        "delivery_due_date": order.delivery_due_date.isoformat() if order.delivery_due_date else "",
        "agreement": {
            "reference": agreement.reference,
            "title": agreement.title,
            "buyer": str(agreement.buyer),
            "end_date": agreement.end_date.isoformat(),
            "price_note": agreement.price_note,
        },
        "lot": {"number": lot.number, "title": lot.title},
        "holder": _party(order.holder.organisation),
        "beneficiary": _party(order.beneficiary.organisation),
        "issuer": _party(order.beneficiary.organisation),
        "holder_reason": order.holder_reason,
        "lines": [
            _line_facts(line)
            for line in order.lines.select_related("work_unit").prefetch_related("work_unit__deliverables")
        ],
        "total_excl_tax": str(order.total_excl_tax),
    }


def _party(organisation) -> dict:
    names = ("name", "siret", "address", "postal_code", "city")
    return {name: getattr(organisation, name) for name in names}


def _line_facts(line) -> dict:
    unit = line.work_unit
    return {
        "position": line.position,
        "code": unit.code,
        "title": unit.title,
        "phase": unit.get_phase_display(),
        "is_code_ours": unit.is_code_ours,
        "quantity": str(line.quantity),
        "unit_price_excl_tax": str(line.unit_price_excl_tax),
        "amount_excl_tax": str(line.amount_excl_tax),
        "planned_days": str(line.planned_days),
        "deliverables": [
            {"moment": item.get_moment_display(), "label": item.label} for item in unit.deliverables.all()
        ],
    }

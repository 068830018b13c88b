"""A document kind for tests, with the facts of a purchase order."""

import uuid
from decimal import Decimal

from foundation.documents import services
from foundation.documents.models import Document
from foundation.documents.registry import DocumentKind

LINE = "Développement d’un produit minimum viable, phase de construction, complexité moyenne"


def order_kind(code="tests.order", **changes) -> DocumentKind:
    """A numbered kind that everyone may see."""
    values = {
        "label": "Bon de commande",
        "template": "documents/fixture/order.html",
        "numbering": "BC",
        "can_see": lambda user, document: True,
    }
    return DocumentKind(code=code, **{**values, **changes})


def order_facts(*, lines: int = 4, **changes) -> dict:
    """Facts of an order with this many lines."""
    amount = Decimal("24600.00")
    facts = {
        "issuer": {
            "name": "Direction interministérielle du numérique",
            "address": "20 avenue de Ségur",
            "postal_code": "75007",
            "city": "Paris",
            "siret": "12000101100010",
        },
        "beneficiary": {
            "name": "Ministère de la transition écologique",
            "person": "Inès Caron",
            "city": "Paris",
        },
        "holder": {
            "name": "Collectif Code Public",
            "person": "Émilie Garnier",
            "address": "8 rue de la République",
            "postal_code": "69001",
            "city": "Lyon",
            "siret": "73282932000074",
        },
        "agreement": "Accélération de services numériques à impact national",
        "lot": "Lot 2 : lancement et construction",
        "issued_at": "2026-03-03T09:41:00+01:00",
        "start_date": "2026-03-09",
        "end_date": "2026-03-27",
        "lines": [
            {
                "code": f"UO-L2.2.{number}",
                "label": LINE,
                "quantity": 2,
                "unit_price": amount / 2,
                "amount": amount,
            }
            for number in range(1, lines + 1)
        ],
        "total": amount * lines,
        "note": "Chaque récit validé consomme la charge prévue à la ligne de commande qui le paie.",
        "signatures": [
            {"role": "Pour le bénéficiaire", "name": "Bruno Salvat", "at": "2026-03-03T09:41:00+01:00"},
            {"role": "Pour le titulaire", "name": "Émilie Garnier", "at": ""},
        ],
    }
    return {**facts, **changes}


def make_document(
    *, about, at, by=None, kind="tests.order", title="Commande d’une construction", **facts
) -> Document:
    """A document asked for about `about`; it waits for the commit of the caller's transaction."""
    return services.document_request(
        kind=kind, obj=about, facts=order_facts(**facts), title=title, by=by, at=at
    )


def make_ready_document(*, at, **options) -> Document:
    """A document already laid out."""
    document = make_document(at=at, **options)
    return services.document_render(document_id=document.pk, at=at)


def make_failed_document(*, at, **options) -> Document:
    """A document whose rendering was given up."""
    document = make_document(at=at, **options)
    taken = {"state": "rendering", "attempts": 5, "claim": uuid.uuid4(), "rendering_at": at}
    Document.objects.filter(pk=document.pk).update(**taken)
    given_up = {"failed_at": at, "last_error": "MemoryError", "claim": None, "rendering_at": None}
    Document.objects.filter(pk=document.pk).update(state="failed", **given_up)
    document.refresh_from_db()
    return document

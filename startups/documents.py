"""The documents of this app: the acceptance record of an iteration; the dossier of a startup."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.documents.legal import RetentionClass
from foundation.documents.registry import (
    DocumentKind,
    Dossier,
    Variable,
    register,
    register_dossier,
    register_followers,
)
from startups import rules
from startups.models import Iteration, Startup


def _can_see_record(user, document) -> bool:
    """Those who read the iteration: the administration, and the holder of its order."""
    return bool(_records_seen(user, [document]))


def _records_seen(user, records: list) -> list:
    identifiers = {record.object_id for record in records}
    seen = rules.iterations_visible_to(user).filter(pk__in=identifiers).values_list("pk", flat=True)
    found = {str(pk) for pk in seen}
    return [record for record in records if record.object_id in found]


ACCEPTANCE_RECORD = DocumentKind(
    code="startups.acceptance_record",
    label=_("Procès-verbal d'itération"),
    template="documents/startups/acceptance_record.html",
    can_see=_can_see_record,
    see_many=_records_seen,
    numbering="PV",
    is_archive=True,
    retention=RetentionClass.CONTRACT,
    variables=(
        Variable("startup", _("startup d’État"), "Démarches simples", "startup.name"),
        Variable("titulaire", _("titulaire"), "Atelier Numérique", "holder.name"),
    ),
)


def _find(user, slug: str) -> Startup | None:
    return rules.startups_visible_to(user).filter(slug=slug).first()


DOSSIER = Dossier(
    code="startup",
    label=_("Startup d’État"),
    find=_find,
    parts=lambda startup: [
        (Iteration._meta.label, Iteration.objects.filter(startup=startup).values_list("pk", flat=True))
    ],
    page=lambda startup: reverse("startups:detail", args=[startup.slug]),
)


def _iterations_of_orders(orders: list) -> list[tuple]:
    """The records of iterations are kept as long as the order that paid them."""
    return [(Iteration._meta.label, Iteration.objects.filter(order__in=orders).values_list("pk", flat=True))]


def declare() -> None:
    """Make the kind, the dossier and what it follows known to the document service."""
    register(ACCEPTANCE_RECORD)
    register_dossier(DOSSIER)
    register_followers("framework_agreements.PurchaseOrder", _iterations_of_orders)

"""Are the custodians of the key named, in number, with their own key?"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from foundation.accounts.enums import Role
from foundation.accounts.selectors import users_with_role
from foundation.errors import Reason
from tenders import legal
from tenders.models import CustodianKey, KeyRehearsal, Tender

VALID = timedelta(days=180)
"""How long a rehearsal reassures: beyond, passphrases are forgotten."""


def named_custodians(tender: Tender):
    """Those who will each hold a share of the key: named on the draft, still custodians of the buyer.

    `has_key` says whether each has made a personal key.
    """
    keys = CustodianKey.objects.filter(user=OuterRef("pk"), retired_at__isnull=True)
    named = users_with_role(tender.buyer, Role.CUSTODIAN).filter(pk__in=tender.custodians.values("pk"))
    return named.annotate(has_key=Exists(keys))


def custodians_with_key(tender: Tender):
    """Named custodians who have made their personal key."""
    return named_custodians(tender).filter(has_key=True)


def custodians_to_check(tender: Tender, at: datetime) -> list:
    """The named custodians; `is_proven` says whether each has opened the personal key lately."""
    proven = KeyRehearsal.objects.filter(
        key__user=OuterRef("pk"), key__retired_at=None, proven_at__gt=at - VALID
    )
    return list(named_custodians(tender).annotate(is_proven=Exists(proven))) if tender.pk else []


def rehearsal_reasons(tender: Tender, named: list) -> Iterable[Reason]:
    """Custodians who have not proved lately that they still open their key: an advice, firmer for a formal
    procedure.
    """
    unsure = [str(user) for user in named if user.has_key and not user.is_proven]
    if not unsure:
        return
    words = _("Ces dépositaires n'ont pas répété l'ouverture de leur clé depuis six mois : %(names)s. ")
    if legal.PROCEDURES[tender.procedure].formal:
        words += _(
            "En procédure formalisée, demandez-le avant de publier : une phrase perdue se découvre à temps."
        )
    else:
        words += _("Une minute suffit, sur la page « Ma clé de dépositaire ».")
    yield Reason(
        words % {"names": ", ".join(unsure)}, field="custodians", article=legal.CONFIDENTIALITY.cited
    )


def custodian_reasons(tender: Tender, named: list) -> Iterable[Reason]:
    """Too few custodians, or some without a key yet; `named` as `custodians_to_check` gives them."""
    if not tender.pk:
        return
    if len(named) < max(tender.custodian_threshold, 2):
        yield Reason(
            _(
                "Désignez au moins %(threshold)s dépositaires (trois de préférence) : ils ouvriront les "
                "plis ensemble."
            )
            % {"threshold": tender.custodian_threshold},
            field="custodians",
            article=legal.CONFIDENTIALITY.cited,
        )
    missing = [str(user) for user in named if not user.has_key]
    if missing:
        yield Reason(
            _("Ces dépositaires n'ont pas encore créé leur clé : %(names)s. Demandez-leur de le faire.")
            % {"names": ", ".join(missing)},
            field="custodians",
            article=legal.CONFIDENTIALITY.cited,
        )

"""Are firms invited, when no notice calls them?"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from foundation.errors import Reason
from tenders.checklist.notice import rule_of
from tenders.models import Tender

SEVERAL = 3
"""Our advice, not a number of the law: the buyer does not always consult the same firm (art. R2122-8)."""


def invited_reasons(tender: Tender, count: int) -> Iterable[Reason]:
    """At least one firm is invited; `count` are."""
    if not count:
        yield Reason(
            _(
                "Invitez les entreprises qui répondront : sans avis publié, elles seules liront la consultation."
            ),
            field="firm",
            article=rule_of(tender).article,
        )


def few_invited_reasons(tender: Tender, count: int) -> Iterable[Reason]:
    """An advice: several firms."""
    if 0 < count < SEVERAL:
        yield Reason(
            _("Inviter trois entreprises ou plus fait jouer la concurrence et varie vos fournisseurs."),
            article=rule_of(tender).article,
        )

"""Stage 3: consultations and sealed bids."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TendersConfig(AppConfig):
    """Declares what this stage adds to the journal, the documents, the messages and the state machines."""

    name = "tenders"
    verbose_name = _("Consultations")

    def ready(self) -> None:
        """Fill the registries of the foundation."""
        from foundation.journal import registry as journal
        from foundation.workflow import guard
        from tenders import documents, events, notifications, screens
        from tenders.models import Bid, Tender
        from tenders.workflow import BID, TENDER

        journal.declare(events.ACTIONS)
        guard(Tender, TENDER)
        guard(Bid, BID)
        documents.declare()
        notifications.declare()
        screens.declare()

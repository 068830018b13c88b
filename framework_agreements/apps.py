"""Stage 4: framework agreements, work units, orders, ceilings."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FrameworkAgreementsConfig(AppConfig):
    """Declares what this stage adds to the journal, the documents, the messages and the screens."""

    name = "framework_agreements"
    verbose_name = _("Accords-cadres")

    def ready(self) -> None:
        """Fill the registries of the rooms below."""
        from foundation.api import scopes
        from foundation.journal import registry as journal
        from foundation.workflow import guard
        from framework_agreements import (
            documents,
            events,
            notifications,
            perimeters,
            price_schedule,
            rules,
            screens,
            search,
            tasks,
            verification,
            webhooks,
        )
        from framework_agreements.models import FrameworkAgreement, PurchaseOrder
        from framework_agreements.workflow import AGREEMENT, ORDER
        from tenders.events import AwardReversed, TenderAwarded, listen

        journal.declare(events.ACTIONS)
        verification.declare()
        journal.show_history(FrameworkAgreement, rules.can_administer_agreement)
        journal.show_history(PurchaseOrder, rules.can_view_order)
        guard(FrameworkAgreement, AGREEMENT)
        guard(PurchaseOrder, ORDER)
        documents.declare()
        notifications.declare()
        perimeters.declare()
        webhooks.declare()
        screens.declare()
        search.declare()
        price_schedule.declare()
        listen(TenderAwarded, tasks.on_tender_awarded)
        listen(AwardReversed, tasks.on_award_reversed)
        scopes.declare(
            {
                "orders:write": _("Préparer, abandonner, suivre et solder les bons de commande"),
                "orders:issue": _("Émettre les bons de commande"),
                "orders:acknowledge": _("Accuser réception des bons de commande"),
            }
        )

"""Around the stages: what the platform keeps for those who answer."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConciergeConfig(AppConfig):
    """Declares what this app adds to the journal, the messages, the files and the screens."""

    name = "concierge"
    verbose_name = _("Dossier des fournisseurs")

    def ready(self) -> None:
        """Fill the registries of the foundation."""
        from concierge import downloads, notifications, rules, screens
        from concierge.journal_actions import ACTIONS
        from concierge.models import SupplierFile
        from foundation.api import scopes
        from foundation.journal import registry as journal

        journal.declare(ACTIONS)
        journal.show_history(
            SupplierFile, lambda user, file: rules.can_edit_supplier_file(user, file.organisation)
        )
        downloads.declare()
        notifications.declare()
        screens.declare()
        scopes.declare({"supplier-file:write": _("Écrire le dossier de son entreprise")})

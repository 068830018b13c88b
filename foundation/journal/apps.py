from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    """Append-only record of who did what, chained, signed and stamped."""

    name = "foundation.journal"
    label = "journal"
    verbose_name = _("Journal")

    def ready(self) -> None:
        """Say at deployment what is missing to make the journal a proof."""
        from foundation.journal import checks  # noqa: F401 (registers)

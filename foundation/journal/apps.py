from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    """Append-only record of who did what, each line chained to the one before."""

    name = "foundation.journal"
    label = "journal"
    verbose_name = _("Journal")

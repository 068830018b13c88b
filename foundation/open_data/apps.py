from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpenDataConfig(AppConfig):
    """What anyone may reuse, in the formats that others expect (Open Contracting Data Standard)."""

    name = "foundation.open_data"
    label = "open_data"
    verbose_name = _("Données ouvertes")

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScreensConfig(AppConfig):
    """The look and the shell: base page, components, forms, home, dashboard, help."""

    name = "foundation.screens"
    label = "screens"
    verbose_name = _("Écrans")

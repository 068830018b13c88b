from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "foundation.search"
    label = "search"
    verbose_name = _("recherche")
    default_auto_field = "django.db.models.BigAutoField"

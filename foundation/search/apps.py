from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """The one box: the stages declare what can be found in it."""

    name = "foundation.search"
    label = "search"
    verbose_name = _("recherche")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from foundation.search import kinds

        kinds.declare()

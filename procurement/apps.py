"""The project as an app: its management commands, and the static files it leaves out."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig as DjangoStaticFilesConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def guard_tables(using: str, plan=None, **kwargs) -> None:
    """After `migrate`: the triggers of the running code, then the rights of the platform's role.

    A flush sends the same signal, without a plan: it changes no table.
    """
    import pgtrigger

    from foundation.database import grants

    if plan is not None:
        pgtrigger.install(database=using)
        grants.apply(using)


class ProcurementConfig(AppConfig):
    """Holds what spans every stage: commands, measures, scheduled tasks."""

    name = "procurement"
    verbose_name = _("exploitation")

    def ready(self) -> None:
        """Bind tasks declared with `shared_task` to our Celery application; open the pages of operations."""
        from foundation.accounts.selectors import is_platform_admin
        from foundation.database.triggers import nobody_silences
        from foundation.screens.registry import NavItem, register_nav
        from procurement import celery  # noqa: F401
        from procurement.operations import runs, tasks  # noqa: F401

        nobody_silences()
        post_migrate.connect(guard_tables, sender=self)
        register_nav(NavItem(_("Exploitation"), "operations:state", is_platform_admin, order=95))


UNUSED_PARTS = ("analytics", "artwork", "component", "core", "dsfr", "layout", "legacy", "scheme", "utility")
UNUSED_ICONS = (
    "buildings",
    "communication",
    "design",
    "development",
    "device",
    "document",
    "finance",
    "health",
)


class StaticFilesConfig(DjangoStaticFilesConfig):
    """Static files, less what no page uses: collecting all of django-dsfr takes over a minute.

    Left of it, for the State theme only: its style sheet, with the icons and the fonts that it names.
    The neutral theme collects nothing of django-dsfr: the State's font and marks may not be served with it.
    """

    ignore_patterns = [
        *DjangoStaticFilesConfig.ignore_patterns,
        *([] if settings.JALON_THEME == "etat" else ["dsfr"]),
        *("*.map", "*.md", "rest_framework/*", "django_htmx/ext/*", "django_htmx/ht*-4*"),
        *("css/dsfr-*", "js/formsets.js", "django-dsfr/*"),
        *("dsfr/dist/*.js", "dsfr/dist/dsfr.legacy*", "dsfr/dist/dsfr.main*", "dsfr/dist/dsfr.print*"),
        *(f"dsfr/dist/{part}/*" for part in UNUSED_PARTS),
        *(f"dsfr/dist/icons/{folder}/*" for folder in (*UNUSED_ICONS, "map", "others")),
    ]

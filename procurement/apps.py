"""The project as an app: its management commands, and the static files it leaves out."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig as DjangoStaticFilesConfig


class ProcurementConfig(AppConfig):
    """Holds the management commands that span every stage."""

    name = "procurement"

    def ready(self) -> None:
        """Bind tasks declared with `shared_task` to our Celery application."""
        from procurement import celery  # noqa: F401


class StaticFilesConfig(DjangoStaticFilesConfig):
    """Static files, less the parts of django-dsfr that no page uses."""

    ignore_patterns = [*DjangoStaticFilesConfig.ignore_patterns, "*.map"]

"""The Django project: settings, URLs, Celery. No domain code; nobody imports it."""

"""What `manage.py check --deploy` says of the journal's means."""

from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from foundation.journal import keys


@register(Tags.security, deploy=True)
def signing_key(app_configs, **kwargs) -> list:
    """Without a key of its own, an installation signs nothing, or signs with a key that proves nothing."""
    try:
        key = keys.signing_key()
    except (ImproperlyConfigured, OSError) as error:
        return [Error(str(error), id="journal.E001")]
    if key is None or key.is_development:
        hint = "Tirez-en une avec `manage.py journal_key --new` et donnez-la dans JOURNAL_SIGNING_KEY."
        return [
            Warning("Le journal n'est pas signé par une clé de cette installation.", hint, id="journal.W001")
        ]
    return []


@register(Tags.security, deploy=True)
def authority(app_configs, **kwargs) -> list:
    """Tokens cannot be checked without the certificates of the authority."""
    if not settings.TSA_URL:
        return [Warning("Aucune autorité d'horodatage (TSA_URL).", id="journal.W002")]
    if not settings.TSA_CA_FILE or not Path(settings.TSA_CA_FILE).is_file():
        return [
            Error("TSA_CA_FILE : donnez les certificats (PEM) de l'autorité de TSA_URL.", id="journal.E002")
        ]
    return []

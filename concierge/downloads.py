"""The papers of a firm behind signed links."""

from concierge import rules
from concierge.models import Certificate
from foundation.files import downloads, registry

CERTIFICATE = "concierge.certificate"


def _find(user, object_id: str, at) -> downloads.Download | None:
    if not object_id.isdigit():
        return None
    visible = Certificate.objects.filter(file__in=rules.files_visible_to(user))
    found = visible.filter(pk=object_id).first()
    return certificate_file(found) if found else None


def certificate_file(found: Certificate) -> downloads.Download:
    """The file of a paper."""
    return downloads.stored(
        found.content.name,
        name=found.name,
        media_type=found.content_type,
        size=found.size,
        digest=found.sha256,
    )


def declare() -> None:
    """Fill the registry of signed links."""
    registry.register(registry.LinkKind(CERTIFICATE, _find))

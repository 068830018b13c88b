"""The papers of a firm: added, replaced, removed, and recalled before they end."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from concierge.legal import ONE_IN_FORCE, REMINDED_BEFORE_DAYS
from concierge.models import Certificate
from concierge.notifications import tell_ending
from concierge.profiles import CERTIFICATE_FILE
from concierge.selectors import day_of
from concierge.services.experience import MOST
from concierge.services.locking import file_to_edit, record
from foundation.errors import Reason, Refusal
from foundation.files import services as files


@transaction.atomic
def certificate_add(*, organisation, kind, upload, by, at, title="", **facts) -> Certificate:
    """Put a paper in the file (`facts`: issuer, issued_date, expires_date). One of a kind in force replaces the former.

    Raises Refusal: a file that the checks refuse, crossed dates, a paper that has already ended.
    """
    file = file_to_edit(organisation, by=by, at=at)
    _check_dates(facts.get("issued_date"), facts.get("expires_date"), day_of(at))
    if file.certificates.count() >= MOST:
        raise Refusal(_("Ce dossier compte déjà %(most)d pièces : retirez-en une.") % {"most": MOST})
    checked = files.check_upload(upload, profile=CERTIFICATE_FILE, field="upload")
    if kind in ONE_IN_FORCE:
        for former in file.certificates.filter(kind=kind):
            _drop(former)
    certificate = Certificate(
        file=file,
        kind=kind,
        title=title,
        name=checked.name,
        content_type=checked.media_type,
        size=checked.size,
        sha256=checked.sha256,
        added_by=by,
        added_at=at,
        **facts,
    )
    folder = f"concierge/certificates/{file.pk}"
    certificate.content.name = files.store(upload, folder=folder, name=checked.name)
    certificate.save()
    after = {"kind": kind, "sha256": checked.sha256, "expires_date": str(certificate.expires_date or "")}
    record(file, "concierge.certificate_add", by=by, at=at, after=after)
    return certificate


def _check_dates(issued, expires, today) -> None:
    if expires and expires < today:
        raise Refusal.of(
            [
                Reason(
                    _("Cette pièce est déjà expirée : joignez celle qui est en cours."), field="expires_date"
                )
            ]
        )
    if issued and issued > today:
        raise Refusal.of([Reason(_("Cette date est à venir : vérifiez-la."), field="issued_date")])


def _drop(certificate: Certificate) -> None:
    stored = certificate.content.name
    certificate.delete()
    transaction.on_commit(lambda: default_storage.delete(stored))


@transaction.atomic
def certificate_remove(*, certificate, by, at) -> None:
    """Take a paper out of the file; the copies already sealed in a bid stay there."""
    file = file_to_edit(certificate.file.organisation, by=by, at=at)
    before = {"kind": certificate.kind, "sha256": certificate.sha256}
    _drop(certificate)
    record(file, "concierge.certificate_remove", by=by, at=at, before=before)


@transaction.atomic
def certificates_remind(*, at, limit: int = 200) -> int:
    """Tell firms of the papers that end in 30 days, in 7, and the day after their last. Returns how many were told."""
    today = day_of(at)
    due = Q()
    for sent, days in enumerate(REMINDED_BEFORE_DAYS):
        due |= Q(reminders__lte=sent, expires_date__lt=today + timedelta(days=days))
    rows = Certificate.objects.filter(due).select_related("file__organisation").order_by("pk")
    waiting = list(rows.select_for_update(of=("self",), skip_locked=True)[:limit])
    for certificate in waiting:
        left = (certificate.expires_date - today).days
        certificate.reminders = sum(left < days for days in REMINDED_BEFORE_DAYS)
        certificate.save(update_fields=["reminders"])
        tell_ending(certificate, is_over=left < 0, at=at)
    return len(waiting)

"""The files of an answer that are already sealed: what the page shows of them, and how one is taken out."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.screens.doors import attempt
from tenders import rules, services
from tenders.enums import UploadState
from tenders.envelopes import Envelope
from tenders.models import UploadedFile
from tenders.views.copies import DIGEST, NAMED


def sent_files(envelope: Envelope, posted) -> list[dict]:
    """The files already received for this answer: name while it is known, size, whether it is whole."""
    if envelope.session is None:
        return []
    names = {part.id: part.name for part in envelope.parts}
    digests = {part.id: part.plain_sha256 for part in envelope.parts}
    files = envelope.session.files.filter(removed_at=None).select_related("lot")
    return [
        {
            "id": file.pk,
            "name": names.get(file.pk) or posted.get(f"{NAMED}{file.pk}", "")[:255],
            "sha256": digests.get(file.pk) or posted.get(f"{DIGEST}{file.pk}", "")[:64],
            "lot": file.lot,
            "size": file.size,
            "received": file.received,
            "is_complete": file.is_complete,
            "remove_url": reverse("tenders:upload_remove", args=[envelope.tender.pk, file.pk]),
        }
        for file in files
    ]


def api_addresses(envelope: Envelope, bidder) -> dict:
    """Where the script of the page sends files."""
    return {"uploads": reverse("api:upload-list"), "tender": envelope.tender.pk, "bidder": bidder.pk}


@login_required
@require_POST
def file_remove(request, pk, file_pk):
    """Take a file that was already received out of one's answer."""
    own = UploadedFile.objects.filter(
        session__in=rules.uploads_visible_to(request.user), session__round__tender=pk, removed_at=None
    )
    file = own.filter(pk=file_pk, session__state=UploadState.OPEN).select_related("session").first()
    if file is None:
        raise Http404
    done = _("Le fichier est retiré de votre réponse.")
    attempt(request, lambda: services.upload_remove_file(file=file, by=request.user), done)
    return redirect(reverse("tenders:answer", args=[pk]) + f"?organisation={file.session.bidder_id}")


@login_required
@require_POST
def sending_abandon(request, pk, session_pk):
    """Give up a sending that a device sealed, to begin another one here."""
    own = rules.uploads_visible_to(request.user).filter(round__tender=pk, opened_by=request.user)
    session = own.filter(pk=session_pk, state=UploadState.OPEN).select_related("bidder").first()
    if session is None:
        raise Http404
    done = _("Cet envoi est abandonné : commencez-en un autre.")
    attempt(request, lambda: services.upload_abandon(session=session, by=request.user), done)
    return redirect(reverse("tenders:answer", args=[pk]) + f"?organisation={session.bidder_id}")

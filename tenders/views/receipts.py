"""The proofs of a deposit, for the firm that made it: verifiable receipt, pieces read again, sealed pieces."""

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.clock import now
from foundation.errors import Refusal
from foundation.files.responses import file_response
from foundation.journal.selectors import signing_keys
from tenders import services
from tenders.views.deposit import own_bid


@never_cache
@login_required
@require_safe
def bid_receipt(request, bid_pk):
    """The receipt with its proofs, to be kept and checked without the platform."""
    bid = own_bid(request, bid_pk)
    try:
        told = services.bid_receipt(bid=bid)
    except Refusal as refusal:
        return render(
            request, "tenders/deposit/no_proof.html", {"bid": bid, "reason": str(refusal)}, status=409
        )
    name = f"accuse-{bid.tender.reference}-{bid.pk}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return JsonResponse(told, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1})


@never_cache
@login_required
@require_POST
def read_again(request, bid_pk):
    """Every kept piece read again, its digest beside that of the receipt."""
    bid = own_bid(request, bid_pk)
    read = services.bid_read_again(bid=bid, by=request.user, at=now())
    context = {
        "bid": bid,
        "tender": bid.tender,
        "read": read,
        "is_same": all(piece.is_same for piece in read),
        "keys": signing_keys(),
        "breadcrumbs": [
            (_("Mes réponses"), reverse("tenders:answers")),
            (bid.tender.reference, reverse("tenders:bid", args=[bid.pk])),
            (_("Relire"), None),
        ],
    }
    return render(request, "tenders/deposit/read_again.html", context)


@never_cache
@login_required
@require_safe
def sealed_part(request, bid_pk, part_pk):
    """A piece as it is kept, sealed."""
    bid = own_bid(request, bid_pk)
    part = get_object_or_404(bid.parts.select_related("bid"), pk=part_pk)
    return file_response(request, services.sealed_part_download(part=part, by=request.user))

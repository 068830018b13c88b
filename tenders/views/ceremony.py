"""What a custodian's own device reads: his locked key, his sealed shares; an alarm, which a signatory decides."""

import base64

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.fresh import fresh_sign_in_for_posts
from foundation.clock import now
from foundation.errors import Refusal
from foundation.screens.doors import submitted
from tenders import rules, selectors, services
from tenders.enums import Finding
from tenders.forms.opening import AlarmForm
from tenders.models import OpeningAlarm
from tenders.views.doors import allowed_tender


@never_cache
@login_required
@require_safe
def own_key(request):
    """One's current key, locked, with a challenge to sign."""
    key = selectors.current_custodian_key(request.user)
    if key is None or not rules.can_hold_custodian_key(request.user):
        raise Http404
    return JsonResponse(
        {
            **services.key_facts(key),
            "locked": bytes(key.locked_seed).hex(),
            "parameters": key.lock_parameters,
            "challenge": services.rehearsal_challenge(request.user),
        }
    )


@never_cache
@login_required
@require_safe
def own_shares(request, pk):
    """One's shares of the bids to open, sealed, with the key that they were sealed to; a problem before its hour."""
    tender = allowed_tender(request, pk, rules.can_contribute_to_opening, wanted=())
    try:
        seat, shares = services.sealed_shares(tender=tender, by=request.user)
    except services.Altered as altered:
        services.alarm_raise(round=altered.round, findings=altered.findings)
        return JsonResponse({"detail": str(altered)}, status=409)
    except Refusal as refusal:
        return JsonResponse({"detail": str(refusal)}, status=409)
    key = seat.custodian_key
    return JsonResponse(
        {
            "tender": str(tender.pk),
            "round": str(seat.custody.round_id),
            "person": str(seat.custodian_id),
            "public_key": bytes(key.public_key).hex(),
            "locked": bytes(key.locked_seed).hex(),
            "parameters": key.lock_parameters,
            "bids": [_share(share) for share in shares],
        }
    )


def _share(share) -> dict:
    return {
        "bid": str(share.bid_id),
        "bidder": str(share.bid.bidder_id),
        "sealed_share": base64.b64encode(bytes(share.sealed_share)).decode(),
        "commitment": share.commitment,
    }


def alarms_of(round, user) -> list[dict]:
    """The alarms of a round, in words, with what this person may do about them."""
    return [
        {
            "alarm": alarm,
            "findings": [(Finding(found["kind"]).label, found["bid"]) for found in alarm.findings],
            # What names no bid is mended by the operator, not decided away.
            "is_decidable": all(found["bid"] for found in alarm.findings),
            "may_decide": alarm.decided_at is None and rules.can_decide_alarm(user, alarm),
        }
        for alarm in round.alarms.select_related("decided_by", "round__tender__buyer")
    ]


@login_required
@fresh_sign_in_for_posts
@require_POST
def alarm_decide(request, pk, alarm_pk):
    """Decide, as a signatory, to open what is intact."""
    alarms = OpeningAlarm.objects.select_related("round__tender__buyer").filter(round__tender=pk)
    alarm = get_object_or_404(alarms, pk=alarm_pk)
    if not rules.can_decide_alarm(request.user, alarm):
        raise Http404
    form = AlarmForm(request.POST)

    def call(data):
        return services.alarm_decide(alarm=alarm, **data, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(
            request, _("Votre décision est enregistrée : l'ouverture peut reprendre sans ces plis.")
        )
    for words in form.errors.values():
        messages.error(request, " ".join(words))
    return redirect("tenders:opening", pk=pk)

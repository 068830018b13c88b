"""Asking for a second person, confirming, refusing, letting lapse."""

from datetime import timedelta

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.accounts.approvals import registry, rules
from foundation.accounts.approvals.workflow import APPROVAL
from foundation.accounts.enums import ApprovalState
from foundation.accounts.models import Approval
from foundation.accounts.selectors import principal_for
from foundation.errors import Refusal
from foundation.journal import services as journal
from foundation.notifications.services import notify

LAPSES_AFTER = timedelta(days=14)
"""Our choice: long enough for a holiday, short enough that the situation is still the same."""


@transaction.atomic
def approval_ask(*, action, obj, change, organisation, reason="", by, at) -> Approval:
    """Freeze what `by` wants done to `obj` and tell who may confirm it.

    `change` is JSON and, with the state of the object, all that the second person will see. Raises Refusal when the
    same request already waits, or when there is nobody else to confirm it.
    """
    declared = registry.find(action)
    facts = _facts(declared, obj, change)
    approval = Approval(
        action=action,
        object_type=obj._meta.label,
        object_id=str(obj.pk),
        object_label=str(obj)[:250],
        organisation=organisation,
        facts=facts,
        digest=journal.digest(facts),
        asked_by=by,
        asked_for=principal_for(by),
        asked_at=at,
        reason=reason,
        lapses_at=at + LAPSES_AFTER,
    )
    confirmers = list(rules.confirmers_of(approval))
    if not confirmers:
        raise Refusal(
            _("Personne d’autre ne peut confirmer cette action : donnez d’abord le rôle à quelqu’un.")
        )
    _insert(approval)
    _record("accounts.ask_approval", approval, obj, by=by, at=at, reason=reason)
    _tell("accounts.approval_asked", confirmers, approval, at=at)
    return approval


@transaction.atomic
def approval_confirm(*, approval, digest, by, at) -> Approval:
    """Do the act, in the name of both. `digest` is that of the facts `by` has read.

    Raises Refusal when `by` is not a second person, when the request is decided or lapsed, when the object changed
    since, or when the act itself is refused; nothing is then written.
    """
    approval = _locked(approval)
    APPROVAL.apply(approval, "confirm", by=by, at=at)
    declared = registry.find(approval.action)
    obj = _object_of(approval)
    facts = _facts(declared, obj, approval.facts["change"]) if obj is not None else None
    if digest != approval.digest or journal.digest(facts) != approval.digest:
        raise Refusal(
            _(
                "La situation a changé depuis la demande : elle ne peut plus être confirmée, elle est à refaire."
            ),
            code="conflict",
        )
    _decide(approval, by=by, at=at)
    declared.perform(approval, obj, by=by, at=at)
    _record("accounts.confirm_approval", approval, obj, by=by, at=at)
    _tell("accounts.approval_decided", [approval.asked_by], approval, at=at)
    return approval


@transaction.atomic
def approval_refuse(*, approval, reason, by, at) -> Approval:
    """Refuse, with the reason told to who asked."""
    approval = _locked(approval)
    APPROVAL.apply(approval, "refuse", by=by, at=at)
    _decide(approval, by=by, at=at, reason=reason)
    _record("accounts.refuse_approval", approval, _object_of(approval), by=by, at=at, reason=reason)
    _tell("accounts.approval_decided", [approval.asked_by], approval, at=at)
    return approval


def approvals_lapse(*, at) -> int:
    """End the requests that nobody decided in time; returns how many. Each in its own transaction."""
    waiting = Approval.objects.filter(state="asked", lapses_at__lte=at).values_list("pk", flat=True)
    return sum(_lapse(pk, at) for pk in list(waiting))


@transaction.atomic
def _lapse(pk, at):
    approval = (
        Approval.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=pk, state="asked")
        .first()
    )
    if approval is None:
        return False
    APPROVAL.apply(approval, "lapse", by=None, at=at)
    approval.decided_at = at
    approval.save(update_fields=["state", "decided_at"])
    _record("accounts.lapse_approval", approval, _object_of(approval), by=None, at=at)
    _tell("accounts.approval_decided", [approval.asked_by], approval, at=at)
    return True


def _facts(declared, obj, change):
    return {"change": change, "object": declared.state_of(obj, change)}


def _insert(approval):
    try:
        with transaction.atomic():
            approval.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(_("Cette demande attend déjà une confirmation."), code="conflict") from error


def _locked(approval):
    related = Approval.objects.select_related("asked_by", "asked_for", "organisation")
    return related.select_for_update(of=("self",)).get(pk=approval.pk)


def _object_of(approval):
    """The object, locked; None when it is gone."""
    model = apps.get_model(approval.object_type)
    return model._default_manager.select_for_update(of=("self",)).filter(pk=approval.object_id).first()


def _decide(approval, *, by, at, reason=""):
    approval.decided_by, approval.decided_at, approval.decision_reason = by, at, reason
    approval.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])


def _record(action, approval, obj, *, by, at, reason=""):
    """A line on the object, which names both persons."""
    words = [f"{registry.find(approval.action).label} ({approval.object_label})"]
    words.append(_("demandé par %(person)s") % {"person": approval.asked_by})
    if approval.decided_by:
        words.append(_("décidé par %(person)s") % {"person": approval.decided_by})
    journal.record(
        by=by,
        action=action,
        obj=obj if obj is not None else approval,
        at=at,
        reason=", ".join([*words, *([reason] if reason else [])]),
        before={"approval": approval.pk, "state": ApprovalState.ASKED} if approval.decided_at else None,
        after={"approval": approval.pk, "digest": approval.digest, "state": approval.state},
        organisation=approval.organisation if by is not None else None,
    )


def _tell(kind, people, approval, *, at):
    context = {
        "label": str(registry.find(approval.action).label),
        "object": approval.object_label,
        "asked_by": str(approval.asked_by),
        "decided_by": str(approval.decided_by or ""),
        "decision_reason": approval.decision_reason,
        "state": approval.get_state_display(),
        "lapses": date_format(timezone.localtime(approval.lapses_at), "j F Y"),
    }
    url = approval.get_absolute_url()
    notify(kind=kind, recipients=people, obj=approval, context=context, url=url, at=at)

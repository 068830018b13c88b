"""Asking for a second person, confirming, refusing, opposing, letting lapse or take effect."""

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
def approval_ask(*, action, obj, change, organisation, reason="", outside_from_at=None, by, at) -> Approval:
    """Freeze what `by` wants done to `obj` and tell who may confirm it.

    `change` is JSON and, with the state of the object, all that the second person will see. From `outside_from_at` on,
    people from outside the organisation may confirm: everybody there is told now. Raises Refusal when the same request
    already waits, or when there is nobody else to confirm it.
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
        outside_from_at=outside_from_at,
    )
    confirmers = list(rules.confirmers_of(approval))
    if not confirmers:
        raise Refusal(
            _("Personne d’autre ne peut confirmer cette action : donnez d’abord le rôle à quelqu’un."),
            code="conflict",
        )
    _insert(approval)
    _record("accounts.ask_approval", approval, obj, by=by, at=at, reason=reason)
    _tell("accounts.approval_asked", confirmers, approval, at=at)
    _announce(approval, at=at)
    return approval


@transaction.atomic
def approval_confirm(*, approval, digest, by, at) -> Approval:
    """Do the act, in the name of both, or have it wait for its delay. `digest` is that of the facts `by` has read.

    Raises Refusal when `by` is not a second person, when the house still has its time to answer, when the request is
    decided or lapsed, when the object changed since, or when the act itself is refused; nothing is then written.
    """
    approval = _locked(approval)
    declared = registry.find(approval.action)
    delay = declared.delay_of(approval, by, at)
    APPROVAL.apply(approval, "delay" if delay else "confirm", by=by, at=at)
    _check_turn(approval, by, at)
    obj = _object_of(approval)
    _check_unchanged(approval, declared, obj, digest)
    approval.takes_effect_at = at + delay if delay else None
    _decide(approval, by=by, at=at)
    _record("accounts.confirm_approval", approval, obj, by=by, at=at)
    if not delay:
        declared.perform(approval, obj, by=by, at=at)
    _tell("accounts.approval_decided", [approval.asked_by], approval, at=at)
    _announce(approval, at=at)
    return approval


@transaction.atomic
def approval_oppose(*, approval, reason, by, at) -> Approval:
    """Stop what people from outside ask for one's organisation, with the reason told to them and to everybody there."""
    approval = _locked(approval)
    APPROVAL.apply(approval, "oppose", by=by, at=at)
    told = {approval.asked_by, approval.decided_by} - {None}
    _decide(approval, by=by, at=at, reason=reason)
    _record("accounts.oppose_approval", approval, _object_of(approval), by=by, at=at, reason=reason)
    _tell("accounts.approval_decided", told, approval, at=at)
    _announce(approval, at=at)
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


def approvals_take_effect(*, at) -> int:
    """Do what nobody opposed in time; returns how many. Each in its own transaction."""
    due = Approval.objects.filter(state="delayed", takes_effect_at__lte=at).values_list("pk", flat=True)
    return sum(_take_effect(pk, at) for pk in list(due))


@transaction.atomic
def _take_effect(pk, at):
    """What is no longer possible lapses: who asked or confirmed lost the right, the situation changed."""
    approval = _waiting_row(pk, "delayed")
    if approval is None:
        return False
    declared, obj = registry.find(approval.action), _object_of(approval)
    try:
        with transaction.atomic():
            if not rules.can_confirm_approval(approval.decided_by, approval):
                raise Refusal(_("Qui avait confirmé n’en a plus le droit."), code="conflict")
            _check_unchanged(approval, declared, obj, approval.digest)
            declared.perform(approval, obj, by=approval.decided_by, at=at)
    except Refusal as refusal:
        _end(approval, "lapse", at=at, reason=str(refusal))
        return False
    _end(approval, "take_effect", at=at)
    _announce(approval, at=at)
    return True


@transaction.atomic
def _lapse(pk, at):
    approval = _waiting_row(pk, "asked")
    if approval is None:
        return False
    _end(approval, "lapse", at=at)
    return True


def _waiting_row(pk, state):
    rows = Approval.objects.select_related("asked_by", "decided_by", "organisation")
    return rows.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, state=state).first()


def _end(approval, transition, *, at, reason=""):
    """By time alone: who confirmed, if anybody did, stays written."""
    APPROVAL.apply(approval, transition, by=None, at=at)
    approval.decided_at = approval.decided_at or at
    approval.decision_reason = reason[:500]
    approval.save(update_fields=["state", "decided_at", "decision_reason"])
    _record(f"accounts.{transition}_approval", approval, _object_of(approval), by=None, at=at, reason=reason)
    _tell("accounts.approval_decided", [approval.asked_by], approval, at=at)


def _check_turn(approval, by, at):
    if at < (approval.outside_from_at or at) and rules.house_answers_first(by, approval):
        when = _instant(approval.outside_from_at)
        raise Refusal(
            _("L’administrateur de %(house)s répond d’abord : vous pourrez confirmer à partir du %(when)s.")
            % {"house": approval.organisation, "when": when},
            code="too_early",
        )


def _check_unchanged(approval, declared, obj, digest):
    facts = _facts(declared, obj, approval.facts["change"]) if obj is not None else None
    if digest != approval.digest or journal.digest(facts) != approval.digest:
        raise Refusal(
            _(
                "La situation a changé depuis la demande : elle ne peut plus être confirmée, elle est à refaire."
            ),
            code="conflict",
        )


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
    fields = ["state", "decided_by", "decided_at", "decision_reason", "takes_effect_at"]
    approval.save(update_fields=fields)


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
        before={"approval": approval.pk, "state": ApprovalState.ASKED}
        if approval.state != ApprovalState.ASKED
        else None,
        after={"approval": approval.pk, "digest": approval.digest, "state": approval.state},
        organisation=approval.organisation if by is not None else None,
    )


def _announce(approval, *, at):
    """Everybody of the organisation, of what people from outside could decide there."""
    _tell("accounts.role_announced", rules.watchers_of(approval), approval, at=at)


def _tell(kind, people, approval, *, at):
    action = registry.find(approval.action)
    context = {
        "label": str(action.label),
        "asked": "; ".join(f"{term} : {value}" for term, value in action.describe(approval.facts)),
        "object": approval.object_label,
        "asked_by": str(approval.asked_by),
        "decided_by": str(approval.decided_by or ""),
        "decision_reason": approval.decision_reason,
        "state": approval.get_state_display(),
        "lapses": date_format(timezone.localtime(approval.lapses_at), "j F Y"),
        "takes_effect": _instant(approval.takes_effect_at),
        "step": approval.state,
    }
    url = approval.get_absolute_url()
    notify(kind=kind, recipients=people, obj=approval, context=context, url=url, at=at)


def _instant(when):
    return date_format(timezone.localtime(when), "j F Y à G \\h i") if when else ""

"""The end of a round: the journal is told that nothing more arrives in time, its state is signed, and the opening
starts from it. What rows say differently stops the opening, for all to see.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.enums import Role
from foundation.accounts.selectors import users_with_role
from foundation.clock import database_now
from foundation.errors import Refusal
from foundation.journal import services as journal
from foundation.notifications.services import notify
from tenders import ocds, rules, selectors
from tenders.events import CLOSE
from tenders.models import Bid, OpeningAlarm, Round
from tenders.reconciliation import findings_of
from tenders.services.locking import locked_tender


class Altered(Refusal):
    """Rows of a round are not what the journal holds: nothing opens. `findings` name them."""

    def __init__(self, round: Round, findings: list[dict]) -> None:
        super().__init__(
            _(
                "Les plis ne correspondent pas au journal : rien n'est ouvert. L'alerte dit ce qui diffère ; un "
                "signataire décide de la suite."
            ),
            code="conflict",
        )
        self.round, self.findings = round, findings


@transaction.atomic
def round_close(*, round: Round, at) -> Round:
    """Tell the journal that a round is over; what comes later is late. Done once.

    Raises Refusal before the deadline, Altered when rows and journal disagree.
    """
    tender = locked_tender(round.tender)
    round = Round.objects.select_related("custody").get(pk=round.pk)
    round.tender = tender
    if round.closed_at is not None and selectors.closing_line(round):
        return round
    if at < round.due_at:
        raise Refusal(_("La date limite n'est pas passée."), code="too_early")
    check_journalled(round)
    if round.closed_at is None:
        round.closed_at = at
        round.save(update_fields=["closed_at"])
    journal.record(
        by=None,
        action=CLOSE,
        obj=round,
        at=at,
        facts={"round": str(round.pk), "due_at": round.due_at.isoformat()},
        organisation=tender.buyer,
    )
    ocds.publish(tender, tag="tenderUpdate", at=at)
    return round


def rounds_close(*, at) -> int:
    """Close the rounds whose deadline passed, and have the journal signed; gives how many. A sweep: what disagrees with
    the journal rings at once, and holds no other round back.
    """
    closed = 0
    for round in selectors.rounds_to_close(at):
        try:
            round_close(round=round, at=database_now())
            closed += 1
        except Altered as altered:
            alarm_raise(round=altered.round, findings=altered.findings)
    if closed:
        journal.checkpoint_ask()
    return closed


def ready_round(round: Round) -> Round:
    """The round, closed, its journal signed, its rows those of the journal. Raises Refusal while the signature waits,
    Altered when they disagree.
    """
    if round.opened_at is not None:
        return round
    at = database_now()
    check_journalled(round)
    round = round_close(round=round, at=at)
    _have_signed(round, at)
    return round


def _have_signed(round: Round, at) -> None:
    """The state of the journal at the end of a round is signed: at once where this process holds the key, else by the
    signer, soon. Raises Refusal meanwhile; not for a line of the present transaction, which nobody can sign yet (the
    demonstration is told in one).
    """
    if selectors.is_signed(round) or not hasattr(selectors.closing_line(round), "link"):
        return
    if not journal.checkpoint_make(at=at):
        journal.checkpoint_ask()
    if not selectors.is_signed(round) and selectors.signs():
        raise Refusal(
            _("L'état du journal à la date limite attend sa signature : réessayez dans une minute."),
            code="too_early",
        )


def check_journalled(round: Round) -> None:
    """Raises Altered when rows and journal disagree on anything that nobody has decided to leave aside."""
    findings = findings_of(round)
    if findings and not _is_decided(round, findings):
        raise Altered(round, findings)


def _is_decided(round: Round, findings: list[dict]) -> bool:
    decided = round.alarms.exclude(decided_at=None).values_list("findings", flat=True)
    known = [finding for told in decided for finding in told]
    return all(finding["bid"] and finding in known for finding in findings)


def set_aside(round: Round) -> set[str]:
    """The bids that a decided alarm names and that do differ: they are not opened. An alarm that only says so, or what
    was restored since, sets nothing aside.
    """
    decided = list(round.alarms.exclude(decided_at=None).values_list("findings", flat=True))
    found = findings_of(round) if decided else []
    return {finding["bid"] for told in decided for finding in told if finding["bid"] and finding in found}


def check_copies(round: Round, copies: list[Bid]) -> None:
    """Raises Altered when the copies to open after the others are no longer those of the journal."""
    about = {"", *(str(bid.pk) for bid in copies)}
    findings = [finding for finding in findings_of(round) if finding["bid"] in about]
    if findings and not _is_decided(round, findings):
        raise Altered(round, findings)


@transaction.atomic
def alarm_raise(*, round: Round, findings: list[dict]) -> OpeningAlarm:
    """Keep what was found and tell everybody who works on the consultation; the same findings are told once."""
    former = round.alarms.filter(decided_at=None).first()
    if former and former.findings == findings:
        return former
    at = database_now()
    alarm = OpeningAlarm.objects.create(round=round, findings=findings, raised_at=at)
    tender = round.tender
    journal.record(
        by=None,
        action="tenders.opening_alarm",
        obj=tender,
        at=at,
        facts={"round": str(round.pk), "findings": findings},
        organisation=tender.buyer,
    )
    people = {
        person
        for role in (Role.SIGNATORY, Role.BUYER, Role.CUSTODIAN, Role.AUDITOR)
        for person in users_with_role(tender.buyer, role)
    }
    notify(
        kind="tenders.opening_alarm",
        recipients=sorted(people, key=lambda person: person.pk),
        obj=tender,
        context={"reference": tender.reference, "count": len(findings)},
        url=f"/consultations/{tender.pk}/ouverture/",
        at=at,
    )
    return alarm


@transaction.atomic
def alarm_decide(*, alarm: OpeningAlarm, reason: str, by, at) -> OpeningAlarm:
    """Decide to open what is intact: the bids that the alarm names stay closed, and the record says why.

    Raises Refusal: not a signatory, decided already, no reason.
    """
    locked_tender(alarm.round.tender)
    alarm = (
        OpeningAlarm.objects.select_for_update(of=("self",))
        .select_related("round__tender__buyer")
        .get(pk=alarm.pk)
    )
    if not rules.can_decide_alarm(by, alarm):
        raise Refusal(_("Un signataire de l'acheteur décide d'ouvrir malgré l'alerte."), code="forbidden")
    if not all(finding["bid"] for finding in alarm.findings):
        raise Refusal(
            _(
                "La date limite, les dépositaires ou le journal ont été changés : l'exploitation rétablit d'abord les "
                "lignes d'origine (docs/operations.md)."
            ),
            code="conflict",
        )
    if alarm.decided_at is not None:
        raise Refusal(_("Cette alerte est déjà décidée."), code="conflict")
    if not reason.strip():
        raise Refusal(_("Écrivez pourquoi : le procès-verbal le dira."), field="reason")
    alarm.decided_by, alarm.decided_at, alarm.reason = by, at, reason.strip()
    alarm.save(update_fields=["decided_by", "decided_at", "reason"])
    journal.record(
        by=by,
        action="tenders.alarm_decide",
        obj=alarm.round.tender,
        at=at,
        reason=alarm.reason,
        facts={"round": str(alarm.round_id), "findings": alarm.findings},
        organisation=alarm.round.tender.buyer,
    )
    return alarm

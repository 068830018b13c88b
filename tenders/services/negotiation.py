"""Responsible negotiation: shortlist as announced, one grid for all, records signed by both, then final offers."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import legal, negotiating, rules
from tenders.enums import MeetingState, RoundKind
from tenders.models import (
    Commitment,
    Lot,
    Negotiation,
    NegotiationMeeting,
    NegotiationTopic,
    Offer,
    Tender,
    TopicNote,
)
from tenders.notifications import tell_meeting_invited, tell_record_shared
from tenders.services.locking import locked_tender
from tenders.services.rounds import round_open_next
from tenders.workflow import MEETING

NOTICE = timedelta(hours=24)
"""Our choice: a candidate has at least a day before the first slot."""


@transaction.atomic
def negotiation_start(*, lot: Lot, topics: list[negotiating.Topic], minutes: int, by, at) -> Negotiation:
    """Prepare the negotiation of a lot: who is heard, on which topics, for how long. Raises Refusal.

    Everybody whose offer is compared is heard (R2161-17).
    """
    tender = _negotiable(lot, by)
    if hasattr(lot, "negotiation"):
        raise Refusal(_("La négociation de ce lot est déjà préparée."), code="conflict")
    if not topics:
        raise Refusal(_("Choisissez au moins un sujet."), field="topics")
    offers = negotiating.shortlist(lot)
    if not offers:
        raise Refusal(_("Aucune offre de ce lot ne se négocie."))
    negotiation = Negotiation.objects.create(lot=lot, minutes=minutes, started_by=by, started_at=at)
    rows = NegotiationTopic.objects.bulk_create(
        NegotiationTopic(negotiation=negotiation, position=place, **topic.fields)
        for place, topic in enumerate(topics, start=1)
    )
    for offer in offers:
        meeting = NegotiationMeeting.objects.create(negotiation=negotiation, offer=offer)
        TopicNote.objects.bulk_create(TopicNote(meeting=meeting, topic=topic) for topic in rows)
    after = {
        "lot": lot.number,
        "minutes": minutes,
        "topics": [topic.label for topic in topics],
        "candidates": [offer.bid.bidder_id for offer in offers],
    }
    _journal(tender, "tenders.negotiation_start", by, at, reason=str(lot), after=after)
    return negotiation


def _negotiable(lot: Lot, by) -> Tender:
    tender = locked_tender(lot.tender)
    lot.tender = tender
    if not rules.can_negotiate(by, tender):
        raise Refusal(_("Seuls les acheteurs mènent la négociation, pendant l'analyse."), code="forbidden")
    rule = legal.PROCEDURES[tender.procedure]
    if not rule.negotiates:
        raise Refusal(
            _("Cette procédure ne se négocie pas : les offres se jugent telles quelles."),
            article=rule.article,
        )
    return tender


def _locked(meeting: NegotiationMeeting, by) -> tuple[Tender, NegotiationMeeting]:
    tender = _negotiable(meeting.negotiation.lot, by)
    return tender, _row(meeting)


def _row(meeting: NegotiationMeeting) -> NegotiationMeeting:
    rows = NegotiationMeeting.objects.select_related(
        "negotiation__lot__tender__buyer", "offer__bid__bidder", "offer__bid__tender__buyer", "offer__lot"
    )
    return rows.select_for_update(of=("self",)).get(pk=meeting.pk)


@transaction.atomic
def meeting_prepare(
    *, meeting: NegotiationMeeting, place: str, slots: list, prompts: dict[int, str], by, at
) -> NegotiationMeeting:
    """Write what a candidate is asked on each topic, where and when it may come; kept until the invitations leave.

    `prompts`: topic id → words. Raises Refusal.
    """
    _tender, meeting = _locked(meeting, by)
    if meeting.state != MeetingState.PREPARED:
        raise Refusal(_("Les invitations sont parties : la grille ne change plus."), code="conflict")
    if any(slot < at + NOTICE for slot in slots):
        raise Refusal(_("Laissez au moins un jour avant le premier créneau."), field="slots")
    meeting.place, meeting.slots = place.strip(), sorted(slots)
    meeting.save(update_fields=["place", "slots"])
    for note in meeting.notes.all():
        note.prompt = prompts.get(note.topic_id, note.prompt).strip()
        note.save(update_fields=["prompt"])
    return meeting


@transaction.atomic
def negotiation_invite(*, negotiation: Negotiation, by, at) -> Negotiation:
    """Invite every candidate at the same instant: same topics, same time, as many slots each (J4). Raises Refusal."""
    tender = _negotiable(negotiation.lot, by)
    negotiation = Negotiation.objects.select_for_update(of=("self",)).get(pk=negotiation.pk)
    if negotiation.invited_at:
        raise Refusal(_("Les candidats sont déjà invités."), code="conflict")
    meetings = [_row(meeting) for meeting in negotiation.meetings.all()]
    _check_equal(meetings)
    for meeting in meetings:
        MEETING.apply(meeting, "invite", by=by, at=at)
        meeting.save(update_fields=["state"])
        tell_meeting_invited(meeting, at)
    negotiation.invited_at = at
    negotiation.save(update_fields=["invited_at"])
    facts = {"lot": negotiation.lot.number, "meetings": len(meetings), "minutes": negotiation.minutes}
    _journal(
        tender,
        "tenders.negotiation_invite",
        by,
        at,
        reason=str(negotiation.lot),
        before=facts,
        after={**facts, "invited_at": at.isoformat()},
    )
    return negotiation


def _check_equal(meetings: list[NegotiationMeeting]) -> None:
    unready = [str(m.offer.bidder) for m in meetings if not m.slots or not m.place]
    if unready:
        raise Refusal(
            _("Il manque le lieu ou les créneaux de : %(names)s.") % {"names": ", ".join(unready)},
            field="slots",
        )
    counts = {len(meeting.slots) for meeting in meetings}
    if len(counts) > 1:
        raise Refusal(
            _("Proposez autant de créneaux à chaque candidat : l'égalité de traitement l'exige."),
            field="slots",
            article=legal.ART.format("L3"),
        )


@transaction.atomic
def slot_choose(*, meeting: NegotiationMeeting, starts_at, by, at) -> NegotiationMeeting:
    """The candidate chooses one of its slots. Raises Refusal."""
    meeting = _row(meeting)
    if starts_at not in meeting.slots or starts_at <= at:
        raise Refusal(_("Choisissez l'un des créneaux proposés, à venir."), field="starts_at")
    meeting.starts_at = starts_at
    previous = MEETING.apply(meeting, "plan", by=by, at=at)
    meeting.save(update_fields=["state", "starts_at"])
    _own_journal(meeting, "tenders.meeting_plan", by, at, previous)
    return meeting


@transaction.atomic
def meeting_decline(*, meeting: NegotiationMeeting, reason: str, by, at) -> NegotiationMeeting:
    """The candidate keeps its offer as it is and does not come. Raises Refusal."""
    meeting = _row(meeting)
    if not reason.strip():
        raise Refusal(_("Dites en quelques mots que vous maintenez votre offre."), field="reason")
    meeting.remarks = reason.strip()
    previous = MEETING.apply(meeting, "decline", by=by, at=at)
    meeting.save(update_fields=["state", "remarks"])
    _own_journal(meeting, "tenders.meeting_decline", by, at, previous)
    return meeting


@transaction.atomic
def commitment_add(
    *, meeting: NegotiationMeeting, topic: NegotiationTopic, clause: str, indicator: str, target: str, by, at
) -> Commitment:
    """Write a commitment of the candidate, with the indicator that will follow it. Raises Refusal."""
    tender, meeting = _locked(meeting, by)
    if meeting.state not in (MeetingState.PLANNED, MeetingState.SHARED):
        raise Refusal(
            _("Les engagements s'écrivent entre la réunion et la contresignature."), code="conflict"
        )
    missing = [
        name
        for name, words in (("clause", clause), ("indicator", indicator), ("target", target))
        if not words.strip()
    ]
    if missing:
        raise Refusal(
            _("Un engagement a sa clause, son indicateur et sa cible : sans mesure, il ne se tient pas."),
            field=missing[0],
        )
    commitment = Commitment.objects.create(
        meeting=meeting,
        topic=topic,
        clause=clause.strip(),
        indicator=indicator.strip(),
        target=target.strip(),
        added_by=by,
        added_at=at,
    )
    after = {"bidder": meeting.offer.bid.bidder_id, "indicator": commitment.indicator}
    _journal(tender, "tenders.commitment", by, at, reason=commitment.clause, after=after)
    return commitment


@transaction.atomic
def record_share(*, meeting: NegotiationMeeting, outcomes: dict[int, str], by, at) -> NegotiationMeeting:
    """Write what came out of each topic and share the record with the candidate; written again, it is shared anew.

    Every topic is told, none is left out for one candidate (J4). Raises Refusal.
    """
    tender, meeting = _locked(meeting, by)
    notes = list(meeting.notes.select_related("topic"))
    left = [note.topic.label for note in notes if not outcomes.get(note.topic_id, "").strip()]
    if left:
        raise Refusal(
            _("Chaque sujet s'aborde avec chaque candidat. Il manque : %(topics)s.")
            % {"topics": " ; ".join(left)},
            article=legal.ART.format("R2161-17"),
        )
    meeting.shared_by, meeting.shared_at = by, at
    previous = MEETING.apply(meeting, "share", by=by, at=at)
    meeting.save(update_fields=["state", "shared_by", "shared_at"])
    for note in notes:
        note.outcome = outcomes[note.topic_id].strip()
        note.save(update_fields=["outcome"])
    tell_record_shared(meeting, at)
    after = {"state": meeting.state, "outcomes": {str(n.topic_id): n.outcome for n in notes}}
    _journal(
        tender, "tenders.record_share", by, at, reason=str(meeting), before={"state": previous}, after=after
    )
    return meeting


@transaction.atomic
def record_sign(
    *, meeting: NegotiationMeeting, remarks: str = "", read: str = "", by, at
) -> NegotiationMeeting:
    """The candidate countersigns the record and its commitments, with its remarks if any. Raises Refusal.

    `read`: the digest of the record that was read (`negotiating.record_digest`), refused when it says more since.
    """
    meeting = _row(meeting)
    if read and read != negotiating.record_digest(meeting):
        raise Refusal(
            _(
                "Le compte rendu a changé pendant que vous le lisiez : rechargez la page, relisez-le, puis "
                "contresignez."
            ),
            code="conflict",
        )
    meeting.remarks, meeting.signed_by, meeting.signed_at = remarks.strip(), by, at
    previous = MEETING.apply(meeting, "sign", by=by, at=at)
    meeting.save(update_fields=["state", "remarks", "signed_by", "signed_at"])
    _own_journal(meeting, "tenders.record_sign", by, at, previous)
    return meeting


@transaction.atomic
def final_offers_ask(*, tender: Tender, due_at, by, at):
    """Close the negotiations and ask the candidates heard for their final offers, sealed. Raises Refusal."""
    tender = locked_tender(tender)
    negotiations = list(Negotiation.objects.filter(lot__tender=tender, closed_at=None).select_for_update())
    waiting = NegotiationMeeting.objects.filter(negotiation__in=negotiations).exclude(
        state__in=[MeetingState.SIGNED, MeetingState.DECLINED]
    )
    left = waiting.count()
    if not negotiations or left:
        words = ngettext(
            "Une réunion n'a pas encore son compte rendu contresigné.",
            "%(left)d réunions n'ont pas encore leur compte rendu contresigné.",
            left,
        )
        raise Refusal(
            words % {"left": left} if negotiations else _("Aucune négociation n'est en cours."),
            field="due_at",
            code="conflict",
        )
    offers = Offer.objects.filter(pk__in=_offers_heard(negotiations)).select_related("bid__bidder")
    invited = {offer.bid.bidder_id: offer.bid.bidder for offer in offers}
    round = round_open_next(
        tender=tender,
        kind=RoundKind.FINAL_OFFER,
        due_at=due_at,
        invited=list(invited.values()),
        by=by,
        at=at,
    )
    for negotiation in negotiations:
        negotiation.closed_at = at
        negotiation.save(update_fields=["closed_at"])
    _journal(
        tender, "tenders.negotiation_close", by, at, after={"round": round.number, "invited": sorted(invited)}
    )
    return round


def _offers_heard(negotiations: list[Negotiation]):
    return NegotiationMeeting.objects.filter(negotiation__in=negotiations).values("offer_id")


def _own_journal(meeting: NegotiationMeeting, action: str, by, at, previous: str) -> None:
    """A line on the candidate's bid: the buyer's history does not tell one candidate's moves to another."""
    journal.record(
        by=by,
        action=action,
        obj=meeting.offer.bid,
        at=at,
        reason=meeting.remarks,
        before={"state": previous},
        after={"state": meeting.state},
        organisation=meeting.offer.bid.bidder,
    )


def _journal(tender: Tender, action: str, by, at, **facts) -> None:
    journal.record(by=by, action=action, obj=tender, at=at, organisation=tender.buyer, **facts)

"""Negotiation: everybody heard, on the same topics, for the same time (J4); what is promised is measured."""

from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import InternalError, transaction
from django.urls import reverse

from foundation.clock import now
from foundation.errors import Refusal
from foundation.notifications.models import OutboxEmail
from tenders import negotiating, services
from tenders.models import Commitment, Negotiation, NegotiationMeeting, NegotiationTopic
from tests.tenders.factories import make_bid, make_published, make_supplier, open_bids
from tests.tenders.test_award import opened_with, price

pytestmark = pytest.mark.django_db
SMALL = {
    "procedure": "adapted",
    "technique": "contract",
    "estimated_value_excl_tax": Decimal(90_000),
    "maximum_value_excl_tax": None,
    "duration_months": 12,
}


def opened_to_negotiate(count=2, **fields):
    """An opened adapted procedure with this many candidates: the lot and their people."""
    tender = make_published(**{**SMALL, **fields})
    people = []
    for rank in range(count):
        person, firm = make_supplier()
        make_bid(tender, by=person, bidder=firm, prices=price(str(100 + 10 * rank)))
        people.append(person)
    tender = open_bids(tender)
    lot = tender.lots.get()
    lot.tender = tender
    return lot, people


def started(lot, minutes=60):
    topics = negotiating.topics_offered(lot)
    return services.negotiation_start(
        lot=lot, topics=topics, minutes=minutes, by=lot.tender.created_by, at=now()
    )


def invited(lot, slots=1):
    negotiation = started(lot)
    by = lot.tender.created_by
    for meeting in negotiation.meetings.all():
        days = [now() + timedelta(days=3 + number) for number in range(slots)]
        services.meeting_prepare(meeting=meeting, place="Visio", slots=days, prompts={}, by=by, at=now())
    return services.negotiation_invite(negotiation=negotiation, by=by, at=now())


def heard(meeting, person, by, clause=""):
    """A meeting held, told, countersigned."""
    services.slot_choose(meeting=meeting, starts_at=meeting.slots[0], by=person, at=now())
    outcomes = {note.topic_id: "Éclairci." for note in meeting.notes.all()}
    if clause:
        services.commitment_add(
            meeting=meeting,
            topic=meeting.negotiation.topics.first(),
            clause=clause,
            indicator="Part du code publié",
            target="100 % à la livraison",
            by=by,
            at=now(),
        )
    services.record_share(meeting=meeting, outcomes=outcomes, by=by, at=now())
    return services.record_sign(meeting=meeting, remarks="Conforme.", by=person, at=now())


def test_a_candidate_countersigns_what_he_has_read(client):
    """G6: a commitment written while the page was open is not signed unread."""
    lot, people = opened_to_negotiate(1)
    meeting, by = invited(lot).meetings.get(), lot.tender.created_by
    services.slot_choose(meeting=meeting, starts_at=meeting.slots[0], by=people[0], at=now())
    outcomes = {note.topic_id: "Éclairci." for note in meeting.notes.all()}
    services.record_share(meeting=meeting, outcomes=outcomes, by=by, at=now())
    client.force_login(people[0])
    address = reverse("tenders:own_meeting", args=[meeting.offer.bid_id, meeting.pk])
    read = client.get(address).context["form"]["read"].value()
    words = {"clause": "Livrer en juin.", "indicator": "Date", "target": "30 juin"}
    topic = meeting.negotiation.topics.first()
    services.commitment_add(meeting=meeting, topic=topic, **words, by=by, at=now())
    answer = client.post(address, {"understood": "on", "remarks": "Bien lu.", "read": read})
    assert "a changé pendant que vous le lisiez" in unescape(answer.content.decode())
    assert "Bien lu." in answer.content.decode(), "what was typed is kept"
    meeting.refresh_from_db()
    assert meeting.state == "shared"
    read = client.get(address).context["form"]["read"].value()
    client.post(address, {"understood": "on", "remarks": "", "read": read})
    meeting.refresh_from_db()
    assert meeting.state == "signed"


def test_an_open_procedure_is_not_negotiated():
    tender, _bidders = opened_with("100")
    lot = tender.lots.get()
    with pytest.raises(Refusal, match="ne se négocie pas"):
        started(lot)


def test_everybody_whose_offer_is_compared_is_heard():
    """R2161-17."""
    lot, _people = opened_to_negotiate(3)
    assert len(negotiating.shortlist(lot)) == 3
    out = lot.offers.first()
    services.offer_exclude(
        offer=out, ground="irregular", reason="Hors sujet.", by=lot.tender.created_by, at=now()
    )
    assert out not in negotiating.shortlist(lot)


def test_the_same_topics_and_time_for_all_even_in_the_database():
    """J4."""
    lot, _people = opened_to_negotiate()
    negotiation = started(lot)
    by = lot.tender.created_by
    one, two = negotiation.meetings.all()
    assert [n.topic_id for n in one.notes.all()] == [n.topic_id for n in two.notes.all()]
    day = now() + timedelta(days=3)
    with pytest.raises(Refusal, match="un jour"):
        services.meeting_prepare(meeting=one, place="Visio", slots=[now()], prompts={}, by=by, at=now())
    services.meeting_prepare(
        meeting=one, place="Visio", slots=[day, day + timedelta(hours=2)], prompts={}, by=by, at=now()
    )
    with pytest.raises(Refusal, match="lieu ou les créneaux"):
        services.negotiation_invite(negotiation=negotiation, by=by, at=now())
    services.meeting_prepare(meeting=two, place="Visio", slots=[day], prompts={}, by=by, at=now())
    with pytest.raises(Refusal, match="autant de créneaux"):
        services.negotiation_invite(negotiation=negotiation, by=by, at=now())
    services.meeting_prepare(
        meeting=two, place="Visio", slots=[day, day + timedelta(hours=4)], prompts={}, by=by, at=now()
    )
    services.negotiation_invite(negotiation=negotiation, by=by, at=now())
    for broken in (
        lambda: Negotiation.objects.update(minutes=90),
        lambda: NegotiationTopic.objects.create(negotiation=negotiation, position=9, label="Pour un seul"),
        lambda: NegotiationTopic.objects.filter(position=1).update(label="Autre"),
        lambda: NegotiationMeeting.objects.create(negotiation=negotiation, offer=two.offer),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            broken()


def test_no_topic_is_left_out_for_one_candidate():
    lot, [person, _other] = opened_to_negotiate()
    negotiation = invited(lot)
    meeting = negotiation.meetings.get(offer__bid__deposited_by=person)
    services.slot_choose(meeting=meeting, starts_at=meeting.slots[0], by=person, at=now())
    told = {note.topic_id: "Éclairci." for note in list(meeting.notes.all())[1:]}
    with pytest.raises(Refusal, match="Chaque sujet"):
        services.record_share(meeting=meeting, outcomes=told, by=lot.tender.created_by, at=now())


def test_commitments_are_measured_countersigned_and_read_by_the_contract():
    lot, [person, other] = opened_to_negotiate()
    by = lot.tender.created_by
    negotiation = invited(lot)
    meeting = negotiation.meetings.get(offer__bid__deposited_by=person)
    services.slot_choose(meeting=meeting, starts_at=meeting.slots[0], by=person, at=now())
    topic = negotiation.topics.first()
    with pytest.raises(Refusal, match="sans mesure"):
        services.commitment_add(
            meeting=meeting, topic=topic, clause="Publier.", indicator=" ", target="100 %", by=by, at=now()
        )
    heard(meeting, person, by, clause="Le titulaire publie le code.")
    bidder = meeting.offer.bid.bidder
    assert [row.clause for row in negotiating.commitments_of(lot, bidder)] == ["Le titulaire publie le code."]
    with pytest.raises(InternalError, match="signed"), transaction.atomic():
        Commitment.objects.update(target="10 %")
    with pytest.raises(Refusal, match="n'a pas encore"):
        services.final_offers_ask(tender=lot.tender, due_at=now() + timedelta(days=9), by=by, at=now())
    second = negotiation.meetings.get(offer__bid__deposited_by=other)
    services.meeting_decline(meeting=second, reason="Nous maintenons notre offre.", by=other, at=now())
    round = services.final_offers_ask(tender=lot.tender, due_at=now() + timedelta(days=9), by=by, at=now())
    assert {str(firm) for firm in round.invited.all()} == {str(bidder), str(second.offer.bid.bidder)}
    kinds = set(OutboxEmail.objects.filter(recipient=person).values_list("kind", flat=True))
    assert {"tenders.meeting_invited", "tenders.record_shared", "tenders.invited"} <= kinds


def test_the_pages_of_the_negotiation(client):
    lot, [person, _other] = opened_to_negotiate()
    tender = lot.tender
    base = f"/consultations/{tender.pk}/negociation/"
    client.force_login(tender.created_by)
    offered = [topic.code for topic in negotiating.topics_offered(lot)]
    form = {"topics": offered, "minutes": "45", "other": "Reprise des données"}
    assert client.post(f"{base}{lot.pk}/", form).status_code == 302
    negotiation = Negotiation.objects.get()
    assert negotiation.topics.count() == len(offered) + 1
    day = (now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    for meeting in negotiation.meetings.all():
        sent = client.post(f"{base}reunions/{meeting.pk}/", {"place": "Visio", "slot-1": day})
        assert sent.status_code == 302
    assert client.post(f"{base}{lot.pk}/inviter/").status_code == 302
    meeting = negotiation.meetings.get(offer__bid__deposited_by=person)
    client.force_login(person)
    own = f"/consultations/reponses/{meeting.offer.bid_id}/"
    assert "Négociation" in client.get(own).content.decode()
    page = client.get(f"{own}negociation/{meeting.pk}/").content.decode()
    assert "Reprise des données" in page
    chosen = client.post(f"{own}negociation/{meeting.pk}/", {"starts_at": meeting.slots[0].isoformat()})
    assert chosen.status_code == 302
    other = negotiation.meetings.exclude(pk=meeting.pk).get()
    assert client.get(f"{own}negociation/{other.pk}/").status_code == 404
    client.force_login(tender.created_by)
    assert client.get(f"{base}reunions/{meeting.pk}/").status_code == 200
    assert client.get(f"{base}reunions/{meeting.pk}/engagement/").status_code == 200

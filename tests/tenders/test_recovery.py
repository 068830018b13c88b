"""S7: a key rehearsed before it is needed, shares lost and found; nothing lost when too many are."""

import pytest
from django.urls import reverse

from foundation.clock import now
from foundation.errors import Refusal
from foundation.journal.models import Entry
from tenders import selectors, services
from tenders.checklist import publication_checklist
from tenders.enums import BidState, RoundState
from tenders.models import Seat
from tests.accounts.factories import make_member
from tests.tenders.factories import (
    PASSPHRASE,
    custodians_of,
    make_bid,
    make_custodian,
    make_draft,
    make_published,
    pass_deadline,
)

pytestmark = pytest.mark.django_db


def lose(tender, custodian):
    seat = Seat.objects.get(custody__round=selectors.round_in_force(tender), custodian=custodian)
    return services.share_declare_lost(seat=seat, reason="Phrase oubliée.", by=custodian, at=now())


def open_by(tender, *custodians):
    for custodian in custodians:
        services.interest_declare(tender=tender, has_interest=False, by=custodian, at=now())
        opening = services.opening_contribute(tender=tender, passphrase=PASSPHRASE, by=custodian)
    return opening


def test_a_custodian_proves_that_the_key_opens():
    custodian = make_custodian(make_draft().buyer)
    services.key_rehearse(passphrase=PASSPHRASE, by=custodian, at=now())
    assert selectors.current_custodian_key(custodian).rehearsals.count() == 1
    with pytest.raises(Refusal, match="n'ouvre pas votre clé"):
        services.key_rehearse(passphrase="une autre phrase de passe", by=custodian, at=now())
    with pytest.raises(Refusal) as caught:
        services.key_rehearse(passphrase=PASSPHRASE, by=make_member(make_draft().buyer), at=now())
    assert caught.value.code == "forbidden"


def test_the_check_list_names_who_has_not_rehearsed():
    draft = make_draft()
    people = list(draft.custodians.all())

    def advice():
        return [check for check in publication_checklist(draft, now()) if check.code == "rehearsal"]

    [check] = advice()
    assert not check.blocking and all(str(person) in str(check.reasons[0]) for person in people)
    for person in people:
        services.key_rehearse(passphrase=PASSPHRASE, by=person, at=now())
    assert advice() == []


def test_as_many_lost_shares_as_spare_ones_do_not_hold_back_the_opening():
    tender = make_published()
    bid = make_bid(tender)
    pass_deadline(tender)
    one, two, lost = custodians_of(tender)
    lose(tender, lost)
    assert selectors.recovery(selectors.round_in_force(tender)).is_possible
    assert open_by(tender, one, two).is_open
    bid.refresh_from_db()
    assert bid.state == BidState.OPENED


def test_more_lost_shares_lead_to_the_written_procedure_and_lose_nothing(client):
    tender = make_published()
    bid = make_bid(tender)
    pass_deadline(tender)
    one, two, three = custodians_of(tender)
    lose(tender, two), lose(tender, three)
    client.force_login(one)
    page = client.get(reverse("tenders:opening", args=[tender.pk])).content.decode()
    assert "Procédure de secours" in page and "rien n&#x27;est perdu" in page.replace("'", "&#x27;")
    bid.refresh_from_db()
    assert (bid.state, bid.parts.count()) == (BidState.DEPOSITED, 4), "sealed and kept"
    assert Entry.objects.filter(action="tenders.share_lost").count() == 2
    seat = Seat.objects.get(custody__round=bid.round, custodian=two)
    services.share_found(seat=seat, by=two, at=now())
    page = client.get(reverse("tenders:opening", args=[tender.pk])).content.decode()
    assert "Procédure de secours" not in page
    assert open_by(tender, one, two).is_open
    assert selectors.round_in_force(tender).state == RoundState.OPENED


def test_only_the_custodian_or_a_buyer_tells_a_loss():
    tender = make_published()
    one, two, _three = custodians_of(tender)
    seat = Seat.objects.get(custody__round__tender=tender, custodian=one)
    with pytest.raises(Refusal) as caught:
        services.share_declare_lost(seat=seat, reason="Perdue.", by=two, at=now())
    assert caught.value.code == "forbidden"
    services.share_declare_lost(seat=seat, reason="Parti sans la rendre.", by=tender.created_by, at=now())

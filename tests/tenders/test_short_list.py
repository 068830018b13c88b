"""From candidatures to offers: no more than announced, all invited at once, each left out told why."""

from datetime import timedelta

import pytest

from foundation.clock import now
from foundation.errors import Refusal
from foundation.notifications.models import OutboxEmail
from tenders import services
from tenders.enums import RoundKind
from tenders.models import Candidature
from tests.tenders.factories import (
    make_bid,
    make_candidature,
    make_published,
    make_supplier,
    open_bids,
    settle_candidatures,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_steps():
    """Three candidatures opened in a negotiated procedure that keeps two at most: the consultation, its firms."""
    words = "Une conception innovante est demandée (art. R2124-3, 1°)."
    tender = make_published(procedure="negotiated", procedure_justification=words, max_candidates=3)
    people = [make_supplier() for _number in range(4)]
    for by, firm in people:
        make_candidature(tender, by=by, bidder=firm)
    return open_bids(tender), people


def ask(tender, days=40):
    return services.offers_ask(
        tender=tender, due_at=now() + timedelta(days=days), by=tender.created_by, at=now()
    )


def test_the_list_is_no_longer_than_announced(two_steps):
    tender, people = two_steps
    with pytest.raises(Refusal, match=r"3 candidats au plus et vous en admettez 4.*R2142-15"):
        settle_candidatures(tender)
    found = Candidature.objects.get(bid__bidder=people[3][1])
    services.candidature_reconsider(candidature=found, by=tender.created_by, at=now())
    services.candidature_exclude(
        candidature=found, ground="not_selected", reason="Quatrième.", by=tender.created_by, at=now()
    )
    services.candidatures_settle(tender=tender, by=tender.created_by, at=now())
    told = OutboxEmail.objects.get(kind="tenders.candidature_excluded")
    assert "R2142-15" in told.context["article"] and told.context["reason"] == "Quatrième."


def test_the_listed_candidates_are_asked_for_offers_together(two_steps):
    tender, people = two_steps
    with pytest.raises(Refusal, match="Arrêtez d'abord la liste"):
        ask(tender)
    (out_by, out), listed = people[3], people[:3]
    settle_candidatures(tender, but=[out])
    with pytest.raises(Refusal, match="25 jours francs"):
        ask(tender, days=10)
    round = ask(tender)
    assert (round.number, round.kind) == (2, RoundKind.OFFER)
    assert set(round.invited.all()) == {firm for _by, firm in listed}
    tender.refresh_from_db()
    make_bid(tender, by=listed[0][0], bidder=listed[0][1])
    with pytest.raises(Refusal, match="invités"):
        make_bid(tender, by=out_by, bidder=out)
    with pytest.raises(Refusal, match="déjà invités"):
        ask(tender)


def test_an_open_procedure_has_no_short_list():
    tender = make_published()
    make_bid(tender)
    tender = open_bids(tender)
    with pytest.raises(Refusal, match="n'a pas de liste restreinte"):
        settle_candidatures(tender, but=[tender.bids.get().bidder])
    settle_candidatures(tender)
    with pytest.raises(Refusal, match="autrement"):
        ask(tender)


def test_the_buyer_invites_from_the_page_of_candidatures(client, two_steps):
    tender, people = two_steps
    settle_candidatures(tender, but=[people[3][1]])
    client.force_login(tender.created_by)
    page = client.get(f"/consultations/{tender.pk}/candidatures/").content.decode()
    assert f"/consultations/{tender.pk}/candidatures/inviter/" in page
    address = f"/consultations/{tender.pk}/candidatures/inviter/"
    assert "25 jours francs" in client.get(address).content.decode()
    refused = client.post(address, {"due_at": "2020-01-01T12:00"}).content.decode()
    assert "La date limite est passée" in refused and 'value="2020-01-01T12:00"' in refused
    due = (now() + timedelta(days=40)).strftime("%Y-%m-%dT12:00")
    assert client.post(address, {"due_at": due}).status_code == 302
    assert client.get(address).status_code == 404

"""X1 and I1 of the trust file: who administers the platform reads no bid, no score and no list of evaluators."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from foundation.accounts import rules as accounts
from foundation.accounts.enums import Role
from foundation.accounts.selectors import role_pairs
from foundation.errors import Refusal
from tenders import rules
from tenders import services as tenders
from tests.accounts.factories import make_delegation, make_member, make_platform_admin, make_supplier_org
from tests.tenders.factories import make_bid, make_published, open_bids, score_all

pytestmark = pytest.mark.django_db
PRICE, FIRM = "31415.93", "Atelier Introuvable"


@pytest.fixture
def scored():
    """A consultation opened and scored, whose only bid has a price that is found nowhere else."""
    tender = make_published()
    firm = make_supplier_org(name=FIRM)
    by = make_member(firm, Role.SUPPLIER)
    make_bid(tender, by=by, bidder=firm, prices={"UO-1": PRICE, "UO-2": "1"})
    tender = open_bids(tender)
    evaluator = make_member(tender.buyer, Role.EVALUATOR, full_name="Évaluatrice Unique")
    score_all(tender, by=evaluator)
    return tender


def test_no_rule_shows_a_bid_an_offer_or_a_score(scored):
    user = make_platform_admin()
    assert not rules.bids_visible_to(user).exists()
    assert not rules.offers_visible_to(user).exists()
    assert not rules.scores_visible_to(user).exists()
    assert not rules.reads_offers(user, scored)
    assert rules.offers_visible_to(scored.created_by).exists()
    assert not rules.can_award_lot(user, scored.lots.get())
    assert not rules.can_decide_award(user, scored)


@pytest.mark.parametrize("name", ["tenders:analysis", "tenders:manage", "tenders:opening", "tenders:decide"])
def test_no_page_of_the_analysis_exists_for_him(client, scored, name):
    client.force_login(make_platform_admin())
    response = client.get(reverse(name, args=[scored.pk]))
    assert response.status_code in (404, 405)


def test_what_he_does_see_names_neither_bidder_nor_evaluator(client, scored):
    """With its positive control: the buyer reads who bids."""
    client.force_login(make_platform_admin())
    for address in (reverse("tenders:detail", args=[scored.pk]), reverse("screens:dashboard")):
        read = client.get(address).content.decode()
        assert FIRM not in read
        assert "Évaluatrice Unique" not in read
    client.force_login(scored.created_by)
    read = client.get(reverse("tenders:lot_analysis", args=[scored.pk, scored.lots.get().pk]))
    assert FIRM in read.content.decode()


def test_the_api_lists_none_of_them(scored):
    api = APIClient()
    api.force_authenticate(make_platform_admin())
    for name in ("bids", "offers"):
        assert api.get(f"/api/v1/{name}/").json()["results"] == []
    assert PRICE not in api.get(f"/api/v1/tenders/{scored.pk}/").content.decode()


def test_he_gives_himself_no_role_and_names_only_administrators(scored, at):
    from foundation.accounts import services

    user = make_platform_admin()
    for role in set(Role) - {Role.ORG_ADMIN}:
        for member in (user, make_member(scored.buyer, Role.PRESCRIBER)):
            with pytest.raises(Refusal):
                services.membership_add(organisation=scored.buyer, user=member, role=role, by=user, at=at)
    assert accounts.roles_to_give(user, scored.buyer) == (Role.ORG_ADMIN,)


def test_no_delegation_reaches_him(scored):
    """Even a row that a program would write: he is not of the house."""
    signatory, user = make_member(scored.buyer, Role.SIGNATORY), make_platform_admin()
    make_delegation(signatory, user, scored.buyer, Role.SIGNATORY)
    assert {role for _organisation, role in role_pairs(user)} == {Role.PLATFORM_ADMIN}
    with pytest.raises(Refusal):
        tenders.tender_award(tender=scored, by=user, at=scored.published_at)

"""Who sees and does what."""

import pytest
from django.contrib.auth.models import AnonymousUser

from framework_agreements import rules
from tests.accounts.factories import make_buyer_org, make_member, make_supplier_org
from tests.framework_agreements.factories import (
    make_draft_agreement,
    make_issued_order,
    make_order,
    make_world,
)

pytestmark = pytest.mark.django_db


def test_drafts_of_agreements_stay_with_the_buyer():
    org = make_buyer_org()
    admin = make_member(org, "framework_admin")
    draft = make_draft_agreement(admin, org)
    running = make_world().agreement
    others = [AnonymousUser(), make_member(make_buyer_org(), "framework_admin"), make_member(org, "elected")]
    for user in others:
        assert list(rules.agreements_visible_to(user)) == [running]
        assert not rules.can_view_agreement(user, draft)
    for user in (admin, make_member(org, "auditor")):
        assert set(rules.agreements_visible_to(user)) == {draft, running}
        assert rules.can_view_agreement(user, draft)


def test_orders_are_seen_by_their_parties_only():
    world = make_world(other_ceilings=[None])
    draft, issued = make_order(world), make_issued_order(world)
    auditor = make_member(world.agreement.buyer, "auditor")
    neighbour = make_member(world.others[0].organisation, "buyer", "signatory", "auditor")
    rival = make_member(make_supplier_org(), "supplier")
    seen = {
        world.buyer: {draft, issued},
        world.prescriber: {draft, issued},
        world.admin: {draft, issued},
        auditor: {draft, issued},
        world.supplier: {issued},
        neighbour: set(),
        rival: set(),
        AnonymousUser(): set(),
    }
    for user, orders in seen.items():
        assert set(rules.orders_visible_to(user)) == orders, user
        assert {order for order in (draft, issued) if rules.can_view_order(user, order)} == orders, user


def test_buyers_of_the_concluding_organisation_do_not_read_the_orders_of_beneficiaries():
    world = make_world()
    make_issued_order(world)
    assert not rules.orders_visible_to(make_member(world.agreement.buyer, "buyer")).exists()


def test_prices_are_a_secret_between_the_holder_and_those_who_order():
    world = make_world(holders=2)
    second = world.lot.holders.get(rank=2)
    rival = make_member(second.organisation, "supplier")
    readers = [world.supplier, world.buyer, world.prescriber, world.admin]
    for user in readers:
        assert world.holder in rules.holders_with_readable_prices(
            user, world.agreement, [world.holder, second]
        )
    assert rules.holders_with_readable_prices(rival, world.agreement, [world.holder, second]) == [second]
    for user in (AnonymousUser(), make_member(make_buyer_org(), "buyer")):
        assert not rules.holders_with_readable_prices(user, world.agreement, [world.holder, second])


def test_who_issues_acknowledges_and_records():
    world = make_world()
    draft, issued = make_order(world), make_issued_order(world)
    can = {
        rules.can_edit_order: (draft, {world.buyer, world.prescriber, world.product_owner}),
        rules.can_issue_order: (draft, {world.buyer, world.signatory, world.admin}),
        rules.can_acknowledge_order: (issued, {world.supplier}),
        rules.can_record_progress: (issued, {world.buyer, world.prescriber, world.product_owner}),
        rules.can_complete_order: (issued, {world.buyer, world.signatory, world.admin, world.product_owner}),
    }
    people = [
        world.buyer,
        world.prescriber,
        world.product_owner,
        world.signatory,
        world.admin,
        world.supplier,
    ]
    for rule, (order, expected) in can.items():
        assert {user for user in people if rule(user, order)} == expected, rule.__name__
    assert not rules.can_edit_order(world.buyer, issued)
    assert not rules.can_record_progress(world.buyer, draft)

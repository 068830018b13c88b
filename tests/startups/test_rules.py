"""Who sees and does what on startups, iterations and stories."""

import pytest
from django.contrib.auth.models import AnonymousUser

from foundation.accounts.enums import Role
from foundation.accounts.selectors import forget_roles
from startups import rules
from startups.documents import ACCEPTANCE_RECORD
from tests.accounts.factories import make_buyer_org, make_member, make_platform_admin, make_supplier_org
from tests.startups.factories import make_delivery, make_demonstrated, make_iteration

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery():
    return make_delivery()


def strangers(delivery):
    return [
        make_member(make_buyer_org(), Role.PRODUCT_OWNER),
        make_member(make_supplier_org(), Role.SUPPLIER),
        make_member(delivery.startup.organisation, Role.EVALUATOR),
        make_platform_admin(),
        AnonymousUser(),
    ]


def test_anyone_reads_the_startup_few_read_its_delivery(delivery):
    iteration = make_iteration(delivery)
    organisation = delivery.startup.organisation
    readers = [
        delivery.product_owner,
        delivery.supplier,
        *(
            make_member(organisation, role)
            for role in (Role.BUYER, Role.AUDITOR, Role.ELECTED, Role.PRESCRIBER)
        ),
    ]
    for user in readers:
        assert rules.can_follow_startup(user, delivery.startup)
        assert rules.can_view_iteration(user, iteration)
        assert iteration in rules.iterations_visible_to(user)
        assert delivery.startup in rules.startups_followed_by(user)
    for user in strangers(delivery):
        assert delivery.startup in rules.startups_visible_to(user)
        assert not rules.can_follow_startup(user, delivery.startup)
        assert not rules.can_view_iteration(user, iteration)
        assert iteration not in rules.iterations_visible_to(user)
        assert delivery.startup not in rules.startups_followed_by(user)


def test_only_the_named_product_owner_decides(delivery):
    iteration = make_demonstrated(delivery, settle="")
    story = iteration.stories.first()
    others = [
        make_member(delivery.startup.organisation, Role.PRODUCT_OWNER),
        make_member(delivery.startup.organisation, Role.BUYER),
        delivery.supplier,
        *strangers(delivery),
    ]
    assert rules.can_decide_iteration(delivery.product_owner, iteration)
    assert rules.can_settle_story(delivery.product_owner, story)
    for user in others:
        assert not rules.can_decide_iteration(user, iteration)
        assert not rules.can_settle_story(user, story)


def test_a_product_owner_who_lost_the_role_decides_no_more(delivery):
    delivery.product_owner.memberships.all().delete()
    forget_roles(delivery.product_owner)
    assert not rules.can_edit_startup(delivery.product_owner, delivery.startup)


def test_only_the_holder_demonstrates_and_delivers(delivery):
    iteration = make_iteration(delivery)
    assert rules.can_demonstrate_iteration(delivery.supplier, iteration)
    assert rules.can_deliver(delivery.supplier, iteration)
    for user in (delivery.product_owner, *strangers(delivery)):
        assert not rules.can_demonstrate_iteration(user, iteration)
        assert not rules.can_deliver(user, iteration)


def test_the_record_is_read_by_those_concerned(delivery):
    from startups import services

    iteration = make_demonstrated(delivery)
    record = services.iteration_decide(
        iteration=iteration,
        decision="accepted",
        signature=True,
        by=delivery.product_owner,
        at=delivery.world.at,
    )
    for user in (delivery.product_owner, delivery.supplier):
        assert ACCEPTANCE_RECORD.can_see(user, record.document)
    for user in strangers(delivery):
        assert not ACCEPTANCE_RECORD.can_see(user, record.document)

"""O5: nobody alone reaches an offer, a score or the withdrawal of another's bid through the roles he gives.

One person holds an account with a role and two accounts without any (mailboxes of his own). Every sequence of three
acts of these accounts is tried through the services; an invitation and its acceptance are one act. Nobody else acts:
nobody confirms, nobody opposes, and time passes as he likes.
"""

from datetime import timedelta

import pytest
from django.db import transaction

from foundation.accounts import services
from foundation.accounts.approvals import actions
from foundation.accounts.approvals import services as approvals
from foundation.accounts.enums import OrganisationKind, Role
from foundation.accounts.models import Approval, Delegation, JoinRequest, Membership, User
from foundation.accounts.selectors import has_role
from foundation.clock import now
from foundation.errors import Refusal
from tenders import rules
from tests.accounts.factories import (
    make_buyer_org,
    make_member,
    make_platform_admin,
    make_supplier_org,
    make_user,
)
from tests.tenders.factories import make_bid, make_published, open_bids, score_all

pytestmark = pytest.mark.django_db
DEPTH = 3
GIVEN = {
    OrganisationKind.BUYER: (Role.ORG_ADMIN, Role.BUYER, Role.AUDITOR, Role.PRESCRIBER),
    OrganisationKind.SUPPLIER: (Role.ORG_ADMIN, Role.SUPPLIER),
}


class World:
    """A house with offers and scores and a firm with a sealed bid, and what one person controls."""

    def __init__(self):
        self.house, self.firm = make_buyer_org(), make_supplier_org()
        self.house_admin = make_member(self.house, Role.ORG_ADMIN)
        self.firm_admin = make_member(self.firm, Role.ORG_ADMIN)
        by = make_member(self.firm, Role.SUPPLIER)
        scored = make_published(organisation=self.house)
        make_bid(scored, by=by, bidder=self.firm)
        scored = open_bids(scored)
        score_all(scored, by=make_member(self.house, Role.EVALUATOR))
        self.bid = make_bid(make_published(organisation=self.house), by=by, bidder=self.firm)
        self.puppets = [make_user(), make_user()]

    def reached(self, people):
        """What these accounts have that they should not."""
        for person in User.objects.filter(pk__in=people):
            if rules.scores_visible_to(person).exists():
                return "a score"
            of_others = rules.offers_visible_to(person).exclude(bid__bidder__in=rules.bidders_for(person))
            if of_others.exists():
                return "an offer"
            if rules.can_withdraw_bid(person, self.bid):
                return "a withdrawal"
        return None


class Search:
    """Every sequence of acts, each undone after it was tried; a situation met twice is explored once."""

    def __init__(self, world, controlled, *, patient=True):
        self.world, self.patient = world, patient
        self.controlled = [person.pk for person in (*controlled, *world.puppets)]
        self.at, self.seen, self.looked_at, self.tried = now(), {}, set(), 0

    def run(self, depth=DEPTH, done=()):
        """The first sequence that reaches something, None when none does."""
        for name, act in list(self.acts()):
            found = self._try(name, act, depth, done)
            if found:
                return found
        return None

    def _try(self, name, act, depth, done):
        before = self.at
        with transaction.atomic():
            try:
                with transaction.atomic():
                    act()
            except (Refusal, Undone):
                return None
            self.tried += 1
            found = self._look((*done, name), depth)
            transaction.set_rollback(True)
        self.at = before
        return found

    def _look(self, done, depth):
        situation, held = self._situation()
        if held not in self.looked_at:
            self.looked_at.add(held)
            if reached := self.world.reached(self.controlled):
                return *done, reached
        if depth == 1 or self.seen.get(situation, 0) >= depth:
            return None
        self.seen[situation] = depth
        return self.run(depth - 1, done)

    def _situation(self):
        """What decides what follows; and of it, the roles, which alone decide what is reached."""
        roles = _rows(Membership, "user", "organisation", "role") + _rows(
            Delegation, "delegate", "organisation", "role"
        )
        waiting = _rows(Approval, "state", "asked_by", "decided_by", "digest") + _rows(
            JoinRequest, "user", "organisation", "state"
        )
        return hash((self.at, roles, waiting)), hash(roles)

    def acts(self):
        """What each account may try: most is refused."""
        people = self._distinct(list(User.objects.filter(pk__in=self.controlled)))
        for by in people:
            yield from self._gifts(by, people)
            yield from self._answers(by)
        if self.patient:
            yield "wait", self._wait

    def _gifts(self, by, people):
        others = [person for person in people if person.pk != by.pk]
        if by.memberships.filter(role__in=[Role.ORG_ADMIN, Role.PLATFORM_ADMIN]).exists():
            for organisation in (self.world.house, self.world.firm):
                yield from self._gifts_here(organisation, by, others)
        for row in by.memberships.filter(role__in=[Role.BUYER, Role.SUPPLIER]):
            for to in others:
                yield self._named("lend", by, to, row.role), self._lend(row, by, to)

    def _gifts_here(self, organisation, by, others):
        for to in others:
            is_member = to.memberships.filter(organisation=organisation).exists()
            for role in GIVEN[organisation.kind]:
                act = self._give if is_member else self._invite
                yield (
                    self._named("give" if is_member else "invite", by, to, role),
                    act(organisation, by, to, role),
                )
        strangers = Membership.objects.filter(organisation=organisation).exclude(user__in=self.controlled)
        for row in strangers.filter(role__in=[Role.ORG_ADMIN, Role.SUPPLIER]):
            yield f"{by.pk} removes {row}", self._remove(row, by)

    def _distinct(self, people):
        """Two accounts that hold nothing yet are the same to whoever owns both."""
        used = set(Approval.objects.values_list("facts__change__user", flat=True))
        used |= set(JoinRequest.objects.values_list("user", flat=True))
        used |= set(Membership.objects.values_list("user", flat=True))
        blank = [one for one in people if one.pk not in used]
        return [one for one in people if one not in blank[1:]]

    def _answers(self, by):
        for asked in Approval.objects.filter(state="asked"):
            yield f"{by.pk} confirms {asked.pk}", self._confirm(asked, by)
        for asked in JoinRequest.objects.filter(state="pending"):
            yield f"{by.pk} lets in", self._let_in(asked, by)
        if not by.memberships.exists() and not by.join_requests.exists():
            yield f"{by.pk} asks to join", self._join(by)

    def _named(self, verb, by, to, role):
        return f"{by.pk} {verb} {role} to {to.pk}"

    def _invite(self, organisation, by, to, role):
        def act():
            invitation, _secret = services.invitation_send(
                organisation=organisation, email=to.email, full_name="Pantin", roles=[role], by=by, at=self.at
            )
            services.invitation_accept(invitation=invitation, by=to, at=self.at)

        return act

    def _give(self, organisation, by, to, role):
        return lambda: services.membership_add(
            organisation=organisation, user=to, role=role, by=by, at=self.at
        )

    def _remove(self, row, by):
        return lambda: services.membership_remove(membership=row, by=by, at=self.at)

    def _lend(self, row, by, to):
        return lambda: services.delegations_give(
            organisation=row.organisation,
            delegate=to,
            roles=[row.role],
            starts_at=self.at,
            ends_at=self.at + timedelta(days=9),
            by=by,
            at=self.at,
        )

    def _confirm(self, asked, by):
        return lambda: approvals.approval_confirm(approval=asked, digest=asked.digest, by=by, at=self.at)

    def _let_in(self, asked, by):
        return lambda: services.join_request_accept(
            join_request=asked, roles=[Role.SUPPLIER], by=by, at=self.at
        )

    def _join(self, by):
        firm = self.world.firm
        return lambda: services.firm_enter(siret=firm.siret, name=firm.name, by=by, at=self.at)

    def _wait(self):
        self.at += timedelta(days=10)
        approvals.approvals_take_effect(at=self.at)
        if not Approval.objects.filter(state__in=["asked", "delayed"]).exists():
            raise Undone


def _rows(model, *fields):
    return tuple(sorted(map(str, model.objects.values_list(*fields))))


class Undone(Exception):
    """An act that changed nothing."""


@pytest.fixture
def world():
    return World()


def test_an_administrator_of_the_platform_alone_reaches_nothing(world):
    make_platform_admin()
    search = Search(world, [make_platform_admin()])
    assert search.run() is None
    assert search.tried > 10, "the search does not move"


def test_an_administrator_of_another_house_alone_reaches_nothing(world):
    make_platform_admin()
    stranger = make_member(make_buyer_org(), Role.ORG_ADMIN)
    search = Search(world, [stranger])
    assert search.run() is None


def test_the_only_administrator_of_the_house_alone_reaches_nothing(world):
    make_platform_admin()
    search = Search(world, [world.house_admin])
    assert search.run() is None
    assert search.tried > 10


def test_the_only_administrator_of_the_firm_alone_withdraws_nothing(world):
    """His own firm's bid, deposited by another: after three days without any of those who were there he may, so the
    search does not wait.
    """
    make_platform_admin()
    search = Search(world, [world.firm_admin], patient=False)
    assert search.run() is None
    assert search.tried > 10


class TestTheSearchFinds:
    """Negative controls: two persons together, and the rules as they were."""

    def test_an_administrator_of_the_house_with_one_of_the_platform(self, world):
        found = Search(world, [world.house_admin, make_platform_admin()]).run()
        assert found[-1] in ("a score", "an offer")
        assert len(found) <= DEPTH + 1

    def test_an_administrator_of_the_platform_under_the_former_rule(self, world, monkeypatch):
        monkeypatch.setattr(actions, "CONFIRMED_ROLES", (Role.SIGNATORY, Role.CUSTODIAN))
        found = Search(world, [make_platform_admin()]).run()
        assert found[-1] in ("a score", "an offer")

    def test_the_administrator_of_the_firm_under_the_former_rule(self, world, monkeypatch):
        monkeypatch.setattr(
            rules, "can_withdraw_bid", lambda user, bid: has_role(user, bid.bidder_id, Role.SUPPLIER)
        )
        found = Search(world, [world.firm_admin], patient=False).run()
        assert found[-1] == "a withdrawal"

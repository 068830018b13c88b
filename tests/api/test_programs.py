"""Programs of an organisation: opened by its administrator, known to the journal, closed for good."""

from datetime import timedelta

import pytest
from django.urls import reverse

from foundation import clock
from foundation.accounts import demo as people
from foundation.accounts.enums import Role
from foundation.accounts.selectors import users_with_role
from foundation.api import demo, services
from foundation.api.models import AccessToken, Program
from foundation.api.selectors import ENDS_SOON
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.notifications.models import Notification
from tests.accounts.factories import (
    confirm_roles,
    make_buyer_org,
    make_member,
    make_platform_admin,
    make_user,
)
from tests.api.client import by_token
from tests.framework_agreements.factories import make_world

pytestmark = pytest.mark.django_db

EVERYTHING = ["read", "orders:write", "orders:issue"]


def open_program(organisation, *, roles=(Role.BUYER,), by=None, at=None, days=30, **fields):
    fields = {"name": "Logiciel financier", "scopes": EVERYTHING, **fields}
    make_platform_admin()
    opened = services.program_open(
        organisation=organisation,
        roles=list(roles),
        lifetime_days=days,
        by=by or make_member(organisation, Role.ORG_ADMIN),
        at=at or clock.now(),
        **fields,
    )
    confirm_roles()
    return opened


def test_a_role_that_reads_offers_waits_for_a_second_person():
    organisation = make_buyer_org()
    make_platform_admin()
    program, _token, secret = services.program_open(
        organisation=organisation,
        name="Lecteur",
        roles=[Role.AUDITOR],
        scopes=["read"],
        lifetime_days=30,
        by=make_member(organisation, Role.ORG_ADMIN),
        at=clock.now(),
    )
    assert by_token(secret).get("/api/v1/me/").json()["memberships"] == []
    confirm_roles()
    assert program.user.memberships.get().role == "auditor"


def order_of(world):
    return {
        "lot": world.lot.pk,
        "holder": world.holder.pk,
        "beneficiary": world.beneficiary.pk,
        "title": "Construction",
        "lines": [{"work_unit": world.unit().pk, "quantity": "1"}],
    }


def test_a_program_acts_in_its_organisation_and_the_journal_names_it():
    world = make_world()
    organisation = world.beneficiary.organisation
    program, _token, secret = open_program(organisation)
    created = by_token(secret).post("/api/v1/orders/", order_of(world))
    assert created.status_code == 201, created.content
    entry = Entry.objects.get(action="framework_agreements.order_create")
    assert entry.actor == program.user
    assert str(entry.actor) == f"Programme « Logiciel financier » de {organisation}"
    assert (entry.organisation, entry.role) == (organisation, "buyer")


def test_a_program_sees_nothing_of_another_organisation():
    world, elsewhere = make_world(), make_buyer_org()
    _program, _token, secret = open_program(elsewhere)
    assert by_token(secret).post("/api/v1/orders/", order_of(world)).status_code == 403
    assert by_token(secret).get("/api/v1/orders/").json()["results"] == []


@pytest.mark.parametrize(
    "role", [Role.SIGNATORY, Role.CUSTODIAN, Role.EVALUATOR, Role.ORG_ADMIN, Role.ELECTED, Role.SUPPLIER]
)
def test_a_program_never_signs_opens_marks_nor_administers(role):
    with pytest.raises(Refusal):
        open_program(make_buyer_org(), roles=[Role.BUYER, role])
    assert not Program.objects.exists()


@pytest.mark.parametrize("who", [lambda org: make_member(org, Role.BUYER), lambda org: make_platform_admin()])
def test_only_the_administrator_of_the_organisation_opens_one(who):
    organisation = make_buyer_org()
    with pytest.raises(Refusal) as refused:
        open_program(organisation, by=who(organisation))
    assert refused.value.code == "forbidden"


def test_one_open_program_of_each_name():
    organisation = make_buyer_org()
    program, *_secret = open_program(organisation)
    with pytest.raises(Refusal, match="porte déjà ce nom"):
        open_program(organisation)
    services.program_close(program=program, by=make_member(organisation, Role.ORG_ADMIN), at=clock.now())
    open_program(organisation)


def test_a_closed_program_stops_at_once_and_stays_written():
    organisation = make_buyer_org()
    program, _token, secret = open_program(organisation)
    assert by_token(secret).get("/api/v1/me/").json()["is_program"] is True
    services.program_close(program=program, by=make_member(organisation, Role.ORG_ADMIN), at=clock.now())
    assert by_token(secret).get("/api/v1/me/").status_code == 401
    assert Entry.objects.filter(action="api.close_program", organisation=organisation).exists()
    assert not program.user.memberships.exists()


def test_nobody_writes_to_a_program():
    organisation = make_buyer_org()
    open_program(organisation)
    assert not users_with_role(organisation, Role.BUYER).exists()


def test_a_program_never_signs_in_by_a_page(client):
    program, *_secret = open_program(make_buyer_org())
    assert not program.user.has_usable_password()
    answer = client.post(reverse("account_login"), {"login": program.user.email, "password": ""})
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_pages_open_renew_revoke_and_close(client):
    organisation = make_buyer_org()
    client.force_login(make_member(organisation, Role.ORG_ADMIN))
    organisation_page = client.get(reverse("accounts:organisation_detail", args=[organisation.pk]))
    listed = reverse("tokens:program_list", args=[organisation.pk])
    assert listed in organisation_page.content.decode()
    typed = {"name": "Comptabilité", "roles": ["prescriber"], "scopes": ["read"], "lifetime_days": 30}
    opened = client.post(reverse("tokens:program_open", args=[organisation.pk]), typed)
    assert opened.context["secret"] in opened.content.decode()
    program = Program.objects.get()
    renewed = client.post(
        reverse("tokens:program_token_create", args=[program.pk]), {"scopes": ["read"], "lifetime_days": 90}
    )
    assert by_token(renewed.context["secret"]).get("/api/v1/me/").status_code == 200
    first = AccessToken.objects.order_by("expiry").first()
    client.post(reverse("tokens:program_token_revoke", args=[program.pk, first.token_key]))
    assert AccessToken.objects.count() == 1
    page = client.get(listed).content.decode()
    assert "Comptabilité" in page
    assert renewed.context["secret"] not in page
    client.post(reverse("tokens:program_close", args=[program.pk]))
    assert "Fermé le" in client.get(listed).content.decode()


def test_the_page_costs_the_same_for_more_programs(client, django_assert_max_num_queries):
    organisation = make_buyer_org()
    admin = make_member(organisation, Role.ORG_ADMIN)
    for number in range(6):
        open_program(organisation, by=admin, name=f"Programme {number}")
    client.force_login(admin)
    with django_assert_max_num_queries(12):
        client.get(reverse("tokens:program_list", args=[organisation.pk]))


def test_the_end_of_a_token_is_announced_once():
    person, organisation, at = make_user(), make_buyer_org(), clock.now()
    admin = make_member(organisation, Role.ORG_ADMIN)
    services.token_create(name="Export", scopes=["read"], lifetime_days=30, by=person, at=at)
    open_program(organisation, by=admin, at=at, roles=[Role.PRESCRIBER])
    services.tokens_announce(at=at)
    assert not Notification.objects.exists()
    for _twice in range(2):
        services.tokens_announce(at=at + timedelta(days=31) - ENDS_SOON)
    told = Notification.objects.values_list("recipient", "title")
    assert sorted(told) == sorted(
        [
            (person.pk, "Le jeton « Export » s’arrête bientôt"),
            (admin.pk, "Le jeton « Logiciel financier » s’arrête bientôt"),
        ]
    )


def test_the_demonstration_shows_a_program_and_a_token_that_ends_soon():
    cast = people.tell(at=clock.now())
    for _twice in range(2):
        demo.tell(cast, at=clock.now())
    program = Program.objects.get()
    assert (program.organisation, program.created_by) == (cast.orgs["dinum"], cast.people["administration"])
    token = AccessToken.objects.get(user=cast.people["acheteuse"])
    assert clock.now() < token.expiry < clock.now() + ENDS_SOON

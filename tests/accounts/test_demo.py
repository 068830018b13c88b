"""The cast of the demonstration: complete, valid, and told twice without a change."""

import pytest
from allauth.account.models import EmailAddress
from stdnum.fr import siret

from foundation.accounts import demo
from foundation.accounts.models import Delegation, Invitation, JoinRequest, Membership, Organisation, User
from foundation.accounts.selectors import houses_of, lent_to
from foundation.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _password(settings):
    settings.JALON_DEMO_PASSWORD = "mot de passe montré"


def test_told_twice_it_changes_nothing(at):
    demo.tell(at=at)
    told = (User, Organisation, Membership, EmailAddress, Delegation, Invitation, JoinRequest, Entry)
    before = [model.objects.count() for model in told]
    demo.tell(at=at)
    assert [model.objects.count() for model in told] == before


def test_each_screen_has_something_to_show(at):
    people = demo.tell(at=at).people
    assert [one.principal_name for one in lent_to(people["administration"])] == ["Bruno Salvat"]
    assert len(houses_of(people["mutualisee"])) == 2
    assert Invitation.objects.get().state == "pending"
    assert JoinRequest.objects.get().user == people["candidat"]


def test_everybody_can_sign_in(at, client):
    cast = demo.tell(at=at)
    assert set(cast.people) == {persona.key for persona in demo.PERSONAS}
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == len(cast.people)
    assert all(user.check_password("mot de passe montré") for user in cast.people.values())


def test_another_password_replaces_the_first(at, settings):
    demo.tell(at=at)
    settings.JALON_DEMO_PASSWORD = "un autre mot"
    assert demo.tell(at=at).people["plateforme"].check_password("un autre mot")


def test_thirty_one_beneficiaries_and_seven_holders(at):
    cast = demo.tell(at=at)
    assert len({organisation.pk for organisation in cast.beneficiaries}) == 31
    assert len({organisation.pk for organisation in cast.holders}) == 7
    invented = [one for one in cast.beneficiaries if one.name.endswith("(démonstration)")]
    assert len(invented) == 31 - 1 - len(demo.NAMED_BENEFICIARIES)


def test_every_siret_is_valid_and_only_the_dinum_bears_a_real_one(at):
    demo.tell(at=at)
    numbers = set(Organisation.objects.values_list("siret", flat=True))
    assert all(siret.is_valid(number) for number in numbers)
    assert {number for number in numbers if not number.startswith("999")} == {"13002526500013"}


def test_the_listing_names_everybody_and_the_password():
    listing = demo.accounts_listing()
    assert "mot de passe montré" in listing
    assert all(persona.email in listing for persona in demo.PERSONAS)

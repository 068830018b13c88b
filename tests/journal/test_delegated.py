"""X5, V8.3.3: a line written by who stands in for another names both, in its columns, its body and its words."""

import json

import pytest
from django.core.management import call_command

from foundation.accounts.selectors import has_role
from foundation.clock import now
from foundation.journal import selectors
from foundation.journal.services import record
from tests.accounts.factories import make_buyer_org, make_delegation, make_member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    """An organisation, its signatory, and who stands in for her while being a buyer himself."""
    organisation = make_buyer_org()
    principal = make_member(organisation, "signatory", full_name="Hélène Roche")
    delegate = make_member(organisation, "buyer", full_name="Paul Navarro")
    make_delegation(principal, delegate, organisation, "signatory")
    return organisation, principal, delegate


def write(by, organisation):
    return record(
        by=by, action="accounts.add_membership", obj=organisation, at=now(), organisation=organisation
    )


def test_the_delegate_and_the_principal_are_both_in_the_line(cast) -> None:
    organisation, principal, delegate = cast
    assert has_role(delegate, organisation, "signatory"), "the right that opens the act"
    entry = write(delegate, organisation)
    assert (entry.actor, entry.principal, entry.role) == (delegate, principal, "signatory")
    assert json.loads(entry.body)["principal"] == principal.pk
    call_command("journal_verify")


def test_who_acts_by_his_own_right_acts_for_himself(cast) -> None:
    organisation, principal, delegate = cast
    assert has_role(delegate, organisation, "buyer", "signatory"), "own roles come first"
    entry = write(delegate, organisation)
    assert (entry.principal, entry.role) == (None, "buyer")
    assert "principal" not in json.loads(entry.body), "old bodies keep their bytes"
    assert write(principal, organisation).principal is None


def test_history_says_for_whom(client, cast) -> None:
    organisation, _principal, delegate = cast
    has_role(delegate, organisation, "signatory")
    write(delegate, organisation)
    (line,) = selectors.history(organisation)
    assert (line.who, line.principal) == ("Paul Navarro", "Hélène Roche")
    client.force_login(make_member(organisation, "org_admin"))
    page = client.get(f"/compte/organisations/{organisation.pk}/").content.decode()
    assert "<strong>Paul Navarro</strong>, pour Hélène Roche" in page
    assert f"/preuves/lignes/{line.index}/" in page

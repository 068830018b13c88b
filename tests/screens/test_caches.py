"""What a browser, maybe shared, keeps of what it shows: nothing, once somebody is signed in."""

import pytest
from django.urls import reverse

from foundation.accounts.enums import Role
from tests.accounts.factories import make_buyer_org, make_member
from tests.tenders.factories import make_published

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["screens:dashboard", "accounts:profile", "tenders:answers", "approvals:list"]
)
def test_a_page_of_a_signed_in_person_is_not_kept(client, name):
    client.force_login(make_member(make_buyer_org(), Role.BUYER))
    answer = client.get(reverse(name))
    assert "no-store" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]
    assert "Cookie" in answer.headers["Vary"]


def test_the_same_public_page_is_kept_for_a_passer_by_and_not_for_who_is_named_on_it(client):
    tender = make_published()
    address = reverse("tenders:detail", args=[tender.pk])
    assert "no-store" not in client.get(address).headers.get("Cache-Control", "")
    client.force_login(tender.created_by)
    assert "no-store" in client.get(address).headers["Cache-Control"]


def test_what_is_sent_after_a_form_is_not_kept_either(client):
    client.force_login(make_member(make_buyer_org(), Role.BUYER))
    answer = client.post(reverse("accounts:profile"), {"full_name": "Autre Nom"})
    assert answer.status_code == 302
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_api_keeps_its_tags_for_programs_and_nothing_for_a_browser(client):
    client.force_login(make_member(make_buyer_org(), Role.BUYER))
    answer = client.get("/api/v1/me/")
    assert answer.headers["Cache-Control"] == "private, no-store"

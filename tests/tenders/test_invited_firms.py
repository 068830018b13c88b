"""Without a notice, the invited firms alone read and answer (X1, X6; R2122-8)."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from foundation.accounts.enums import Role
from foundation.clock import now
from foundation.errors import Refusal
from foundation.notifications.models import Notification
from foundation.open_data.models import Release
from tenders import rules, services
from tenders.checklist import publication_checklist
from tenders.models import Tender
from tenders.rules import public
from tests.accounts.factories import make_member
from tests.api.client import as_user
from tests.tenders.factories import QUIET, make_bid, make_draft, make_published, make_supplier, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited():
    """A person of the invited firm, the firm."""
    return make_supplier()


@pytest.fixture
def tender(invited):
    """Published to this firm only."""
    draft = make_draft(**QUIET)
    services.firm_invite(tender=draft, firm=invited[1], by=draft.created_by, at=now())
    return publish(draft)


def test_nobody_else_reads_it(tender, invited):
    stranger, _firm = make_supplier()
    assert tender in rules.tenders_visible_to(invited[0])
    assert tender not in rules.tenders_visible_to(stranger)
    assert tender not in Tender.objects.public()


def test_it_is_in_no_list_nor_search_nor_open_data(tender, client):
    for address in ("/consultations/", "/api/v1/tenders/", f"/recherche/?q={tender.reference}", "/"):
        assert tender.title not in client.get(address).content.decode()
    assert not Release.objects.exists()


def test_a_question_by_api_tells_a_stranger_nothing(tender):
    """X6: an unknown consultation and one to which one is not invited are answered alike."""
    stranger, _firm = make_supplier()
    asked = [{"tender": pk, "text": "Une question"} for pk in (tender.pk, tender.pk + 1000)]
    answers = [as_user(stranger).post("/api/v1/tender-questions/", body) for body in asked]
    assert [answer.status_code for answer in answers] == [422, 422]


def test_the_invited_firm_is_told_and_answers(tender, invited):
    user, firm = invited
    assert "vous invite" in Notification.objects.get(recipient=user).title
    assert make_bid(tender, by=user, bidder=firm).bidder == firm


def test_another_firm_is_refused_at_the_door_and_by_the_service(tender):
    user, firm = make_supplier()
    browser = Client()
    browser.force_login(user)
    assert browser.get(f"/consultations/{tender.pk}/repondre/").status_code == 404
    with pytest.raises(Refusal):
        make_bid(tender, by=user, bidder=firm)


def test_it_is_not_published_without_an_invited_firm():
    draft = make_draft(**QUIET)
    with pytest.raises(Refusal, match="Invitez les entreprises"):
        services.tender_publish(tender=draft, by=draft.created_by, at=now())


def test_inviting_few_firms_is_an_advice_only(tender):
    [advice] = [check for check in publication_checklist(tender, now()) if check.code == "invited_few"]
    assert not advice.blocking


def test_a_published_notice_invites_nobody(invited):
    draft = make_draft()
    with pytest.raises(Refusal, match="publie un avis"):
        services.firm_invite(tender=draft, firm=invited[1], by=draft.created_by, at=now())


def test_an_administration_is_not_a_firm():
    draft = make_draft(**QUIET)
    with pytest.raises(Refusal, match="une entreprise"):
        services.firm_invite(tender=draft, firm=draft.buyer, by=draft.created_by, at=now())


def test_nothing_changes_once_published(tender):
    _user, firm = make_supplier()
    with pytest.raises(Refusal):
        services.firm_invite(tender=tender, firm=firm, by=tender.created_by, at=now())


def test_a_notice_does_not_ask_for_firms():
    assert not [check for check in publication_checklist(make_published(), now()) if "invited" in check.code]


def test_the_page_finds_firms_without_accents_and_by_siret(invited):
    _user, firm = invited
    firm.name = "Éditions Numériques"
    firm.save(update_fields=["name"])
    draft = make_draft(**QUIET)
    browser = Client()
    browser.force_login(make_member(draft.buyer, Role.BUYER))
    page = f"/consultations/{draft.pk}/redaction/invitees/"
    for words in ("editions", firm.siret[:9], f"{firm.siret[:3]} {firm.siret[3:6]}"):
        assert "Éditions Numériques" in browser.get(page, {"q": words}).content.decode()
    answer = browser.post(f"{page}{firm.pk}/inviter/", follow=True)
    assert "est invitée" in answer.content.decode()
    assert firm in draft.invited.all()
    browser.post(f"{page}{firm.pk}/retirer/")
    assert firm not in draft.invited.all()


def test_one_consultation_at_hand_is_read_by_those_who_find_it_in_the_list(tender, invited):
    readers = (
        AnonymousUser(),
        invited[0],
        make_supplier()[0],
        tender.created_by,
        make_member(tender.buyer, Role.AUDITOR),
        make_member(tender.buyer, Role.ORG_ADMIN),
    )
    for one in (tender, make_published(), make_draft(organisation=tender.buyer), make_draft()):
        for reader in readers:
            listed = rules.tenders_visible_to(reader).filter(pk=one.pk).exists()
            assert public.can_view_tender(reader, one) is listed, (reader, one.state)

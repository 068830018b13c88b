"""Candidatures: sealed with the answer, born in clear at the opening, completed and examined."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from concierge import services as concierge
from foundation.accounts.enums import Role
from foundation.clock import now
from foundation.errors import Refusal
from foundation.files.checks.signatures import EICAR
from foundation.files.models import Inspection
from foundation.journal.models import Entry
from foundation.notifications.models import Notification, OutboxEmail
from tenders import rules, selectors, services
from tenders.models import (
    Bid,
    Candidature,
    CandidatureDocument,
    ComplementAnswer,
    ConsortiumMember,
    SealedPart,
)
from tenders.services import CandidatureDraft, Wanted
from tenders.services.bids import commit_deposit, seal_prices
from tests.accounts.factories import make_member, make_siret
from tests.concierge.factories import make_certificate, scan
from tests.owner import as_owner
from tests.tenders.factories import PDF, make_published, make_supplier, open_bids

pytestmark = pytest.mark.django_db
PRICES = {1: {"UO-1": "1000", "UO-2": "2000"}}


def partner(**facts) -> dict:
    return {"siret": make_siret(), "name": "Partenaire Canari", "share": "Le design", **facts}


def subcontractor(**facts) -> dict:
    known = {"siret": make_siret(), "name": "Sous-traitant Canari", "services": "Hébergement"}
    return {**known, "amount_excl_tax": "31415.92", "is_relied_on": True, **facts}


def answer(tender, *, by=None, firm=None, draft=None, files=(("memoire.pdf", PDF),)):
    """An answer deposited now, with its candidature."""
    if firm is None:
        by, firm = make_supplier()
    envelope = services.envelope_for(tender=tender, bidder=firm, by=by)
    for name, content in files:
        envelope.seal_file(name, [content])
    draft = CandidatureDraft(is_declared=True) if draft is None else draft
    return services.bid_deposit(envelope=envelope, prices=PRICES, candidature=draft or None, by=by)


def complete_firm(at):
    """A firm whose file misses nothing, and the key of its insurance."""
    by, firm = make_supplier()
    concierge.file_update(organisation=firm, figures={2025: (1000, 3)}, by=by, at=at)
    concierge.capacity_save(organisation=firm, title="Design", description="", by=by, at=at)
    return by, firm, make_certificate(firm, by, at, upload=scan("assurance.pdf"))


@pytest.fixture
def examined(at):
    """An opened consultation: one candidature complete, one that misses everything but its declaration."""
    tender = make_published()
    by, firm, paper = complete_firm(at)
    whole = answer(
        tender, by=by, firm=firm, draft=CandidatureDraft(is_declared=True, certificates=[paper.pk])
    )
    poor = answer(tender)
    open_bids(tender)
    tender.refresh_from_db()
    return tender, Candidature.objects.get(bid=whole), Candidature.objects.get(bid=poor)


def ask(tender, *candidatures, piece="insurance", hours=48, **fields):
    wanted = [Wanted(one.pk, piece, "L'attestation en cours") for one in candidatures]
    due_at = now() + timedelta(hours=hours)
    return services.complements_ask(
        tender=tender, wanted=wanted, due_at=due_at, by=tender.created_by, at=now(), **fields
    )


# --- before the opening


def test_the_candidature_is_sealed_with_its_papers_and_born_at_the_opening(at):
    tender = make_published()
    by, firm, paper = complete_firm(at)
    draft = CandidatureDraft(
        is_declared=True,
        declared_quality="Gérante",
        grouping="several",
        is_agent_jointly_liable=True,
        members=[partner()],
        subcontractors=[subcontractor()],
        certificates=[paper.pk],
    )
    bid = answer(tender, by=by, firm=firm, draft=draft)
    assert not Candidature.objects.exists() and not ConsortiumMember.objects.exists()
    open_bids(tender)
    candidature = Candidature.objects.get()
    assert candidature.declared_by == by.full_name and candidature.grouping == "several"
    assert "L2141-1" in candidature.declared_text and candidature.is_agent_jointly_liable
    assert [str(one) for one in candidature.members.all()] == ["Partenaire Canari"]
    assert str(candidature.subcontractors.get().amount_excl_tax) == "31415.92"
    document = candidature.documents.get()
    assert document.part.opened.sha256 == paper.sha256 and document.expires_date == paper.expires_date
    assert candidature.supplier_file["siren"] == firm.siret[:9]
    assert bid.parts.filter(kind="file").count() == 2


def test_the_copy_does_not_follow_the_file_of_the_firm(at):
    tender = make_published()
    by, firm, paper = complete_firm(at)
    answer(tender, by=by, firm=firm, draft=CandidatureDraft(is_declared=True, certificates=[paper.pk]))
    concierge.certificate_remove(certificate=paper, by=by, at=at)
    concierge.file_update(organisation=firm, figures={2025: (None, None)}, by=by, at=at)
    open_bids(tender)
    candidature = Candidature.objects.get()
    assert (
        candidature.supplier_file["figures"]
        and candidature.documents.get().part.opened.name == "assurance.pdf"
    )


def test_nothing_of_a_candidature_is_in_clear_before_the_opening():
    """S1: canaries in every part of a candidature; the rows, the storage, the messages and the journal hold none."""
    tender = make_published()
    canary = "CanariDeCandidature"
    draft = CandidatureDraft(
        is_declared=True,
        declared_quality=canary,
        grouping="joint",
        members=[partner(name=canary, share=canary)],
        subcontractors=[subcontractor(name=canary, services=canary, amount_excl_tax="31415926.53")],
    )
    bid = answer(tender, draft=draft)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ~* %s', [f"{canary}|31415926"])  # noqa: S608
            assert cursor.fetchone() == (0,), table
    for part in bid.parts.all():
        sealed = bytes(part.sealed_data or b"") or default_storage.open(part.file.name).read()
        assert canary.encode() not in sealed
    open_bids(tender)
    assert ConsortiumMember.objects.get().name == canary


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"is_declared": False}, "declared"),
        ({"grouping": "joint"}, "membre-0-siret"),
        ({"members": [partner()]}, "grouping"),
        ({"grouping": "joint", "members": [partner(siret="123")]}, "membre-0-siret"),
        ({"grouping": "joint", "members": [partner(name="")]}, "membre-0-name"),
        ({"subcontractors": [subcontractor(services="")]}, "soustraitant-0-services"),
        ({"subcontractors": [subcontractor(amount_excl_tax="-1")]}, "soustraitant-0-amount_excl_tax"),
        ({"lot_numbers": [9]}, "lot_numbers"),
    ],
)
def test_what_contradicts_itself_is_refused_beside_its_field(facts, field):
    tender = make_published()
    with pytest.raises(Refusal) as refused:
        answer(tender, draft=CandidatureDraft(**{"is_declared": True, **facts}))
    assert [reason.field for reason in refused.value.reasons] == [field]
    assert not tender.bids.exists()


def test_the_agent_is_not_a_member_of_his_own_consortium():
    tender = make_published()
    by, firm = make_supplier()
    draft = CandidatureDraft(is_declared=True, grouping="joint", members=[partner(siret=firm.siret)])
    with pytest.raises(Refusal, match="déjà celui du mandataire"):
        answer(tender, by=by, firm=firm, draft=draft)


def test_papers_of_another_firm_are_never_taken(at):
    tender = make_published()
    _by, _firm, paper = complete_firm(at)
    answer(tender, draft=CandidatureDraft(is_declared=True, certificates=[paper.pk]))
    open_bids(tender)
    assert not CandidatureDocument.objects.exists()


def test_a_first_answer_without_candidature_is_refused():
    """R2143-3: the service says it, for the page and for the API."""
    with pytest.raises(Refusal, match="déclaration sur l'honneur") as caught:
        answer(make_published(), draft=())
    [reason] = caught.value.reasons
    assert (reason.field, "R2143-3" in reason.article) == ("declared", True)
    assert not Bid.objects.exists()


def test_facts_nobody_would_seal_stop_their_bid_only():
    tender = make_published()
    by, firm = make_supplier()
    envelope = services.envelope_for(tender=tender, bidder=firm, by=by)
    envelope.seal_candidature({"is_declared": True})
    seal_prices(envelope, PRICES, by)
    envelope.recipients = [by]
    broken = commit_deposit(envelope, {}, by)
    good = answer(tender)
    open_bids(tender)
    broken.refresh_from_db()
    good.refresh_from_db()
    assert (broken.state, good.state) == ("unreadable", "opened")


# --- completeness, complements


def test_the_table_says_what_misses_and_keeps_its_number_of_queries(examined, django_assert_max_num_queries):
    tender, whole, poor = examined
    with django_assert_max_num_queries(9):
        rows = {row.candidature.pk: row for row in selectors.candidature_table(tender, now())}
    assert not rows[whole.pk].missing
    assert {check.piece for check in rows[poor.pk].missing} == {"turnover", "references", "insurance"}


def test_a_firm_named_by_two_candidatures_is_pointed_out():
    """R2142-23: one firm is not the agent, or a member, twice."""
    tender = make_published()
    both = partner(name="Deux Fois")
    for _number in range(2):
        answer(tender, draft=CandidatureDraft(is_declared=True, grouping="joint", members=[both]))
    open_bids(tender)
    assert [row.elsewhere for row in selectors.candidature_table(tender, now())] == [["Deux Fois"]] * 2


def test_a_request_goes_to_all_those_concerned_with_one_date(examined):
    """R2144-2: leaving one out would favour the others."""
    tender, whole, poor = examined
    with pytest.raises(Refusal, match="tous les candidats concernés"):
        ask(tender, whole, piece="other")
    request = ask(tender, poor, message="Merci de compléter.")
    poor.refresh_from_db()
    assert poor.state == "to_complete" and request.items.get().candidature == poor
    told = Notification.objects.get(kind="tenders.complements_asked")
    assert told.recipient == poor.bid.deposited_by
    assert Entry.objects.filter(action="tenders.complements_ask").count() == 1


def test_too_short_a_delay_or_nothing_asked_is_refused(examined):
    tender, _whole, poor = examined
    for wanted, hours, field in (([], 48, "wanted"), ([Wanted(poor.pk, "insurance", "x")], 1, "due_at")):
        with pytest.raises(Refusal) as refused:
            services.complements_ask(
                tender=tender,
                wanted=wanted,
                due_at=now() + timedelta(hours=hours),
                by=tender.created_by,
                at=now(),
            )
        assert refused.value.reasons[0].field == field


def test_what_a_firm_already_gave_and_still_holds_is_not_asked_again(examined):
    """L30: a precision is asked otherwise."""
    tender, whole, poor = examined
    with pytest.raises(Refusal) as refused:
        ask(tender, whole, poor)
    assert "R2143-14" in str(refused.value.reasons[0].article) and str(whole.bid.bidder) in str(refused.value)
    ask(tender, poor)
    assert ask(tender, whole, piece="other").items.get().candidature == whole


def test_the_candidate_answers_until_the_date(examined, monkeypatch):
    tender, _whole, poor = examined
    item = ask(tender, poor).items.get()
    by = poor.bid.deposited_by
    services.complement_answer(item=item, upload=scan("nouvelle.pdf"), by=by, at=now())
    [row] = [row for row in selectors.candidature_table(tender, now()) if row.candidature == poor]
    assert {check.piece for check in row.missing} == {"turnover", "references"}
    assert Notification.objects.filter(
        kind="tenders.complement_answered", recipient=tender.created_by
    ).exists()
    later = item.request.due_at + timedelta(seconds=1)
    monkeypatch.setattr("tenders.services.candidatures.complements.database_now", lambda: later)
    with pytest.raises(Refusal, match="délai de réponse est passé"):
        services.complement_answer(item=item, words="Encore", by=by, at=now())
    assert ComplementAnswer.objects.count() == 1


def test_nobody_answers_for_another_firm(examined):
    tender, whole, poor = examined
    item = ask(tender, poor).items.get()
    for person in (whole.bid.deposited_by, tender.created_by):
        with pytest.raises(Refusal) as refused:
            services.complement_answer(item=item, words="x", by=person, at=now())
        assert refused.value.reasons[0].code == "forbidden"


def test_a_file_that_hurts_is_refused_traced_and_not_kept(examined):
    """U1: the refusal is a line of the journal, the file is nowhere."""
    tender, _whole, poor = examined
    item = ask(tender, poor).items.get()
    with pytest.raises(Refusal, match="malveillant"):
        services.complement_answer(
            item=item, upload=scan("virus.pdf", EICAR), by=poor.bid.deposited_by, at=now()
        )
    assert not ComplementAnswer.objects.exists()
    assert "virus.pdf" in Entry.objects.get(action="tenders.complement_refused").reason


def test_a_dangerous_file_of_an_opened_bid_is_put_aside_and_traced():
    """U1: what could not be read before the opening is put aside after it, once, with its line."""
    tender = make_published()
    document = io.BytesIO()
    import zipfile

    with zipfile.ZipFile(document, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lettre.txt", EICAR)
    bid = answer(tender, files=(("memoire.zip", document.getvalue()),))
    open_bids(tender)
    services.opened_files_inspect(at=now())
    services.opened_files_inspect(at=now())
    assert Inspection.objects.get().verdict == "dangerous"
    assert Entry.objects.filter(action="tenders.file_quarantined").count() == 1
    [row] = selectors.candidature_table(tender, now())
    assert [part.opened.name for part, _said in row.put_aside] == ["memoire.zip"]
    with pytest.raises(Refusal):
        services.bid_file_download(
            part=SealedPart.objects.get(bid=bid, kind="file"), by=tender.created_by, at=now()
        )


# --- decisions


def test_nobody_decides_before_the_date_given_to_answer(examined, monkeypatch):
    tender, _whole, poor = examined
    request = ask(tender, poor)
    with pytest.raises(Refusal, match="peut encore répondre"):
        services.candidature_exclude(
            candidature=poor, ground="incomplete", reason="Rien reçu.", by=tender.created_by, at=now()
        )
    monkeypatch.setattr("tenders.workflow.candidatures.database_now", lambda: request.due_at)
    services.candidature_exclude(
        candidature=poor, ground="incomplete", reason="Rien reçu.", by=tender.created_by, at=now()
    )
    poor.refresh_from_db()
    assert (poor.state, poor.reason) == ("excluded", "Rien reçu.")


def test_an_exclusion_at_discretion_hears_the_candidate_first(examined):
    """L2141-11."""
    tender, _whole, poor = examined
    act = {"candidature": poor, "ground": "appreciation", "reason": "Manquement.", "by": tender.created_by}
    with pytest.raises(Refusal, match="observations"):
        services.candidature_exclude(**act, at=now())
    item = ask(tender, poor, piece="observations").items.get()
    services.complement_answer(item=item, words="Voici nos mesures.", by=poor.bid.deposited_by, at=now())
    services.candidature_exclude(**act, at=now())
    assert Candidature.objects.get(pk=poor.pk).state == "excluded"


def test_everyone_is_told_when_the_list_is_closed_and_not_before(examined):
    tender, whole, poor = examined
    by = tender.created_by
    services.candidature_admit(candidature=whole, by=by, at=now())
    with pytest.raises(Refusal, match="Il reste"):
        services.candidatures_settle(tender=tender, by=by, at=now())
    services.candidature_exclude(
        candidature=poor, ground="capacity", reason="Aucune référence.", by=by, at=now()
    )
    assert not Notification.objects.filter(kind__startswith="tenders.candidature_").exists()
    assert not selectors.admitted_candidatures(tender)
    services.candidatures_settle(tender=tender, by=by, at=now())
    assert [one.pk for one in selectors.admitted_candidatures(tender)] == [whole.pk]
    mail = OutboxEmail.objects.get(kind="tenders.candidature_excluded")
    assert "Aucune référence." in str(mail.context) and "R2144-7" in str(mail.context)
    assert Notification.objects.get(kind="tenders.candidature_admitted").recipient == whole.bid.deposited_by
    for act in (services.candidature_reconsider, services.candidature_admit):
        with pytest.raises(Refusal):
            act(candidature=poor, by=by, at=now())


def test_the_offer_of_a_rejected_candidature_is_not_compared(examined):
    tender, whole, poor = examined
    lot = tender.lots.get()
    assert selectors.offers_of(lot).count() == 2
    services.candidature_exclude(
        candidature=poor, ground="capacity", reason="Trop peu.", by=tender.created_by, at=now()
    )
    assert [offer.bid_id for offer in selectors.offers_of(lot)] == [whole.bid_id]
    services.candidature_reconsider(candidature=poor, by=tender.created_by, at=now())
    assert selectors.offers_of(lot).count() == 2


def test_only_the_buyers_examine(examined):
    tender, whole, _poor = examined
    for person in (make_member(tender.buyer, Role.EVALUATOR), whole.bid.deposited_by):
        assert not rules.can_examine_candidatures(person, tender)
        with pytest.raises(Refusal) as refused:
            services.candidature_admit(candidature=whole, by=person, at=now())
        assert refused.value.reasons[0].code == "forbidden"


def test_what_was_sealed_and_what_was_sent_no_longer_change(examined):
    tender, whole, poor = examined
    item = ask(tender, poor).items.get()
    sent = services.complement_answer(item=item, words="Oui", by=poor.bid.deposited_by, at=now())
    for rows, change in (
        (Candidature.objects.filter(pk=whole.pk), {"declared_by": "Autre"}),
        (Candidature.objects.filter(pk=whole.pk), {"state": "excluded"}),
        (ComplementAnswer.objects.filter(pk=sent.pk), {"words": "Non"}),
    ):
        with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)

"""Questions and answers: everybody the same words at the same instant (J5), and nobody learns who asked (X2)."""

from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.utils import InternalError
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.clock import now
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.journal.rules import can_read_entry
from foundation.notifications.models import Notification, OutboxEmail
from tenders import legal, selectors, services
from tenders.enums import AnswerState, DelayGround, Procedure
from tenders.models import Answer, Question
from tests.accounts.factories import make_member
from tests.owner import as_owner
from tests.tenders.factories import (
    PDF,
    QUIET,
    make_bid,
    make_draft,
    make_published,
    make_supplier,
    pass_deadline,
)
from tests.tenders.factories import publish as publish_tender

pytestmark = pytest.mark.django_db


@pytest.fixture
def tender():
    return make_published(custodians=2)


def ask(tender, text="Le lot 1 comprend-il la reprise ?", who=None, uploads=(), at=None):
    person, firm = who or make_supplier()
    return services.question_ask(
        tender=tender, firm=firm, text=text, uploads=uploads, by=person, at=at or now()
    )


def write(tender, questions=(), question="La reprise est-elle comprise ?", text="Oui.", answer=None):
    return services.answer_write(
        tender=tender,
        questions=questions,
        question=question,
        text=text,
        answer=answer,
        by=tender.created_by,
        at=now(),
    )


def publish(tender, at=None):
    return services.answers_publish(tender=tender, by=tender.created_by, at=at or now())


def read(client, name, *args, **query):
    answer = client.get(reverse(f"tenders:{name}", args=args), query)
    return unescape(answer.content.decode()) if answer.status_code == 200 else answer.status_code


def test_similar_questions_get_one_answer_and_everyone_is_told_at_the_same_instant(tender, client):
    """J5: one instant for all the answers, one message for the bidder, the askers and the followers."""
    bidder, firm = make_supplier()
    make_bid(tender, by=bidder, bidder=firm)
    first, second = make_supplier(), make_supplier()
    alike = [ask(tender, who=first), ask(tender, "La reprise est comprise ?", who=second)]
    services.address_follow(tender=tender, email="lea@exemple.fr", at=now())
    services.address_confirm(follower=tender.followers.get(), at=now())
    write(tender, alike)
    write(tender, question="Le lieu ?", text="Paris.")
    assert "Paris." not in read(client, "questions", tender.pk)
    OutboxEmail.objects.all().delete()
    published = publish(tender)
    assert [answer.number for answer in published] == [1, 2]
    assert len({answer.published_at for answer in published}) == 1
    told = Notification.objects.filter(kind="tenders.answers_published")
    assert {row.recipient_id for row in told} == {bidder.pk, first[0].pk, second[0].pk}
    mails = OutboxEmail.objects.filter(kind="tenders.answers_published")
    assert {mail.reader.email for mail in mails} == {
        "lea@exemple.fr",
        *(p.email for p in (bidder, first[0], second[0])),
    }
    assert len({(mail.created_at, str(mail.context)) for mail in mails}) == 1
    for reader in (None, first[0], tender.created_by):
        if reader:
            client.force_login(reader)
        told = read(client, "questions", tender.pk)
        assert "Oui." in told
        assert "Paris." in told


def test_the_asker_is_hidden_everywhere_from_everyone_but_his_firm(tender, client):
    """Page, API, journal, file's name, message: neither the firm nor the person, before or after the answer."""
    person, firm = make_supplier()
    name = f"Question de {firm.name}.pdf"
    question = ask(tender, who=(person, firm), uploads=[SimpleUploadedFile(name, PDF)])
    rival = make_supplier()[0]
    auditor = make_member(tender.buyer, Role.AUDITOR)
    pages = [
        ("questions", tender.pk),
        ("answers_prepare", tender.pk),
        ("detail", tender.pk),
        ("manage", tender.pk),
    ]
    for step in ("asked", "answered"):
        for reader in (None, rival, tender.created_by, auditor):
            client.logout()
            if reader:
                client.force_login(reader)
            for page in pages:
                told = str(read(client, *page))
                assert firm.name not in told, (step, reader, page)
                assert person.full_name not in told, (step, reader, page)
            for address in ("tender-questions", "tender-answers"):
                told = client.get(f"/api/v1/{address}/").content.decode()
                assert firm.name not in told
                assert person.full_name not in told
            if reader:
                entry = Entry.objects.get(action="tenders.question_ask")
                assert not can_read_entry(reader, entry)
        if step == "asked":
            write(tender, [question])
            publish(tender)
    assert can_read_entry(person, entry)
    assert firm.name not in question.files.get().file.name
    for row in (
        *Notification.objects.exclude(recipient=person),
        *OutboxEmail.objects.exclude(recipient=person),
    ):
        assert firm.name not in str(vars(row))


def test_an_unanswered_question_is_read_by_its_firm_and_the_buyer_only(tender, client):
    person, firm = make_supplier()
    colleague = make_member(firm, Role.SUPPLIER)
    question = ask(
        tender, "Un secret de fabrication ?", who=(person, firm), uploads=[SimpleUploadedFile("x.pdf", PDF)]
    )
    readers = {
        person: True,
        colleague: True,
        tender.created_by: True,
        make_supplier()[0]: False,
        make_member(tender.buyer, Role.EVALUATOR): False,
        make_published(custodians=2).created_by: False,
    }
    file = ("question_file", tender.pk, question.pk, 1)
    for reader, sees in readers.items():
        client.force_login(reader)
        told = str(read(client, "questions", tender.pk)) + str(read(client, "answers_prepare", tender.pk))
        assert ("Un secret" in told) is sees, reader
        answer = client.get(reverse(f"tenders:{file[0]}", args=file[1:]))
        assert answer.status_code == (302 if sees else 404)
        rows = client.get("/api/v1/tender-questions/").json()["results"]
        assert bool(rows) is sees
        if sees:
            given = client.get(answer["Location"])["Content-Disposition"]
            assert ("x.pdf" in given) is (reader != tender.created_by)
    client.logout()
    assert "Un secret" not in read(client, "questions", tender.pk)


def test_questions_stop_at_the_date_announced_or_in_time_to_be_answered(tender):
    due = selectors.questions_due_at(tender)
    assert due == tender.submission_due_at - timedelta(days=8)
    ask(tender, at=due - timedelta(seconds=1))
    with pytest.raises(Refusal, match="jusqu’au"):
        ask(tender, at=due)
    early = make_published(custodians=2, questions_due_at=now() + timedelta(days=3))
    with pytest.raises(Refusal):
        ask(early, at=now() + timedelta(days=3))


def test_a_date_for_questions_after_the_deadline_is_refused_beside_its_field():
    with pytest.raises(Refusal) as refusal:
        make_published(custodians=2, questions_due_at=now() + timedelta(days=90))
    assert refusal.value.reasons[0].field == "questions_due_at"


@pytest.mark.parametrize(
    ("procedure", "ground", "days"),
    [
        (Procedure.OPEN, DelayGround.ORDINARY, 6),
        (Procedure.OPEN, DelayGround.URGENT, 4),
        (Procedure.ADAPTED, DelayGround.ORDINARY, 4),
    ],
)
def test_a_late_answer_calls_for_as_many_days_as_it_took(procedure, ground, days):
    """L15: six days before the deadline, four when urgent."""
    due = now() + timedelta(days=30)
    last = due - timedelta(days=days)
    assert legal.answers_due_at(procedure, ground, due) == last
    assert legal.deadline_after(procedure, ground, due, last) is None
    assert legal.deadline_after(procedure, ground, due, last + timedelta(seconds=1)) == due + timedelta(
        days=1
    )
    assert legal.deadline_after(procedure, ground, due, last + timedelta(days=2)) == due + timedelta(days=2)


def test_the_buyer_is_told_that_a_late_answer_calls_for_an_extension(client, monkeypatch, tender):
    client.force_login(tender.created_by)
    assert "Réponse tardive" not in read(client, "answers_prepare", tender.pk)
    from tenders.views import questions as views

    monkeypatch.setattr(views, "now", lambda: tender.submission_due_at - timedelta(days=5))
    told = read(client, "answers_prepare", tender.pk)
    assert "Réponse tardive" in told
    assert "R2132-6" in told


def test_nothing_is_asked_nor_answered_after_the_deadline(tender):
    write(tender)
    pass_deadline(tender)
    with pytest.raises(Refusal):
        ask(tender)
    with pytest.raises(Refusal, match="date limite"):
        publish(tender)


def test_what_is_published_is_final(tender):
    """The database itself refuses."""
    question = ask(tender)
    write(tender, [question])
    [answer] = publish(tender)
    with pytest.raises(Refusal):
        write(tender, answer=answer, text="Autre chose.")
    for change in (
        lambda: Answer.objects.update(text="Autre"),
        lambda: Question.objects.update(text="Autre"),
    ):
        with as_owner(), pytest.raises(InternalError), transaction.atomic():
            change()


def test_a_question_is_answered_once_and_waits_again_when_its_draft_is_thrown_away(tender):
    question = ask(tender)
    first, second = write(tender, [question]), write(tender, [question])
    assert [row.pk for row in first.questions.all()] == [question.pk]
    assert not second.questions.exists()
    services.answer_remove(answer=first, by=tender.created_by, at=now())
    assert list(selectors.waiting_questions(tender)) == [question]


def test_others_neither_answer_nor_ask_for_a_firm_that_is_not_theirs(tender):
    stranger = make_published(custodians=2).created_by
    with pytest.raises(Refusal):
        services.answer_write(tender=tender, questions=[], question="Q", text="R", by=stranger, at=now())
    with pytest.raises(Refusal):
        services.question_ask(
            tender=tender, firm=make_supplier()[1], text="Q", by=make_supplier()[0], at=now()
        )


def test_a_firm_asks_and_the_buyer_groups_and_publishes_on_the_pages(tender, client):
    person, _firm = make_supplier()
    client.force_login(person)
    url = reverse("tenders:question_ask", args=[tender.pk])
    wrong = client.post(url, {"text": "Gardé ?", "uploads": SimpleUploadedFile("x.exe", b"MZ")})
    assert "Gardé ?" in wrong.content.decode()
    client.post(url, {"text": "Qui héberge ?", "uploads": SimpleUploadedFile("plan.pdf", PDF)})
    question = Question.objects.get()
    assert question.files.count() == 1
    client.force_login(tender.created_by)
    told = read(client, "answer_write", tender.pk, question=str(question.pk))
    assert "Qui héberge ?" in told
    facts = {"questions": [str(question.pk)], "question": "L'hébergement ?", "text": "Le titulaire."}
    client.post(reverse("tenders:answer_write", args=[tender.pk]), facts)
    answer = Answer.objects.get()
    assert answer.state == AnswerState.DRAFT
    client.post(reverse("tenders:answer_change", args=[tender.pk, answer.pk]), {**facts, "text": "La DINUM."})
    client.post(reverse("tenders:answers_publish", args=[tender.pk]))
    assert "La DINUM." in read(client, "questions", tender.pk)
    client.force_login(person)
    assert "Lire la réponse, question 1" in read(client, "questions", tender.pk)


def test_a_prescriber_answers_too_and_an_evaluator_does_not(tender, client):
    client.force_login(make_member(tender.buyer, Role.PRESCRIBER))
    assert read(client, "answers_prepare", tender.pk) != 404
    client.force_login(make_member(tender.buyer, Role.EVALUATOR))
    assert read(client, "answers_prepare", tender.pk) == 404


def test_the_page_costs_the_same_for_one_question_and_for_ten(tender, client, django_assert_max_num_queries):
    client.force_login(tender.created_by)
    for number in range(10):
        ask(tender, f"Question {number} ?", uploads=[SimpleUploadedFile("x.pdf", PDF)])
    with django_assert_max_num_queries(12):
        read(client, "answers_prepare", tender.pk)


def test_without_a_notice_the_invited_firms_alone_ask_and_read(client):
    draft = make_draft(custodians=2, **QUIET)
    invited, stranger = make_supplier(), make_supplier()
    services.firm_invite(tender=draft, firm=invited[1], by=draft.created_by, at=now())
    tender = publish_tender(draft)
    ask(tender, who=invited)
    with pytest.raises(Refusal):
        ask(tender, who=stranger)
    write(tender)
    publish(tender)
    for reader, sees in ((None, False), (stranger[0], False), (invited[0], True)):
        client.logout()
        if reader:
            client.force_login(reader)
        assert (read(client, "questions", tender.pk) != 404) is sees
        assert bool(client.get("/api/v1/tender-answers/").json()["results"]) is sees

"""Messages of the public side: questions and answers, addresses to prove, searches that found something."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Role
from foundation.accounts.selectors import users_with_role
from foundation.notifications.guests import Guest
from foundation.notifications.registry import MessageKind
from foundation.notifications.services import notify
from tenders import follow_links
from tenders.models import Tender
from tenders.notifications.procedure import EXAMPLE, exact_words, words_of
from tenders.selectors import people_to_tell

KINDS = (
    MessageKind(
        "tenders.question_asked",
        _("Question d’une entreprise"),
        "tender_question_asked",
        example={**EXAMPLE, "question": "Le lot 1 comprend-il la reprise des données ?"},
    ),
    MessageKind(
        "tenders.answers_published",
        _("Réponses aux questions publiées"),
        "tender_answers_published",
        legal=_("art. R2132-6 du code de la commande publique"),
        example={
            **EXAMPLE,
            "count": 1,
            "answers": [
                {"number": 1, "question": "La reprise est-elle comprise ?", "text": "Oui, au lot 1."}
            ],
        },
    ),
    MessageKind(
        "tenders.follow_asked",
        _("Confirmation d’une adresse"),
        "tender_follow_asked",
        listed=False,
        example=EXAMPLE,
    ),
    MessageKind(
        "tenders.search_found",
        _("Nouvelles consultations pour une recherche"),
        "tender_search_found",
        example={
            "name": "Services numériques à Paris",
            "count": 1,
            "more": 0,
            "families": [
                {
                    "lines": [
                        {
                            "reference": "2026-014",
                            "title": "Suivi des demandes",
                            "buyer": "DINUM",
                            "due_at": "3 mars 2026 à 12:00:00 (heure de Paris)",
                            "url": "/consultations/1/",
                        }
                    ]
                }
            ],
            "stop_path": "/consultations/recherches/arreter/exemple/",
        },
    ),
)


def tell_follow_asked(follower, at) -> None:
    """Ask the owner of an address to prove it."""
    notify(
        kind="tenders.follow_asked",
        recipients=[Guest(follower.email, follow_links.leave_path(follower))],
        obj=follower.tender,
        context=words_of(follower.tender),
        url=follow_links.confirm_path(follower),
        at=at,
        event=at.isoformat(),
    )


def tell_search_found(search, found: list[Tender], count: int, at) -> None:
    """Tell the owner of a search of what newly answers it."""
    listed = [
        {
            **words_of(tender),
            "due_at": exact_words(tender.submission_due_at),
            "url": reverse("tenders:detail", args=[tender.pk]),
        }
        for tender in found
    ]
    notify(
        kind="tenders.search_found",
        recipients=[search.user],
        obj=search,
        context={
            "name": search.name,
            "count": count,
            "more": count - len(listed),
            "families": [{"lines": listed}],
            "stop_path": follow_links.stop_path(search),
        },
        url=f"{reverse('tenders:list')}?{urlencode(search.criteria)}",
        at=at,
        event=at.isoformat(),
    )


def tell_question_asked(question, at) -> None:
    """Tell the buyer's people that a question waits, not who asked it."""
    tender = question.tender
    notify(
        kind="tenders.question_asked",
        recipients=users_with_role(tender.buyer, Role.BUYER),
        obj=question,
        context={**words_of(tender), "question": question.text[:500]},
        url=reverse("tenders:answers_prepare", args=[tender.pk]),
        at=at,
        event="asked",
    )


def tell_answers_published(tender: Tender, answers, at) -> None:
    """Tell everybody concerned of new answers, in the same words and the same transaction."""
    numbers = [answer.number for answer in answers]
    notify(
        kind="tenders.answers_published",
        recipients=people_to_tell(tender),
        obj=tender,
        context={
            **words_of(tender),
            "count": len(numbers),
            "answers": [
                {"number": answer.number, "question": answer.question, "text": answer.text}
                for answer in answers
            ],
        },
        url=reverse("tenders:questions", args=[tender.pk]),
        at=at,
        event=f"answers {numbers[0]} to {numbers[-1]}",
    )

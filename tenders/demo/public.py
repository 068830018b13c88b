"""The public side of the demonstration: questions asked and answered, people told of changes, searches, practice."""

from datetime import timedelta

from django.core.files.base import ContentFile

from tenders import services
from tenders.demo.stories import STARTUPS
from tenders.enums import AlertPace
from tenders.models import Follower, PracticeDeposit, Question, SavedSearch, Tender

QUESTIONS = (
    ("fournisseur", "Le lot 2 comprend-il la reprise des données des services existants ?"),
    ("fournisseur2", "La reprise de l'existant est-elle dans les unités d'œuvre, ou commandée à part ?"),
    ("fournisseur3", "Les itérations peuvent-elles se tenir à distance, hors des revues ?"),
)
WAITING = (
    ("fournisseur2", "Un même profil peut-il être proposé pour les deux lots ?"),
    ("fournisseur3", "Le plan d'assurance qualité joint peut-il remplacer celui du cadre de réponse ?"),
)
SEARCHES = (
    ("fournisseur", "Services numériques à Paris", {"cpv": "72", "department": "75"}, AlertPace.AT_ONCE),
    ("fournisseur", "Accessibilité", {"phase": "receiving", "q": "accessibilité"}, AlertPace.WEEKLY),
    ("fournisseur2", "Hébergement sobre", {"q": "hébergement"}, AlertPace.DAILY),
)
PLAN = "Plan d'assurance qualité (démonstration)\n\n1. Revues. 2. Tests. 3. Mesures.\n"
ADDRESS = "veille@cabinet.example"


def tell(cast, *, at) -> None:
    """Tell what is missing, on the State-startup agreement."""
    tender = Tender.objects.filter(
        title=STARTUPS, buyer=cast.orgs["dinum"], published_at__isnull=False
    ).first()
    if tender and not Question.objects.filter(tender=tender).exists():
        _questions(cast, tender, at)
    if tender and not Follower.objects.filter(tender=tender).exists():
        _followers(cast, tender, at)
    if not SavedSearch.objects.exists():
        _searches(cast, at)
    if not PracticeDeposit.objects.exists():
        _practice(cast)


def _questions(cast, tender, at) -> None:
    """Two alike answered together and one more, all published yesterday; two that wait."""
    asked = [_ask(cast, tender, name, text, at - timedelta(days=4)) for name, text in QUESTIONS]
    by, yesterday = cast.people["acheteuse"], at - timedelta(days=1)
    for questions, question, text in (
        (
            asked[:2],
            "La reprise des données des services existants est-elle comprise dans le lot 2 ?",
            "Oui : elle relève des unités d'œuvre de mise en œuvre, commandées au fil des itérations.",
        ),
        (
            asked[2:],
            "Les itérations peuvent-elles se tenir à distance ?",
            "Oui, sauf les revues, qui se tiennent sur place une fois par mois.",
        ),
    ):
        services.answer_write(
            tender=tender, questions=questions, question=question, text=text, by=by, at=yesterday
        )
    services.answers_publish(tender=tender, by=by, at=yesterday)
    for name, text in WAITING:
        _ask(cast, tender, name, text, at - timedelta(hours=5), with_plan="plan" in text)


def _ask(cast, tender, name, text, at, *, with_plan=False) -> Question:
    uploads = [ContentFile(PLAN.encode(), name="plan-assurance-qualite.txt")] if with_plan else []
    return services.question_ask(
        tender=tender, firm=cast.orgs[name], text=text, uploads=uploads, by=cast.people[name], at=at
    )


def _followers(cast, tender, at) -> None:
    """A firm with its account, and an address proved without one."""
    services.tender_follow(tender=tender, by=cast.people["titulaire"], at=at)
    services.address_follow(tender=tender, email=ADDRESS, at=at)
    services.address_confirm(follower=tender.followers.get(email=ADDRESS), at=at)


def _searches(cast, at) -> None:
    for name, title, criteria, pace in SEARCHES:
        services.search_save(name=title, criteria=criteria, pace=pace, by=cast.people[name], at=at)


def _practice(cast) -> None:
    """What the first supplier did the day before his first real answer."""
    by = cast.people["fournisseur"]
    envelope = services.practice_envelope(by=by)
    envelope.seal_file("essai.txt", [b"Un fichier pour voir.\n"])
    services.practice_deposit(envelope=envelope, prices={1: {"E-1": "1200", "E-2": "650"}}, by=by)

"""Enough other consultations for the lists to look lived-in: invented, and their description says so."""

import random
from datetime import timedelta
from decimal import Decimal

from foundation.accounts import services as accounts
from foundation.accounts.enums import Role
from foundation.accounts.models import User
from needs import services as needs
from needs.models import PurchaseProject
from tenders import services
from tenders.demo.custodians import give_keys
from tenders.demo.stories import CRITERIA, TEAM_LINES, noon
from tenders.enums import Procedure, Technique
from tenders.models import Tender

COUNT = 60
BUYERS = 6
NOTE = "Consultation inventée pour la démonstration."
ACTS = (
    ("72262000", "Développement du service de rendez-vous"),
    ("72413000", "Refonte du portail"),
    ("72416000", "Hébergement sobre du système d'information"),
    ("72800000", "Audit d'accessibilité des démarches"),
    ("72267000", "Maintenance évolutive de l'application"),
    ("72260000", "Conception du tableau de bord"),
    ("79310000", "Recherche auprès des usagers"),
    ("80500000", "Formation aux méthodes agiles des équipes"),
    ("72322000", "Reprise des données historiques"),
    ("72263000", "Intégration de l'identité numérique au guichet"),
)
PLACES = (
    "des permanences sociales",
    "des inspections sanitaires",
    "des médiathèques",
    "des concours administratifs",
    "des aides aux entreprises",
    "des espaces naturels",
)
"""Each act with each place: COUNT different consultations."""
DEPARTMENTS = ("75", "93", "69", "44", "59", "31", "13", "29", "67", "33", "2A", "974")


def tell(cast, *, at) -> None:
    """Publish what is missing up to COUNT, for some of the beneficiaries."""
    if Tender.objects.filter(description__endswith=NOTE).count() >= COUNT:
        return
    chance = random.Random(2026)  # noqa: S311  a repeatable demonstration, nothing secret
    buyers = cast.beneficiaries[1 : BUYERS + 1]
    people = _people(buyers, at)
    give_keys(people[1:3], at)
    projects = [_project(organisation, people[0], at) for organisation in buyers]
    for number in range(COUNT):
        _publish(number, projects[number % BUYERS], people, chance, at)


def _people(organisations, at) -> list[User]:
    """A buyer, two custodians and a signatory whom these organisations share; nobody signs in with these accounts."""
    people = []
    for name, local, role in (
        ("Louise Garcin", "achats.mutualises", Role.BUYER),
        ("Omar Diallo", "cles.mutualisees1", Role.CUSTODIAN),
        ("Jeanne Roux", "cles.mutualisees2", Role.CUSTODIAN),
        ("Marc Lenoir", "signatures.mutualisees", Role.SIGNATORY),
    ):
        email = f"{local}@jalon.example"
        person = User.objects.filter(email=email).first() or accounts.user_create(
            email=email, full_name=name, email_verified=True, by=None, at=at
        )
        for organisation in organisations:
            if not person.memberships.filter(organisation=organisation, role=role).exists():
                accounts.membership_add(organisation=organisation, user=person, role=role, by=None, at=at)
        people.append(User.objects.get(pk=person.pk))
    return people


def _project(organisation, buyer, at) -> PurchaseProject:
    title = "Moderniser les services numériques"
    found = PurchaseProject.objects.filter(organisation=organisation, title=title).first()
    return found or needs.project_create(
        organisation=organisation,
        title=title,
        origin="Projet inventé pour la démonstration.",
        by=buyer,
        at=at,
    )


def _publish(number: int, project, people, chance, at) -> None:
    """One consultation: two thirds still receive answers, a few are closed, a few given up."""
    buyer = people[0]
    small = number % 4 == 3
    age = chance.randint(1, 28) if number % 3 else chance.randint(45, 200)
    published = at - timedelta(days=age)
    value = Decimal(chance.randint(40, 200) * 1000 if small else chance.randint(230, 3000) * 1000)
    cpv, act = ACTS[number % len(ACTS)]
    title = f"{act} {PLACES[number // len(ACTS)]}"
    tender = services.tender_create(
        project=project,
        title=title,
        description=f"{title}, en itérations courtes avec les usagers. {NOTE}",
        procedure=Procedure.ADAPTED if small else Procedure.OPEN,
        technique=Technique.CONTRACT if small else Technique.FRAMEWORK_ORDERS,
        estimated_value_excl_tax=value,
        maximum_value_excl_tax=None if small else value * 2,
        duration_months=chance.choice((12, 24, 36, 48)),
        cpv_code=cpv,
        department_codes=sorted(chance.sample(DEPARTMENTS, chance.randint(1, 3))),
        submission_due_at=noon(published + timedelta(days=chance.randint(36, 44))),
        by=buyer,
        at=published,
    )
    lot = services.lot_add(tender=tender, title="Prestation et accompagnement", by=buyer, at=published)
    services.criteria_set(lot=lot, criteria=CRITERIA, by=buyer, at=published)
    services.price_lines_set(lot=lot, lines=TEAM_LINES, by=buyer, at=published)
    services.custodians_set(tender=tender, custodians=people[1:3], threshold=2, by=buyer, at=published)
    review = services.review_ask(tender=tender, by=buyer, at=published)
    services.review_approve(review=review, by=people[3], at=published)
    services.tender_publish(tender=tender, by=buyer, at=published)
    if number % 12 == 0:
        reason = "Aucune offre n'a été reçue : la consultation sera relancée autrement."
        ended = at - timedelta(days=1)
        services.tender_cancel(tender=tender, reason=reason, by=buyer, at=ended)

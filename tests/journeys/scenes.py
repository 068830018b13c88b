"""Scenes played by services, inside the platform of a journey: drafts to review, answers of other firms."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from time import monotonic, sleep

from django.core.files.base import ContentFile

from foundation.accounts import demo as accounts
from foundation.clock import now
from tenders import selectors, services
from tenders.demo import stories
from tenders.demo.bids import candidature_of, deposit_now
from tenders.demo.custodians import CUSTODIANS
from tenders.demo.judging import SUB_CRITERIA, tell_how_to_judge
from tenders.demo.signing import signed_act
from tenders.enums import Procedure, Technique
from tenders.models import Contract, Tender
from tests.tenders.factories import pass_deadline

FRAMEWORK = "Refondre les démarches en ligne des communes rurales"
TWO_LOTS = "Tenir à jour le registre des ponts communaux"
NEGOTIATED = "Inventer le carnet de santé des forêts communales"


def _draft(title: str, description: str, lots: dict, criteria=stories.CRITERIA, **notice) -> Tender:
    """A draft of the buyer that only waits for its review."""
    cast, at = accounts.tell(at=now()), now()
    by = cast.people["acheteuse"]
    due_at = notice.pop("due_at", at + timedelta(days=45))
    tender = stories.draft(cast, title, at, due_at=due_at, description=description, **notice)
    for name, holders in lots.items():
        lot = stories.add_lot(
            tender, name, stories.TEAM_LINES, by, at, max_holders=holders, criteria=criteria
        )
        tell_how_to_judge(lot, by, at)
    people = [cast.people[name] for name in CUSTODIANS]
    return services.custodians_set(tender=tender, custodians=people, threshold=2, by=by, at=at)


def open_framework() -> int:
    """An open framework agreement of two lots, written, to be reviewed."""
    tender = _draft(
        FRAMEWORK,
        "Réécrire avec les secrétaires de mairie vingt démarches, puis les tenir à jour.",
        {"Conception et développement": 2, "Accompagnement des communes": 1},
        technique=Technique.FRAMEWORK_ORDERS,
        estimated_value_excl_tax=Decimal(900_000),
        maximum_value_excl_tax=Decimal(1_400_000),
        department_codes=["48", "12"],
    )
    return tender.pk


def negotiated() -> int:
    """A procedure with negotiation, published: two candidatures of three are already sealed."""
    cast = accounts.tell(at=now())
    tender = _draft(
        NEGOTIATED,
        "Un service qui n'existe pas encore : suivre la santé des arbres avec les gardes et les habitants.",
        {"Conception et développement": 1},
        criteria=SUB_CRITERIA,
        procedure=Procedure.NEGOTIATED,
        technique=Technique.CONTRACT,
        procedure_justification="Le besoin demande une conception innovante (art. R2124-3, 2°).",
        max_candidates=3,
        estimated_value_excl_tax=Decimal(480_000),
        duration_months=24,
        due_at=now() + timedelta(days=36),
    )
    by, at = cast.people["acheteuse"], now()
    review = services.review_ask(tender=tender, by=by, at=at)
    services.review_approve(review=review, by=cast.people["signataire"], at=at)
    tender = services.tender_publish(tender=tender, by=by, at=at)
    for name in ("fournisseur2", "titulaire", "fournisseur3"):
        person, firm = stories.firm(cast, name)
        envelope = services.envelope_for(tender=tender, bidder=firm, by=person)
        draft = replace(candidature_of(firm), lot_numbers=[1])
        services.bid_deposit(envelope=envelope, prices={}, candidature=draft, by=person)
    return tender.pk


def offer_of(number: int, name: str, factor: str) -> int:
    """A firm answers the round in force, with prices dearer or cheaper by a factor."""
    cast, tender = accounts.tell(at=now()), Tender.objects.get(pk=number)
    person, firm = stories.firm(cast, name)
    is_first = tender.rounds.count() == 1
    prices = stories.prices_of(tender, factor)
    if is_first:
        deposit_now(tender, firm, person, prices)
        return number
    envelope = services.envelope_for(tender=tender, bidder=firm, by=person)
    envelope.seal_file("offre-finale.txt", [f"{firm.name}\n\nNotre offre.".encode()])
    services.bid_deposit(envelope=envelope, prices=prices, by=person)
    return number


def deadline_passes(number: int) -> int:
    """The deadline of the round in force was a second ago; the journal of that hour is closed and signed."""
    tender = pass_deadline(Tender.objects.get(pk=number))
    services.rounds_close(at=now())
    patience = monotonic() + 60
    while not selectors.is_signed(selectors.round_in_force(tender)) and monotonic() < patience:
        sleep(0.5)
    return number


def two_lots() -> int:
    """A consultation of two lots, published, with the three custodians of the demonstration."""
    cast = accounts.tell(at=now())
    by, at = cast.people["acheteuse"], now()
    tender = _draft(
        TWO_LOTS,
        "Deux lots, deux façons de répondre.",
        {"Conception et développement": 1, "Accompagnement des communes": 1},
        technique=Technique.FRAMEWORK_ORDERS,
        estimated_value_excl_tax=Decimal(900_000),
        maximum_value_excl_tax=Decimal(1_400_000),
        department_codes=["48", "12"],
    )
    review = services.review_ask(tender=tender, by=by, at=at)
    services.review_approve(review=review, by=cast.people["signataire"], at=at)
    return services.tender_publish(tender=tender, by=by, at=at).pk


def served(number: int) -> int:
    """Every contract of an awarded consultation is signed, then served on its holder."""
    people, at = accounts.tell(at=now()).people, now()
    act = signed_act("Acte d'engagement", "Titulaire", "Acheteur", at=at)
    for contract in Contract.objects.filter(award__lot__tender=number, cancelled_at=None):
        upload = ContentFile(act, name="acte.pdf")
        signed = services.contract_sign(contract=contract, upload=upload, by=people["signataire"], at=at)
        services.contract_serve(contract=signed, by=people["acheteuse"], at=at)
    return number

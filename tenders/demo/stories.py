"""The consultations that the tour visits, one in each state, at the DINUM."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from needs.models import PurchaseProject
from tenders import documents, legal, registry, services
from tenders.demo.bids import begin_sending, deposit_in_the_past, deposit_now
from tenders.demo.candidatures import admit_all, ask_what_misses, complete_one
from tenders.demo.custodians import CUSTODIANS, contribute
from tenders.demo.judging import SUB_CRITERIA, tell_how_to_judge
from tenders.demo.papers import attach_own_file, write_papers
from tenders.enums import CancelGround, CriterionKind, Procedure, RoundKind, Technique
from tenders.models import Tender
from tenders.ranking import ranking

STARTUPS = "Accompagner et développer des services numériques en mode startup d'État"
STARTUPS_ANSWERS = {
    "probleme": "Des services commandés deux ans d'avance, livrés quand le besoin a changé, et peu utilisés.",
    "usagers": "Agents qui portent une idée de service, et ceux à qui elle s'adresse ; 31 administrations commandent.",
    "indicateurs": "services utilisés six mois après leur ouverture, aujourd'hui un sur trois, deux sur trois visés",
}
CRITERIA = [
    {
        "label": "Prix",
        "kind": CriterionKind.PRICE,
        "weight": Decimal(40),
        "description": "Total de la simulation de commandes.",
    },
    {
        "label": "Équipe et méthode agile",
        "kind": CriterionKind.QUALITY,
        "weight": Decimal(35),
        "description": "Composition de l'équipe, itérations, démonstrations, mesure d'impact.",
    },
    {
        "label": "Accessibilité et ouverture du code",
        "kind": CriterionKind.QUALITY,
        "weight": Decimal(15),
        "description": "RGAA, publication du code, réversibilité.",
    },
    {
        "label": "Sobriété numérique",
        "kind": CriterionKind.QUALITY,
        "weight": Decimal(10),
        "description": "Écoconception, hébergement, durée de vie des terminaux.",
        "is_environmental": True,
    },
]
TEAM_LINES = [
    {"code": "COACH", "label": "Coaching produit", "unit": "jour", "simulated_quantity": Decimal(40)},
    {"code": "DEV", "label": "Développement", "unit": "jour", "simulated_quantity": Decimal(220)},
    {"code": "DESIGN", "label": "Recherche et design", "unit": "jour", "simulated_quantity": Decimal(60)},
]


def tell(cast, *, at) -> None:
    """Tell the consultations whose title is missing."""
    known = set(Tender.objects.filter(buyer=cast.orgs["dinum"]).values_list("title", flat=True))
    for story in (_startups, _draft, _to_open, _analysis, _final_offers, _awarded, _given_up):
        if story.title not in known:
            story(cast, at)


def _story(title):
    """Tie a consultation's title to the function that tells it."""

    def decorate(function):
        function.title = title
        return function

    return decorate


def draft(cast, title, at, *, due_at, description, **notice) -> Tender:
    """A draft of the buyer of the cast, on her project of the same subject or the first one."""
    projects = PurchaseProject.objects.filter(organisation=cast.orgs["dinum"])
    defaults = {
        "procedure": Procedure.OPEN,
        "technique": Technique.FRAMEWORK_ORDERS,
        "duration_months": 48,
        "cpv_code": "72262000",
        "department_codes": ["75"],
        "submission_due_at": noon(due_at),
    }
    return services.tender_create(
        project=projects.exclude(state="closed").order_by("pk").first(),
        title=title,
        description=description,
        **{**defaults, **notice},
        by=cast.people["acheteuse"],
        at=at,
    )


def noon(instant: datetime) -> datetime:
    """Noon in Paris, that day: the hour of most deadlines."""
    return datetime.combine(instant.astimezone(legal.PARIS).date(), time(12), legal.PARIS)


def add_lot(tender, title, lines, by, at, *, max_holders=1, criteria=CRITERIA):
    """A lot with its criteria and price schedule."""
    lot = services.lot_add(tender=tender, title=title, max_holders=max_holders, by=by, at=at)
    services.criteria_set(lot=lot, criteria=criteria, by=by, at=at)
    services.price_lines_set(lot=lot, lines=lines, by=by, at=at)
    return lot


def publish(cast, tender, at) -> Tender:
    """Name the custodians, join the buyer's own file, publish."""
    by = cast.people["acheteuse"]
    people = [cast.people[name] for name in CUSTODIANS]
    services.custodians_set(tender=tender, custodians=people, threshold=2, by=by, at=at)
    attach_own_file(tender, by, at)
    review = services.review_ask(tender=tender, by=by, at=at)
    services.review_approve(review=review, by=cast.people["signataire"], at=at)
    return services.tender_publish(tender=tender, by=by, at=at)


def prices_of(tender, factor: str, lots=None) -> dict:
    """Prices for every line of `lots` (all by default), dearer or cheaper by a factor."""
    prices = {}
    for lot in tender.lots.prefetch_related("price_lines"):
        if lots is None or lot.number in lots:
            prices[lot.number] = {
                line.code: str(_base_price(line) * Decimal(factor)) for line in lot.price_lines.all()
            }
    return prices


def _base_price(line) -> Decimal:
    """A plausible price for a day, or for a whole work unit."""
    if line.unit == "jour":
        return {"COACH": Decimal(880), "DEV": Decimal(640), "DESIGN": Decimal(690)}.get(
            line.code, Decimal(650)
        )
    return Decimal(9_000 + 2_750 * line.position)


def firm(cast, name):
    """A supplier of the cast and his organisation."""
    return cast.people[name], cast.orgs[name]


@_story(STARTUPS)
def _startups(cast, at) -> None:
    """The State-startup agreement: two lots, every work unit of the specification, bids under seal."""
    published = at - timedelta(days=9)
    tender = draft(
        cast,
        STARTUPS,
        published,
        due_at=at + timedelta(days=36),
        description=(
            "Accord-cadre à bons de commande en deux lots : appui à la création et à l'animation "
            "d'incubateurs ; "
            "appui à la mise en œuvre de startups d'État, de l'investigation au transfert de compétences. "
            "Bordereau "
            "repris du cahier des clauses techniques AOO-START-UP D'ETAT-SGMAP-2016."
        ),
        estimated_value_excl_tax=Decimal(12_000_000),
        maximum_value_excl_tax=Decimal(20_000_000),
        department_codes=["75", "93", "69", "44"],
    )
    by = cast.people["acheteuse"]
    if registry.price_template("startups-etat-2016"):
        lots = services.price_template_load(tender=tender, code="startups-etat-2016", by=by, at=published)
        for lot, holders in zip(lots, (1, 3), strict=False):
            services.lot_update(lot=lot, title=lot.title, max_holders=holders, by=by, at=published)
            services.criteria_set(lot=lot, criteria=CRITERIA, by=by, at=published)
            tell_how_to_judge(lot, by, published)
    else:
        add_lot(
            tender, "Appui à la mise en œuvre de startups d'État", TEAM_LINES, by, published, max_holders=3
        )
    write_papers(tender, by, published, **STARTUPS_ANSWERS)
    tender = publish(cast, tender, published)
    for name, factor in (("fournisseur2", "1.04"), ("fournisseur3", "0.97")):
        person, organisation = firm(cast, name)
        deposit_now(tender, organisation, person, prices_of(tender, factor))
    person, organisation = firm(cast, "fournisseur3")
    deposit_now(tender, organisation, person, prices_of(tender, "0.97"), is_backup=True)
    begin_sending(tender, *reversed(firm(cast, "fournisseur")))


@_story("Rendre accessibles vingt démarches en ligne")
def _draft(cast, at) -> None:
    """A draft with something missing, so that the check-list has something to say."""
    tender = draft(
        cast,
        _draft.title,
        at,
        due_at=at + timedelta(days=45),
        description="Audit, corrections et accompagnement pour vingt démarches parmi les plus utilisées.",
        procedure=Procedure.NEGOTIATED,
        technique=Technique.FRAMEWORK_MIXED,
        commune_codes=["35238", "44109"],
        max_lots_awarded=1,
        estimated_value_excl_tax=Decimal(480_000),
    )
    by = cast.people["acheteuse"]
    lot = add_lot(tender, "Audits et corrections", TEAM_LINES, by, at, criteria=SUB_CRITERIA)
    tell_how_to_judge(lot, by, at)
    add_lot(tender, "Accompagnement des équipes", TEAM_LINES, by, at)


@_story("Un simulateur unique des aides au logement étudiant")
def _to_open(cast, at) -> None:
    """Closed yesterday: two custodians may open. One firm sent twice, another one too late."""
    published = at - timedelta(days=41)
    tender = draft(
        cast,
        _to_open.title,
        published,
        due_at=at - timedelta(days=1),
        description=(
            "Concevoir avec les étudiants un simulateur qui dit en trois minutes les aides "
            "auxquelles ils ont droit."
        ),
        estimated_value_excl_tax=Decimal(650_000),
        maximum_value_excl_tax=Decimal(900_000),
        department_codes=["75", "59", "31"],
    )
    add_lot(tender, "Conception et développement", TEAM_LINES, cast.people["acheteuse"], published)
    tender = publish(cast, tender, published)
    due = tender.submission_due_at
    for name, factor, before in (
        ("fournisseur", "1.00", timedelta(hours=30)),
        ("fournisseur2", "0.93", timedelta(hours=5)),
        ("titulaire", "1.10", timedelta(minutes=-3)),
    ):
        person, organisation = firm(cast, name)
        deposit_in_the_past(tender, organisation, person, prices_of(tender, factor), received_at=due - before)


def opened(cast, title, at, description, *, bids, max_holders=1, **notice) -> Tender:
    """A consultation published seven weeks ago, closed, and opened by two custodians."""
    published = at - timedelta(days=49)
    tender = draft(cast, title, published, due_at=at - timedelta(days=8), description=description, **notice)
    buyer = cast.people["acheteuse"]
    add_lot(tender, "Conception et développement", TEAM_LINES, buyer, published, max_holders=max_holders)
    tender = publish(cast, tender, published)
    for hours, (name, factor) in enumerate(bids, start=2):
        person, organisation = firm(cast, name)
        received_at = tender.submission_due_at - timedelta(hours=hours)
        deposit_in_the_past(tender, organisation, person, prices_of(tender, factor), received_at=received_at)
    for name in CUSTODIANS[:2]:
        custodian = cast.people[name]
        services.interest_declare(tender=tender, has_interest=False, by=custodian, at=at)
        contribute(tender, custodian)
    services.opened_files_inspect(at=at)
    tender.refresh_from_db()
    return tender


def mark(cast, tender, evaluator, marks, at, *, submit=True) -> None:
    """Give the marks of an evaluator: bidder's key in the cast → points."""
    by = cast.people[evaluator]
    for lot in tender.lots.all():
        for offer in lot.offers.select_related("bid__bidder"):
            key = next(key for key, found in cast.orgs.items() if found == offer.bid.bidder)
            for criterion in (row for row in lot.scored_criteria() if not row.is_scored_by_formula):
                services.score_save(
                    offer=offer,
                    criterion=criterion,
                    points=marks[key],
                    comment="Réponse précise, illustrée de services en production ; indicateurs à affiner.",
                    by=by,
                    at=at,
                )
        if submit:
            services.scores_submit(lot=lot, by=by, at=at)


@_story("Déclarer un logement vacant en une minute")
def _analysis(cast, at) -> None:
    """Opened: one evaluator has submitted her marks, the other one is still at it."""
    tender = opened(
        cast,
        _analysis.title,
        at,
        "Un service pour les communes et les propriétaires, relié aux données fiscales.",
        bids=(("fournisseur", "0.98"), ("fournisseur2", "1.05"), ("fournisseur3", "0.91")),
        estimated_value_excl_tax=Decimal(720_000),
        maximum_value_excl_tax=Decimal(1_000_000),
        max_holders=2,
    )
    ask_what_misses(tender, cast.people["acheteuse"], at)
    complete_one(tender, cast.people["fournisseur3"], at)
    mark(cast, tender, "evaluatrice", {"fournisseur": "4.5", "fournisseur2": "4", "fournisseur3": "2.5"}, at)
    mark(
        cast,
        tender,
        "evaluateur",
        {"fournisseur": "4", "fournisseur2": "4", "fournisseur3": "3"},
        at,
        submit=False,
    )


@_story("Trouver la permanence France Services la plus proche")
def _final_offers(cast, at) -> None:
    """Negotiated: two of the three firms are asked for their final offer, sealed like the first one."""
    tender = opened(
        cast,
        _final_offers.title,
        at,
        "Une carte tenue par les conseillers eux-mêmes, avec les horaires et les démarches de chaque lieu.",
        bids=(("fournisseur", "1.01"), ("fournisseur2", "0.96"), ("titulaire", "1.20")),
        procedure=Procedure.ADAPTED,
        technique=Technique.CONTRACT,
        duration_months=24,
        estimated_value_excl_tax=Decimal(130_000),
    )
    invited = [cast.orgs["fournisseur"], cast.orgs["fournisseur2"]]
    services.round_open_next(
        tender=tender,
        kind=RoundKind.FINAL_OFFER,
        due_at=noon(at + timedelta(days=6)),
        invited=invited,
        by=cast.people["acheteuse"],
        at=at,
    )
    tender.refresh_from_db()
    person, organisation = firm(cast, "fournisseur2")
    deposit_now(tender, organisation, person, prices_of(tender, "0.92"))


@_story("Suivre sa demande de carte grise pas à pas")
def _awarded(cast, at) -> None:
    """Awarded to two holders, with the reasons told to the third firm."""
    tender = opened(
        cast,
        _awarded.title,
        at,
        "Reprendre le suivi des demandes avec les usagers qui appellent aujourd'hui faute de réponse.",
        bids=(("fournisseur", "1.02"), ("titulaire", "1.00"), ("fournisseur3", "1.15")),
        estimated_value_excl_tax=Decimal(540_000),
        maximum_value_excl_tax=Decimal(800_000),
        max_holders=2,
    )
    admit_all(tender, cast.people["acheteuse"], at)
    marks = {"fournisseur": "4", "titulaire": "4.5", "fournisseur3": "3"}
    for evaluator in ("evaluatrice", "evaluateur"):
        mark(cast, tender, evaluator, marks, at)
    lot = tender.lots.get()
    best = [row.offer for row in ranking(lot) if row.rank in (1, 2)]
    services.lot_award(lot=lot, offers=best, by=cast.people["acheteuse"], at=at)
    tender = services.tender_award(tender=tender, by=cast.people["signataire"], at=at)
    documents.request_analysis_report(tender, by=cast.people["acheteuse"], at=at)
    documents.request_letters(tender, by=cast.people["acheteuse"], at=at)


@_story("Une messagerie de plus pour les agents")
def _given_up(cast, at) -> None:
    """Given up: the need was met otherwise."""
    published = at - timedelta(days=60)
    tender = draft(
        cast,
        _given_up.title,
        published,
        due_at=at - timedelta(days=20),
        description="Une messagerie instantanée pour les agents.",
        estimated_value_excl_tax=Decimal(300_000),
        maximum_value_excl_tax=Decimal(400_000),
    )
    add_lot(tender, "Développement", TEAM_LINES, cast.people["acheteuse"], published)
    tender = publish(cast, tender, published)
    services.tender_cancel(
        tender=tender,
        reason="Un commun numérique existant répond au besoin : l'achat n'a plus d'objet.",
        ground=CancelGround.NEED_GONE,
        by=cast.people["acheteuse"],
        at=at - timedelta(days=30),
    )

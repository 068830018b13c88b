"""Two agreements: SGMAP 2016 (facts of the CCTP), DINUM 2025 (facts of the press)."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from foundation.accounts.demo import NAMED_BENEFICIARIES
from framework_agreements import catalogue, services
from framework_agreements.enums import AllocationRule
from framework_agreements.models import FrameworkAgreement

PARIS = ZoneInfo("Europe/Paris")
REFERENCE_2016 = "AOO-START-UP D’ETAT-SGMAP-2016"
REFERENCE_2025 = "DINUM-PRODUIT-2025"
PRICE_NOTE = "Prix de démonstration, sans rapport avec les prix réels"
OWN_CEILINGS = {1: 12_000_000, 4: 30_000_000, 6: 9_500_000, 8: 15_000_000, 12: 2_000_000, 20: 4_000_000}
DAY_RATE = 640
UNITS_WITHOUT_LOAD = {
    "UO-L1.1": 96_000,
    "UO-L1.2": 54_000,
    "UO-L1.3": 88_000,
    "UO-L1.4": 126_000,
    "UO-L2.0": 31_000,
    "UO-L2.1.2": 27_500,
    "UO-L2.1.3": 6_400,
    "UO-L2.2.3": 9_800,
    "UO-L2.3.4": 12_600,
    "UO-L2.4.1": 24_000,
    "UO-L2.4.2": 18_000,
}


def moment(year, month, day, hour=10) -> datetime:
    """An instant of the story, French time."""
    return datetime(year, month, day, hour, tzinfo=PARIS)


def tell_2016(cast) -> FrameworkAgreement | None:
    """One firm year and three tacit renewals of twelve months, no maximum, two lots; ended in 2020."""
    if FrameworkAgreement.objects.filter(reference=REFERENCE_2016).exists():
        return None
    admin, at = cast.people["administration"], moment(2016, 9, 26)
    agreement = services.agreement_create(
        buyer=cast.orgs["dinum"],
        reference=REFERENCE_2016,
        title=(
            "Accompagnement du SGMAP dans le déploiement de startups d’État et développements en mode agile"
        ),
        description=(
            "Appel d’offres ouvert de l’État (Premier ministre, secrétariat général du Gouvernement, DSAF)"
            " pour le SGMAP. Accord-cadre à bons de commande, sans minimum ni maximum : le titulaire ne peut"
            " refuser la reconduction, la non-reconduction se notifie au plus tard un mois avant l’échéance."
        ),
        source_note=(
            "Objet, lots, forme, durée, reconductions et unités d’œuvre : CCTP de 2016. Titulaires, prix,"
            " dates et commandes : démonstration. La DINUM tient ici la place du SGMAP, son prédécesseur."
        ),
        price_note=PRICE_NOTE,
        notice_date=date(2016, 6, 1),
        firm_months=12,
        renewal_count=3,
        renewal_months=12,
        renewal_tacit=True,
        notice_months=1,
        by=admin,
        at=at,
    )
    for number in (1, 2):
        _lot(agreement, number, [cast.holders[0]], rule=AllocationRule.SINGLE, admin=admin, at=at)
    services.beneficiary_add(agreement=agreement, organisation=cast.orgs["dinum"], by=admin, at=at)
    served_at = moment(2016, 10, 3)
    agreement = services.agreement_activate(agreement=agreement, served_at=served_at, by=admin, at=served_at)
    _past_orders(agreement, cast)
    for year in (2017, 2018, 2019):
        services.agreement_renew(agreement=agreement, by=admin, at=moment(year, 10, 2, 9))
    reason = "Arrivé à son terme : quatre ans, trois reconductions faites."
    return services.agreement_end(agreement=agreement, reason=reason, by=admin, at=moment(2020, 10, 3))


def _past_orders(agreement, cast):
    """The launch unit, then a first year of a startup, all delivered."""
    lot = agreement.lots.get(number=2)
    holder, beneficiary = lot.holders.get(), agreement.beneficiaries.get()
    buyer, firm = cast.people["acheteuse"], cast.people["titulaire"]
    tales = [
        ("Lancement du marché", {"UO-L2.0": (1, 20)}, moment(2016, 10, 4)),
        (
            "Investigation d’un premier service",
            {"UO-L2.1.1": (1, None), "UO-L2.1.2": (1, 38)},
            moment(2016, 11, 14),
        ),
        (
            "Construction d’un premier service",
            {"UO-L2.2.1": (1, None), "UO-L2.2.2": (2, None)},
            moment(2017, 2, 6),
        ),
    ]
    for title, quantities, at in tales:
        order = services.order_create(
            lot=lot,
            holder=holder,
            beneficiary=beneficiary,
            title=f"{title} (démonstration)",
            lines=lines_of(lot, quantities),
            by=buyer,
            at=at,
        )
        order = services.order_issue(order=order, by=buyer, at=at)
        services.order_acknowledge(order=order, by=firm, at=at)
        for line in order.lines.all():
            services.order_record_progress(
                line=line,
                days=line.planned_days,
                activity="Réalisation",
                source_label="Procès-verbal (démonstration)",
                by=buyer,
                at=at,
            )
        services.order_complete(order=order, by=buyer, at=at)


def tell_2025(cast) -> FrameworkAgreement | None:
    """Four years, 195 M€ estimated, 495 M€ at most, 31 beneficiaries; None when told already."""
    if FrameworkAgreement.objects.filter(reference=REFERENCE_2025).exists():
        return None
    admin, at = cast.people["administration"], moment(2025, 10, 13)
    agreement = services.agreement_create(
        buyer=cast.orgs["dinum"],
        reference=REFERENCE_2025,
        title="Services numériques en mode produit agile piloté par l’impact",
        description=(
            "Troisième accord-cadre du genre, après celui de 2016 : conception, déploiement et amélioration"
            " continue de services numériques pour 31 ministères et administrations (24 auparavant)."
        ),
        source_note=(
            "Avis du 13 août 2025, quatre ans, 195 M€ estimés, 495 M€ au plus, 31 bénéficiaires, sept"
            " titulaires au plus : presse (CIO, 2025). Lots et unités d’œuvre repris du CCTP de 2016,"
            " titulaires, prix, notification et commandes : démonstration. L’article annonce des marchés"
            " subséquents ; la démonstration commande par bons."
        ),
        price_note=PRICE_NOTE,
        notice_date=date(2025, 8, 13),
        estimated_excl_tax=Decimal(195_000_000),
        maximum_excl_tax=Decimal(495_000_000),
        firm_months=48,
        by=admin,
        at=at,
    )
    coaching = Decimal(45_000_000)
    _lot(agreement, 1, cast.holders[:3], rule=AllocationRule.CASCADE, admin=admin, at=at, maximum=coaching)
    _lot(agreement, 2, cast.holders, rule=AllocationRule.ROTATION, admin=admin, at=at)
    for number, organisation in enumerate(cast.beneficiaries):
        services.beneficiary_add(
            agreement=agreement,
            organisation=organisation,
            ceiling_excl_tax=Decimal(OWN_CEILINGS[number]) if number in OWN_CEILINGS else None,
            note=_note(organisation, number),
            by=admin,
            at=at,
        )
    served_at = moment(2025, 10, 15)
    return services.agreement_activate(agreement=agreement, served_at=served_at, by=admin, at=served_at)


def _note(organisation, number):
    if number == 0:
        return "Coordonne l’accord-cadre"
    named = organisation.name in NAMED_BENEFICIARIES
    return "Cité par la presse (CIO, 2025)" if named else "Démonstration"


def _lot(agreement, number, holders, *, rule, admin, at, maximum=None):
    entry = catalogue.lot(number)
    lot = services.lot_add(
        agreement=agreement,
        number=number,
        title=entry.title,
        maximum_excl_tax=maximum,
        allocation_rule=rule,
        by=admin,
        at=at,
    )
    services.catalogue_load(lot=lot, lot_number=number, by=admin, at=at)
    for rank, organisation in enumerate(holders, start=1):
        holder = services.holder_add(lot=lot, organisation=organisation, rank=rank, by=admin, at=at)
        prices = {unit: _price(unit, rank) for unit in lot.work_units.all()}
        services.prices_set(holder=holder, prices=prices, by=admin, at=at)


def _price(unit, rank) -> Decimal:
    """An invented price that rises a little with the rank."""
    base = unit.load_days * DAY_RATE if unit.load_days else Decimal(UNITS_WITHOUT_LOAD[unit.code])
    return (base * (100 + 3 * (rank - 1)) / 100).quantize(Decimal("0.01"))


def lines_of(lot, quantities) -> list[services.LineDraft]:
    """Lines from {code: (quantity, days or None)}."""
    units = {unit.code: unit for unit in lot.work_units.filter(code__in=quantities)}
    return [
        services.LineDraft(units[code], Decimal(quantity), None if days is None else Decimal(days))
        for code, (quantity, days) in quantities.items()
    ]

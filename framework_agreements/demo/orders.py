"""The orders of the first year of the 2025 agreement, all invented: in every state, by many beneficiaries."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from foundation.accounts import services as accounts
from foundation.accounts.demo import DOMAIN
from foundation.accounts.enums import Role
from foundation.accounts.models import User
from foundation.notifications.services import notifications_read_all
from framework_agreements import selectors, services
from framework_agreements.demo.agreements import lines_of
from framework_agreements.enums import OrderState
from needs.models import PurchaseProject

BUYERS = {
    1: "Solène Picard",
    2: "Marc Aubert",
    4: "Aïcha Diallo",
    6: "Guillaume Hervé",
    8: "Claire Fontana",
    10: "Nicolas Vasseur",
    12: "Odile Marchand",
    20: "Rémi Castel",
}
SERVICES = (
    "Vélo partout",
    "Carnet d’apprenti",
    "Ma saison",
    "Eau vive",
    "Trame verte",
    "Rendez-vous santé",
    "Dossier sportif",
    "Archives ouvertes",
    "Signal littoral",
    "Guichet des aidants",
    "Prêt de salles",
    "Plein vent",
)
ACTIVITIES = ("Développement", "Tests utilisateurs", "Open lab", "Mise en production", "Documentation")
PHASES = (
    ("Investigation", {"UO-L2.1.1": (1, None), "UO-L2.1.2": (1, 38), "UO-L2.1.3": (1, 6)}),
    ("Construction", {"UO-L2.2.2": (2, None), "UO-L2.2.1": (1, None), "UO-L2.2.3": (1, 8)}),
    ("Consolidation", {"UO-L2.3.2": (1, None), "UO-L2.3.3": (1, None), "UO-L2.3.4": (1, None)}),
    ("Passation", {"UO-L2.4.2": (1, 30)}),
)
COUNT = 40
INVENTED = "Commande inventée pour la démonstration."


@dataclass(frozen=True)
class Tale:
    """One order to tell: its rank in the story decides its service, phase, state and date."""

    rank: int

    @property
    def title(self) -> str:
        """Phase and service."""
        return f"{self.phase[0]} de « {SERVICES[self.rank % len(SERVICES)]} »"

    @property
    def phase(self):
        """The phases follow each other for a same service."""
        return PHASES[min(self.rank // len(SERVICES), len(PHASES) - 1)]

    @property
    def state(self) -> str:
        """The oldest are closed, the newest are drafts; one draft in the middle was given up."""
        if self.rank in (17, 29):
            return OrderState.CANCELLED
        if self.rank < 16:
            return OrderState.COMPLETED
        if self.rank < 30:
            return OrderState.ACKNOWLEDGED
        return OrderState.ISSUED if self.rank < 35 else OrderState.DRAFT


def tell(agreement, cast, *, at) -> None:
    """Forty orders from the first month to last week, on lot 2, then four on lot 1."""
    seats = _seats(agreement, cast, at)
    start = max(agreement.served_at + timedelta(days=20), at - timedelta(days=400))
    step = (at - timedelta(days=3) - start) / COUNT
    for rank in range(COUNT):
        _order(Tale(rank), agreement.lots.get(number=2), seats[rank % len(seats)], cast, start + step * rank)
    _incubators(agreement.lots.get(number=1), seats, start, at)
    for user in (cast.people["titulaire"], cast.people["acheteuse"], *(buyer for _seat, buyer in seats)):
        notifications_read_all(by=user, at=at - timedelta(days=20))


def _seats(agreement, cast, at):
    """Beneficiaries that order, each with a buyer: the DINUM's, and invented ones."""
    found = {seat.organisation_id: seat for seat in agreement.beneficiaries.select_related("organisation")}
    seats = [(found[cast.orgs["dinum"].pk], cast.people["acheteuse"])]
    for number, name in BUYERS.items():
        organisation = cast.beneficiaries[number]
        seats.append((found[organisation.pk], _buyer(number, name, organisation, at)))
    return seats


def _buyer(number, name, organisation, at):
    email = f"acheteur{number}@{DOMAIN}"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = accounts.user_create(
            email=email, full_name=name, password=None, email_verified=True, by=None, at=at
        )
        accounts.membership_add(organisation=organisation, user=user, role=Role.BUYER, by=None, at=at)
    return user


def _order(tale, lot, seat, cast, at):
    beneficiary, buyer = seat
    order = services.order_create(
        lot=lot,
        holder=selectors.designated_holder(lot),
        beneficiary=beneficiary,
        title=tale.title,
        description=INVENTED,
        delivery_due_date=(at + timedelta(days=95)).date(),
        project=_project(beneficiary, tale.rank),
        lines=lines_of(lot, tale.phase[1]),
        by=buyer,
        at=at,
    )
    if tale.state == OrderState.CANCELLED:
        reason = "Besoin couvert par un service existant."
        services.order_cancel(order=order, reason=reason, by=buyer, at=at + timedelta(days=2))
    elif tale.state != OrderState.DRAFT:
        order = services.order_issue(order=order, by=buyer, at=at + timedelta(hours=3))
        _carry_out(tale, order, buyer, cast, at)


def _project(beneficiary, rank):
    projects = PurchaseProject.objects.filter(organisation=beneficiary.organisation_id).order_by("pk")
    return projects[rank % len(projects)] if projects else None


def _carry_out(tale, order, buyer, cast, at):
    """Acknowledge when it is due, record the days that such a date makes likely, close the oldest."""
    if tale.state == OrderState.ISSUED:
        return
    services.order_acknowledge(order=order, by=_member(order.holder, cast, at), at=at + timedelta(days=1))
    share = Decimal(1) if tale.state == OrderState.COMPLETED else Decimal(32 - tale.rank) / 18
    for number, line in enumerate(order.lines.order_by("position")):
        days = (line.planned_days * share * 2).quantize(Decimal(1)) / 2
        if days > 0:
            services.order_record_progress(
                line=line,
                days=days,
                activity=ACTIVITIES[(tale.rank + number) % len(ACTIVITIES)],
                source_label="Procès-verbal (démonstration)",
                by=buyer,
                at=at + timedelta(days=30),
            )
    if tale.state == OrderState.COMPLETED:
        services.order_complete(order=order, by=buyer, at=at + timedelta(days=80))


def _member(holder, cast, at):
    """Somebody of the holder: the demonstration's person, or an invented one."""
    member = User.objects.filter(memberships__organisation=holder.organisation_id).first()
    if member is None:
        email = f"contact{holder.organisation_id}@{DOMAIN}"
        member = accounts.user_create(
            email=email, full_name="Camille Roy", password=None, email_verified=True, by=None, at=at
        )
        accounts.membership_add(
            organisation=holder.organisation, user=member, role=Role.SUPPLIER, by=None, at=at
        )
    return member


def _incubators(lot, seats, start, at):
    """Four orders of coaching on lot 1, by the cascade."""
    holder = selectors.designated_holder(lot)
    codes = ("UO-L1.1", "UO-L1.2", "UO-L1.3", "UO-L1.2")
    for rank, code in enumerate(codes):
        (beneficiary, buyer), when = seats[rank * 2], start + timedelta(days=25 * rank)
        order = services.order_create(
            lot=lot,
            holder=holder,
            beneficiary=beneficiary,
            title=f"Incubateur de {beneficiary.organisation.name}"[:200],
            description=INVENTED,
            lines=lines_of(lot, {code: (1, 40)}),
            by=buyer,
            at=when,
        )
        services.order_issue(order=order, by=buyer, at=min(when, at))

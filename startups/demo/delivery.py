"""Two deliveries on orders of the running agreement: one mid-way, one that awaits its acceptance record."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from framework_agreements import services as orders
from framework_agreements.enums import AgreementState
from framework_agreements.models import Beneficiary, Holder
from startups import services
from startups.models import Startup

PARIS = ZoneInfo("Europe/Paris")
CYCLE, LENGTH = 21, 19


@dataclass(frozen=True)
class Told:
    """A story of the demonstration: its words, its days, why it was refused (if it was)."""

    persona: str
    want: str
    benefit: str
    criteria: str
    days: str
    refused: str = ""


SEASONAL = (
    (
        "Réserver une chambre d'internat sans téléphoner",
        (
            Told(
                "saisonnière",
                "voir les chambres libres près de mon emploi",
                "accepter le contrat",
                "La carte montre les internats à moins d'une heure",
                "6",
            ),
            Told(
                "saisonnier",
                "réserver une chambre pour la durée du contrat",
                "arriver sereinement",
                "La réservation est confirmée par message",
                "7.5",
            ),
            Told(
                "intendante",
                "ouvrir mes chambres pour l'été",
                "ne pas laisser l'internat vide",
                "Dix chambres s'ouvrent en moins de cinq minutes",
                "4",
            ),
        ),
        "accepted",
        "",
    ),
    (
        "Signer la convention entre l'internat et l'employeur",
        (
            Told(
                "employeur",
                "signer la convention en ligne",
                "ne plus envoyer de courrier",
                "La convention signée se télécharge",
                "8",
            ),
            Told(
                "intendante",
                "suivre les conventions en attente",
                "relancer au bon moment",
                "La liste se trie par date",
                "3",
                "La liste ne se trie pas encore : à reprendre dans l'itération suivante.",
            ),
        ),
        "accepted",
        "",
    ),
    (
        "Prévenir des arrivées et des départs",
        (
            Told(
                "intendante",
                "recevoir la liste des arrivées la veille",
                "préparer les clés",
                "Le message part à dix-huit heures",
                "5",
            ),
            Told(
                "saisonnier",
                "prolonger d'une semaine",
                "finir la saison",
                "La prolongation apparaît chez l'intendante",
                "6",
            ),
        ),
        "reduced",
        "La documentation de l'installation a été remise avec dix jours de retard.",
    ),
    (
        "Payer la caution en ligne",
        (
            Told(
                "saisonnière",
                "déposer ma caution par carte",
                "ne pas immobiliser d'espèces",
                "La caution est rendue en trois jours",
                "6",
            ),
            Told(
                "intendante",
                "voir les cautions reçues",
                "remettre les clés",
                "La liste s'accorde avec les arrivées",
                "3.5",
            ),
        ),
        "running",
        "",
    ),
    (
        "Ouvrir le service à un deuxième département",
        (
            Told(
                "conseillère départementale",
                "ajouter les internats de mon département",
                "ouvrir cet été",
                "Un tableau s'importe sans aide",
                "5",
            ),
        ),
        "planned",
        "",
    ),
)
CLEAR_MEETING = (
    (
        "Dire la veille quelles pièces apporter",
        (
            Told(
                "usagère",
                "recevoir la liste des pièces la veille",
                "ne pas revenir une deuxième fois",
                "Le message cite les pièces du bon formulaire",
                "7",
            ),
            Told(
                "agent d'accueil",
                "corriger la liste des pièces d'une démarche",
                "que le message soit juste",
                "La correction vaut pour les messages du lendemain",
                "4",
            ),
        ),
        "demonstrated",
        "",
    ),
)


def tell(cast, *, at) -> None:
    """Two orders, their iterations and their records; nothing when no agreement lets the DINUM order."""
    seat = _seat(cast, at)
    if seat is None:
        return
    today = at.astimezone(PARIS).date()
    _told(
        cast,
        seat,
        "toit-dete",
        quantities={"UO-L2.2.2": "2", "UO-L2.2.1": "1"},
        iterations=SEASONAL,
        first_day=_monday(today - timedelta(days=66)),
    )
    _told(
        cast,
        seat,
        "rendez-vous-clair",
        quantities={"UO-L2.3.2": "1"},
        iterations=CLEAR_MEETING,
        first_day=_monday(today - timedelta(days=LENGTH + 2)),
    )


def _seat(cast, at):
    """The lot where the demonstration's holder works for the DINUM, with both of them."""
    holders = Holder.objects.filter(
        organisation=cast.orgs["titulaire"],
        lot__number=2,
        lot__agreement__state=AgreementState.ACTIVE,
        lot__agreement__served_at__lte=at - timedelta(days=90),
    )
    for holder in holders.select_related("lot__agreement", "organisation"):
        found = Beneficiary.objects.filter(agreement=holder.lot.agreement, organisation=cast.orgs["dinum"])
        if beneficiary := found.first():
            return holder, beneficiary
    return None


def _told(cast, seat, slug, *, quantities, iterations, first_day) -> None:
    startup = Startup.objects.get(slug=slug)
    order = _order(cast, seat, startup, quantities, _moment(first_day - timedelta(days=5), 10))
    services.order_link(
        startup=startup,
        order=order,
        by=cast.people["produit"],
        at=_moment(first_day - timedelta(days=4), 10),
    )
    for number, (goal, stories, state, reason) in enumerate(iterations):
        start = first_day + timedelta(days=CYCLE * number)
        _iteration(cast, startup, order, goal=goal, stories=stories, state=state, reason=reason, start=start)


def _order(cast, seat, startup, quantities, at):
    holder, beneficiary = seat
    units = {unit.code: unit for unit in holder.lot.work_units.all()}
    lines = [
        orders.LineDraft(units[code], Decimal(quantity), None if units[code].load_days else Decimal(5))
        for code, quantity in quantities.items()
    ]
    buyer = cast.people["acheteuse"]
    order = orders.order_create(
        lot=holder.lot,
        holder=holder,
        beneficiary=beneficiary,
        title=f"{startup.name} : équipe de développement",
        lines=lines,
        holder_reason="Continuité de l'équipe qui a mené l'investigation (démonstration).",
        by=cast.people["produit"],
        at=at,
    )
    order = orders.order_issue(order=order, by=buyer, at=at)
    return orders.order_acknowledge(order=order, by=cast.people["titulaire"], at=at + timedelta(hours=4))


def _iteration(cast, startup, order, *, goal, stories, state, reason, start) -> None:
    owner, holder = cast.people["produit"], cast.people["titulaire"]
    end = start + timedelta(days=LENGTH - 1)
    planned = _moment(start - timedelta(days=3), 10)
    iteration = services.iteration_plan(
        startup=startup, order=order, goal=goal, start_date=start, end_date=end, by=owner, at=planned
    )
    line = order.lines.order_by("position").first()
    made = [(_story(iteration, line, told, owner, planned), told) for told in stories]
    if state == "planned":
        return
    services.iteration_start(iteration=iteration, by=holder, at=_moment(start, 9))
    if state == "running":
        return
    _demonstrate(iteration, made, holder, _moment(end, 15))
    if state == "demonstrated":
        return
    _settle(made, owner, _moment(end + timedelta(days=3), 11))
    services.iteration_decide(
        iteration=iteration,
        decision=state,
        reason=reason,
        reduction_percent=Decimal(10) if state == "reduced" else None,
        signature=True,
        by=owner,
        at=_moment(end + timedelta(days=4), 16),
    )


def _story(iteration, line, told: Told, by, at):
    return services.story_add(
        iteration=iteration,
        order_line=line,
        persona=told.persona,
        want=told.want,
        benefit=told.benefit,
        criteria=told.criteria,
        days=Decimal(told.days),
        by=by,
        at=at,
    )


def _demonstrate(iteration, made, holder, at) -> None:
    for story, _told_story in made:
        services.story_present(story=story, by=holder, at=at - timedelta(hours=2))
    for row in iteration.deliverables.all():
        services.deliverable_deliver(
            deliverable=row,
            location=f"https://code.example/{iteration.startup.slug}/iteration-{iteration.number}",
            by=holder,
            at=at - timedelta(hours=1),
        )
    services.iteration_demonstrate(
        iteration=iteration,
        attendees="Quatre usagers, deux agents, l'équipe, la responsable de produit",
        minutes=(
            "Chaque récit est montré sur un téléphone puis essayé par les usagers présents. "
            "Deux remarques de vocabulaire sont corrigées en séance. Les critères d'acceptation sont "
            "repris un par un."
        ),
        by=holder,
        at=at,
    )


def _settle(made, owner, at) -> None:
    for story, told in made:
        if told.refused:
            services.story_refuse(story=story, reason=told.refused, by=owner, at=at)
        else:
            services.story_validate(story=story, by=owner, at=at)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), PARIS)

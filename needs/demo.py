"""The purchase projects of the demonstration, told through the services. Told again, it changes nothing.

The first project follows the facts of the press article on the 2025 agreement and of the 2016 specification;
the others are invented and say so in their origin.
"""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from foundation.accounts.enums import Role
from foundation.accounts.models import Delegation
from foundation.accounts.services import delegations_give
from needs import services
from needs.models import PurchaseProject

FRAMEWORK_TITLE = "Réaliser des services numériques en mode produit agile, piloté par l'impact"
INVENTED = "Projet inventé pour la démonstration."


def tell(cast, *, at) -> None:
    """Open the projects that are missing; those of the DINUM are found by their title."""
    known = set(
        PurchaseProject.objects.filter(organisation=cast.orgs["dinum"]).values_list("title", flat=True)
    )
    for tale in (
        _framework,
        _first_agreement,
        _seasonal,
        _deaf_line,
        _open_data,
        _directory,
        _archive,
        _queue,
    ):
        if tale.title not in known:
            tale(cast, at)
    _lend_one_project(cast, at)


def _lend_one_project(cast, at) -> None:
    """The buyer goes on leave: a colleague follows one of her projects, and that one only."""
    house, buyer, colleague = cast.orgs["dinum"], cast.people["acheteuse"], cast.people["prescripteur"]
    if Delegation.objects.filter(principal=buyer, delegate=colleague).exists():
        return
    project = PurchaseProject.objects.get(organisation=house, title=_queue.title)
    delegations_give(
        organisation=house,
        delegate=colleague,
        roles=[Role.BUYER],
        starts_at=at,
        ends_at=at + timedelta(days=21),
        perimeter=(PurchaseProject._meta.label, project.pk),
        reason=_("Congés"),
        by=buyer,
        at=at,
    )


def _tale(title):
    """Tie a project's title to the function that tells it."""

    def decorate(function):
        function.title = title
        return function

    return decorate


def _open(cast, title, at, *, by="acheteuse", **description) -> PurchaseProject:
    description.setdefault("origin", INVENTED)
    return services.project_create(
        organisation=cast.orgs["dinum"], title=title, **description, by=cast.people[by], at=at
    )


@_tale(FRAMEWORK_TITLE)
def _framework(cast, at) -> None:
    start = at - timedelta(days=210)
    buyer = cast.people["acheteuse"]
    project = _open(
        cast,
        FRAMEWORK_TITLE,
        start,
        policy_field="Modernisation de l'action publique",
        origin=(
            "Troisième accord-cadre du genre : le précédent a représenté environ 66 M€ sur quatre ans. "
            "Le nombre d'administrations bénéficiaires passe de 24 à 31, et la démarche s'étend au-delà des "
            "seules startups d'État."
        ),
        current_investments=(
            "Programme beta.gouv.fr : 248 services accompagnés ou pérennisés en janvier 2025."
        ),
        planned_investments="195 M€ estimés, 495 M€ au maximum, sur quatre ans.",
        inspiring_projects=(
            "data.gouv.fr, Marchés publics simplifiés, Mes Aides, le.Taxi, La Bonne Boîte : les "
            "premiers services "
            "nés de l'accord-cadre de 2016."
        ),
    )
    _framework_brief(project, buyer, start + timedelta(days=3))
    for key, role in (("prescripteur", "prescriber"), ("produit", "product_owner"), ("elue", "elected")):
        email = cast.people[key].email
        services.member_add(project=project, email=email, role=role, by=buyer, at=start + timedelta(days=4))
    _framework_strategy(project, buyer, start + timedelta(days=20))
    services.project_make_ready(project=project, by=buyer, at=start + timedelta(days=30))


def _framework_brief(project, buyer, at) -> None:
    services.brief_write(
        project=project,
        problem=(
            "Les grands projets numériques de l'État dérivent : fin 2022, le glissement moyen "
            "atteignait 24 % du "
            "budget et 26 % du calendrier. Les ministères qui veulent travailler autrement, par "
            "itérations courtes "
            "avec les usagers, n'ont pas de marché pour trouver vite une équipe pluridisciplinaire."
        ),
        users=(
            "31 ministères et établissements bénéficiaires, leurs responsables de produit, et les "
            "usagers des "
            "services qu'ils construiront."
        ),
        existing="L'accord-cadre précédent, arrivé près de son terme, ouvert à 24 administrations.",
        constraints=(
            "Liste fermée de bénéficiaires ; montant maximum obligatoire ; quatre ans au plus ; "
            "conformité aux "
            "référentiels de l'État (RGS, RGAA, RGI) ; impact mesuré tous les six mois."
        ),
        budget_min_excl_tax=Decimal(195_000_000),
        budget_max_excl_tax=Decimal(495_000_000),
        phase="construction",
        market_dialogue=(
            "Démonstration : deux réunions ouvertes avec des entreprises de toutes tailles. Elles "
            "demandent des "
            "unités d'œuvre lisibles, des itérations courtes et des paiements au fil des procès-verbaux."
        ),
        by=buyer,
        at=at,
    )


def _framework_strategy(project, buyer, at) -> None:
    first_day = at.date()
    lines = (
        {
            "form": "purchase",
            "title": "Un accord-cadre à bons de commande, deux lots, plusieurs titulaires",
            "start_date": first_day,
            "end_date": first_day + timedelta(days=4 * 365),
            "budget_excl_tax": Decimal(195_000_000),
            "actors": "DINUM (coordination), 31 bénéficiaires, jusqu'à 7 titulaires par lot",
            "impacts": "Des services utiles en ligne en quelques mois, arrêtés tôt quand ils ne le sont pas.",
            "indicators": "Services à impact national ; glissement du budget et du calendrier ; "
            "mesures à six mois.",
        },
        {
            "form": "training",
            "title": "Former les responsables de produit des administrations (démonstration)",
            "start_date": first_day,
            "end_date": first_day + timedelta(days=365),
            "budget_excl_tax": Decimal(240_000),
            "actors": "DINUM, incubateurs partenaires",
            "impacts": "Une responsable de produit formée dans chaque administration bénéficiaire.",
            "indicators": "Personnes formées ; part encore en poste un an après.",
        },
        {
            "form": "commons_partnership",
            "title": "Entretenir les briques ouvertes partagées entre services (démonstration)",
            "start_date": first_day,
            "budget_excl_tax": Decimal(180_000),
            "actors": "Communautés de contributeurs, administrations utilisatrices",
            "impacts": "Des briques corrigées une fois pour tous.",
            "indicators": "Services qui réutilisent une brique ; délai de correction d'une faille.",
        },
    )
    for line in lines:
        services.strategy_line_add(project=project, **line, by=buyer, at=at)


@_tale("Accompagner le déploiement de startups d'État (SGMAP, 2016)")
def _first_agreement(cast, at) -> None:
    opened = at.replace(year=2016, month=1, day=12)
    buyer = cast.people["acheteuse"]
    project = _open(
        cast,
        _first_agreement.title,
        opened,
        policy_field="Modernisation de l'action publique",
        origin="Cahier des clauses techniques particulières AOO-START-UP D'ETAT-SGMAP-2016.",
        inspiring_projects="data.gouv.fr, Marchés publics simplifiés, Mes Aides, le.Taxi, La Bonne Boîte.",
    )
    services.brief_write(
        project=project,
        problem=(
            "Les administrations mettent des années à livrer un service numérique dont les usagers "
            "ne veulent pas "
            "toujours. Il faut pouvoir essayer vite, avec eux, et accepter d'arrêter."
        ),
        users="Les administrations qui créent un incubateur, et les usagers de leurs services.",
        existing="Une vingtaine de startups d'État créées depuis 2013 avec des équipes très légères.",
        phase="consolidation",
        by=buyer,
        at=opened,
    )
    services.strategy_line_add(
        project=project,
        form="purchase",
        title="Accord-cadre à bons de commande : lot 1 incubateurs, lot 2 startups d'État",
        start_date=opened.date(),
        actors="SGMAP, DINSIC, deux titulaires",
        impacts="Des services essayés en six mois au lieu de trois ans.",
        by=buyer,
        at=opened,
    )
    services.project_make_ready(project=project, by=buyer, at=opened)
    services.project_close(
        project=project,
        reason="Accord-cadre arrivé à son terme ; deux autres lui ont succédé.",
        by=buyer,
        at=at.replace(year=2020, month=6, day=15),
    )


@_tale("Loger les travailleurs saisonniers près de leur emploi")
def _seasonal(cast, at) -> None:
    opened = at - timedelta(days=60)
    prescriber = cast.people["prescripteur"]
    project = _open(cast, _seasonal.title, opened, by="prescripteur", policy_field="Logement")
    services.brief_write(
        project=project,
        problem=(
            "Chaque été, des saisonniers refusent un emploi faute de logement à moins d'une heure, "
            "alors que des "
            "internats et des résidences étudiantes sont vides au même moment."
        ),
        users=(
            "Saisonniers de 18 à 30 ans, employeurs du littoral, gestionnaires d'internats ; neuf rencontrés."
        ),
        phase="investigation",
        by=prescriber,
        at=opened + timedelta(days=2),
    )
    buyer = cast.people["acheteuse"]
    services.member_add(
        project=project, email=buyer.email, role="buyer", by=prescriber, at=opened + timedelta(days=2)
    )
    services.member_add(
        project=project,
        email=cast.people["elue"].email,
        role="elected",
        by=prescriber,
        at=opened + timedelta(days=3),
    )
    services.strategy_line_add(
        project=project,
        form="rd_support",
        title="Essayer dans deux départements avec un pacte d'innovation",
        budget_excl_tax=Decimal(90_000),
        impacts="Trois cents lits ouverts l'été prochain.",
        by=prescriber,
        at=opened + timedelta(days=9),
    )


@_tale("Joindre un service public en langue des signes")
def _deaf_line(cast, at) -> None:
    opened = at - timedelta(days=40)
    buyer = cast.people["acheteuse"]
    project = _open(cast, _deaf_line.title, opened, policy_field="Accessibilité")
    services.brief_write(
        project=project,
        problem=(
            "Une personne sourde qui signe ne peut pas téléphoner à la plupart des guichets : elle "
            "se déplace, ou "
            "elle renonce. Les interprètes sont réservés au cas par cas, en trois semaines."
        ),
        users="Personnes sourdes signantes ; agents de guichet ; interprètes en langue des signes.",
        existing="Une réservation par courriel, guichet par guichet, sans suivi.",
        budget_max_excl_tax=Decimal(210_000),
        by=buyer,
        at=opened,
    )
    for form, title, budget in (
        ("purchase", "Un service de visio-interprétation, avec des objectifs de délai", 160_000),
        ("grant", "Soutenir la formation d'interprètes", 50_000),
    ):
        services.strategy_line_add(
            project=project,
            form=form,
            title=title,
            budget_excl_tax=Decimal(budget),
            by=buyer,
            at=opened + timedelta(days=5),
        )
    services.project_make_ready(project=project, by=buyer, at=opened + timedelta(days=12))


@_tale("Publier les données des marchés publics sans ressaisie")
def _open_data(cast, at) -> None:
    buyer = cast.people["acheteuse"]
    project = _open(cast, _open_data.title, at - timedelta(days=25), policy_field="Commande publique")
    services.strategy_line_add(
        project=project,
        form="commons_partnership",
        title="Contribuer à un convertisseur ouvert avec trois collectivités",
        budget_excl_tax=Decimal(35_000),
        by=buyer,
        at=at - timedelta(days=24),
    )
    services.project_make_ready(project=project, by=buyer, at=at - timedelta(days=20))


@_tale("Tenir un seul annuaire des agents")
def _directory(cast, at) -> None:
    project = _open(cast, _directory.title, at - timedelta(days=150), policy_field="Organisation interne")
    services.project_close(
        project=project,
        reason=_("Un annuaire ouvert existe déjà : nous y contribuons au lieu d'en acheter un autre."),
        by=cast.people["acheteuse"],
        at=at - timedelta(days=120),
    )


@_tale("Retrouver un acte dans les archives numériques")
def _archive(cast, at) -> None:
    _open(cast, _archive.title, at - timedelta(days=8), by="prescripteur", policy_field="Patrimoine")


@_tale("Attendre moins longtemps un rendez-vous en préfecture")
def _queue(cast, at) -> None:
    buyer = cast.people["acheteuse"]
    project = _open(cast, _queue.title, at - timedelta(days=3), policy_field="Accueil du public")
    services.brief_write(
        project=project,
        problem=(
            "Les créneaux partent en une nuit, revendus parfois à des usagers qui n'ont pas d'autre "
            "choix ; un "
            "rendez-vous sur cinq n'est pas honoré."
        ),
        users="Usagers étrangers et agents d'accueil de quatre préfectures.",
        by=buyer,
        at=at - timedelta(days=2),
    )

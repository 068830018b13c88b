"""Incubators and startups: seven of national impact, five older, a few invented."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from startups import services
from startups.models import Incubator, Startup

NATIONAL_NOTE = (
    "L'un des sept services « à impact national » sortis des incubateurs du programme beta.gouv.fr en 2024 "
    "(article sur l'accord-cadre de la DINUM). Rattachement, dates, phases et chiffres : démonstration."
)
OLDER_NOTE = (
    "Service cité par le cahier des clauses techniques de 2016 parmi les premières startups d'État. "
    "Rattachement, dates, phases et chiffres : démonstration."
)
INVENTED_NOTE = "Startup inventée pour la démonstration."
NEXT = ("build", "consolidate", "transfer", "sustain")
PHASES = ("investigation", "construction", "consolidation", "transfer", "sustained")


@dataclass(frozen=True)
class Tale:
    """A startup to tell: how long ago it began (months) and the phase it reached."""

    name: str
    incubator: str
    months: int
    phase: str
    note: str
    problem: str
    users: str
    solution: str
    impact: str
    indicator: str
    unit: str
    values: tuple = ()
    months_since_measure: int = 2
    stopped: str = ""


INCUBATORS = {
    "beta.gouv.fr": "L'incubateur de la DINUM, qui anime le programme des startups d'État.",
    "Incubateur de l'Ademe": "L'un des incubateurs partenaires nommés par la presse en 2025.",
    "Incubateur de France Travail": "L'un des incubateurs partenaires nommés par la presse en 2025.",
    "Fabrique des petits services (démonstration)": "Un incubateur inventé pour la démonstration.",
}
BETA, ADEME, TRAVAIL, FABRIQUE = INCUBATORS

TALES = (
    Tale(
        "Réfugiés.info",
        BETA,
        60,
        "sustained",
        NATIONAL_NOTE,
        "Les personnes réfugiées et leurs accompagnants ne trouvent pas d'information fiable et traduite.",
        "Personnes réfugiées, travailleurs sociaux, bénévoles",
        "Un site d'information traduit, tenu à jour avec les associations.",
        "Des droits connus et demandés plus tôt.",
        "Personnes informées",
        "personnes",
        (42_000, 61_000, 83_500),
    ),
    Tale(
        "Mano",
        BETA,
        54,
        "consolidation",
        NATIONAL_NOTE,
        "Les équipes de maraude perdent la trace des personnes accompagnées d'une rencontre à l'autre.",
        "Équipes médico-sociales de rue",
        "Un carnet partagé par une équipe, conçu avec elle.",
        "Un suivi qui ne s'interrompt plus.",
        "Équipes qui utilisent le service",
        "équipes",
        (38, 74, 119),
    ),
    Tale(
        "Accès libre",
        BETA,
        66,
        "transfer",
        NATIONAL_NOTE,
        "On ne sait pas, avant de se déplacer, si l'on pourra entrer dans un lieu ouvert au public.",
        "Personnes en situation de handicap, gestionnaires de lieux",
        "Une base ouverte qui décrit l'accessibilité des lieux.",
        "Des déplacements qui aboutissent.",
        "Lieux décrits",
        "lieux",
        (310_000, 402_000, 488_000),
    ),
    Tale(
        "France Chaleur Urbaine",
        ADEME,
        48,
        "consolidation",
        NATIONAL_NOTE,
        "Les copropriétés ne savent pas si un réseau de chaleur passe près de chez elles.",
        "Copropriétés, syndics, collectivités",
        "Un test d'adresse et une mise en relation avec le gestionnaire du réseau.",
        "Plus de logements raccordés à un chauffage moins carboné.",
        "Demandes transmises",
        "demandes",
        (1_900, 3_400, 5_250),
        8,
    ),
    Tale(
        "France VAE",
        TRAVAIL,
        40,
        "consolidation",
        NATIONAL_NOTE,
        "Faire reconnaître son expérience par un diplôme est long, et la plupart renoncent en route.",
        "Personnes qui ont une expérience et pas le diplôme, jurys, certificateurs",
        "Un parcours en ligne unique, de la demande au jury.",
        "Plus de diplômes obtenus, plus vite.",
        "Parcours engagés",
        "parcours",
        (2_100, 6_800, 11_400),
    ),
    Tale(
        "A-Just",
        BETA,
        42,
        "transfer",
        NATIONAL_NOTE,
        "Les juridictions répartissent leurs effectifs sans voir leur charge réelle.",
        "Chefs de cour et de juridiction",
        "Un outil qui rapproche effectifs et activité, et simule des choix.",
        "Des délais mieux tenus à effectif égal.",
        "Juridictions utilisatrices",
        "juridictions",
        (24, 71, 133),
    ),
    Tale(
        "Mon service sécurisé",
        BETA,
        45,
        "consolidation",
        NATIONAL_NOTE,
        "Les petites administrations ne savent pas par où commencer pour sécuriser et homologuer un service.",
        "Collectivités et établissements publics",
        "Un parcours guidé : les mesures à prendre, leur suivi, l'homologation.",
        "Plus de services publics homologués.",
        "Services suivis",
        "services",
        (900, 2_700, 5_600),
        7,
    ),
    Tale(
        "data.gouv.fr",
        BETA,
        150,
        "sustained",
        OLDER_NOTE,
        "Les données publiques sont éparpillées et difficiles à réutiliser.",
        "Réutilisateurs, administrations, citoyens",
        "La refonte du portail des données publiques.",
        "Plus de données réutilisées.",
        "Jeux de données publiés",
        "jeux",
        (21_000, 38_000, 54_000),
    ),
    Tale(
        "Marchés publics simplifiés",
        BETA,
        144,
        "sustained",
        OLDER_NOTE,
        "Répondre à un appel d'offres sans envoyer de document administratif.",
        "Petites entreprises, acheteurs publics",
        "Une réponse avec le seul numéro SIRET, les pièces étant demandées aux administrations.",
        "Plus de petites entreprises candidates.",
        "Réponses déposées",
        "réponses",
        (4_000, 19_000),
        30,
    ),
    Tale(
        "Mes Aides",
        BETA,
        140,
        "sustained",
        OLDER_NOTE,
        "« À quelles aides ai-je droit ? »",
        "Personnes qui ne demandent pas les aides auxquelles elles ont droit",
        "Un simulateur de plusieurs aides en quelques minutes.",
        "Moins de droits non demandés.",
        "Simulations par mois",
        "simulations",
        (60_000, 140_000),
        40,
    ),
    Tale(
        "le.Taxi",
        BETA,
        138,
        "sustained",
        OLDER_NOTE,
        "Un taxi libre passe à cent mètres, et personne ne le sait.",
        "Voyageurs, taxis, applications",
        "Un registre ouvert de la position des taxis disponibles.",
        "Moins de courses à vide.",
        "Taxis connectés",
        "taxis",
        (3_000, 9_500),
        35,
    ),
    Tale(
        "La Bonne Boîte",
        TRAVAIL,
        132,
        "sustained",
        OLDER_NOTE,
        "Sept embauches sur dix se font sans annonce : où envoyer sa candidature ?",
        "Demandeurs d'emploi",
        "Une liste d'entreprises qui vont probablement embaucher, près de chez soi.",
        "Des retours à l'emploi plus rapides.",
        "Candidatures spontanées par mois",
        "candidatures",
        (80_000, 210_000),
        20,
    ),
    Tale(
        "Toit d'été",
        FABRIQUE,
        8,
        "construction",
        INVENTED_NOTE,
        "Des saisonniers refusent un emploi faute de logement, alors que des internats sont vides l'été.",
        "Saisonniers, employeurs, gestionnaires d'internats",
        "Un service qui réserve une chambre d'internat pour la durée du contrat.",
        "Trois cents lits ouverts l'été prochain.",
        "Chambres proposées",
        "chambres",
        (12, 47),
        3,
    ),
    Tale(
        "Rendez-vous clair",
        FABRIQUE,
        20,
        "consolidation",
        INVENTED_NOTE,
        "Un rendez-vous sur cinq n'est pas honoré, faute de savoir quelles pièces apporter.",
        "Usagers des guichets et agents d'accueil",
        "Un rappel la veille, avec la liste exacte des pièces.",
        "Des rendez-vous qui servent à quelque chose.",
        "Rendez-vous honorés",
        "%",
        (78, 86),
        1,
    ),
    Tale(
        "Signe direct",
        FABRIQUE,
        2,
        "investigation",
        INVENTED_NOTE,
        "Une personne sourde qui signe ne peut pas téléphoner à un guichet.",
        "Personnes sourdes signantes, agents de guichet",
        "",
        "",
        "",
        "",
    ),
    Tale(
        "Annuaire des mares",
        FABRIQUE,
        14,
        "construction",
        INVENTED_NOTE,
        "Les communes ne savent pas où sont leurs mares.",
        "Communes, naturalistes",
        "Une carte participative.",
        "Des mares protégées.",
        "Mares décrites",
        "mares",
        (40,),
        9,
        "Trois mois sans usage réel : une association tient déjà cette carte, nous y contribuons.",
    ),
)


def tell(cast, *, at) -> None:
    """Create the incubators and the startups, each with its phases and its measures."""
    owner, organisation = cast.people["produit"], cast.orgs["dinum"]
    opened = at - timedelta(days=150 * 30)
    incubators = {
        name: services.incubator_create(
            organisation=organisation, name=name, description=text, by=owner, at=opened
        )
        for name, text in INCUBATORS.items()
    }
    for tale in TALES:
        startup = _startup(tale, incubators[tale.incubator], organisation, owner, at)
        _phases(tale, startup, owner, at)
        _measures(tale, startup, owner, at)
        _facts(tale, startup)


def _startup(tale, incubator: Incubator, organisation, owner, at) -> Startup:
    begun = at - timedelta(days=30 * tale.months)
    return services.startup_create(
        organisation=organisation,
        incubator=incubator,
        name=tale.name,
        product_owner=owner,
        started_date=begun.date(),
        origin="Problème retenu par le comité d'engagement (démonstration).",
        problem=tale.problem,
        users=tale.users,
        solution=tale.solution,
        success_conditions=tale.solution and "Des usagers associés à chaque itération (démonstration).",
        target_impacts=tale.impact,
        by=owner,
        at=begun,
    )


def _phases(tale, startup, owner, at) -> None:
    reached = PHASES.index(tale.phase)
    begun = at - timedelta(days=30 * tale.months)
    for number, transition in enumerate(NEXT[:reached]):
        moment = begun + timedelta(days=30 * tale.months * (number + 1) / (reached + 1))
        services.phase_change(
            startup=startup,
            transition=transition,
            on_date=moment.date(),
            reason="Résultats présentés au comité d'engagement (démonstration).",
            by=owner,
            at=moment,
        )
    if tale.stopped:
        moment = at - timedelta(days=45)
        services.phase_change(
            startup=startup,
            transition="stop",
            on_date=moment.date(),
            reason=tale.stopped,
            by=owner,
            at=moment,
        )


def _measures(tale, startup, owner, at) -> None:
    if not tale.values:
        return
    indicator = services.indicator_add(
        startup=startup, name=tale.indicator, unit=tale.unit, by=owner, at=at - timedelta(days=800)
    )
    last = at - timedelta(days=30 * tale.months_since_measure)
    for back, value in enumerate(reversed(tale.values)):
        moment = last - timedelta(days=182 * back)
        services.measure_record(
            indicator=indicator,
            value=Decimal(value),
            measured_date=moment.date(),
            source="Chiffre inventé pour la démonstration",
            is_demonstration=True,
            by=owner,
            at=moment,
        )


def _facts(tale, startup) -> None:
    """Where the facts come from and who said « national » are not acts of a person: written with the row."""
    Startup.objects.filter(pk=startup.pk).update(
        source_note=tale.note, has_national_impact=tale.note == NATIONAL_NOTE
    )

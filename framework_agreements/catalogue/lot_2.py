"""Lot 2 (CCTP § 4): launching the contract, then the four phases of a State startup."""

from decimal import Decimal

from framework_agreements.catalogue.entries import Deliverable, LotEntry, UnitEntry
from framework_agreements.enums import Complexity, Moment, Phase, Trigger

CRITERION = (
    "Le niveau de complexité est défini par l’administration à l’émission du bon de commande, selon plusieurs"
    " critères propres à chaque phase (§ 4)"
)
INVESTIGATION_CRITERION = f"{CRITERION} ; le nombre d’unités dépend de la complexité du projet (§ 4.2.2)"
CONSTRUCTION_CRITERION = (
    f"{CRITERION} : périmètre des acteurs métiers à mobiliser, complexité du produit, nature du service"
    " développé, impacts et risques qui en découlent (§ 4.3.4)"
)
IF_NEEDED = "L’UO ne sera déclenchée que si l’administration identifie un besoin"
BEFORE, END, FINAL = Moment.BEFORE_ITERATION, Moment.END_OF_ITERATION, Moment.FINAL
BACKLOG = "Backlog complété, enrichi, exhaustif et cohérent pour l’itération suivante"


def _all(*labels, moment=Moment.DELIVERY):
    return tuple(Deliverable(label, moment) for label in labels)


LAUNCH = UnitEntry(
    code="UO-L2.0",
    title="Lancement du marché",
    phase=Phase.LAUNCH,
    section="CCTP § 4.1",
    description=(
        "Prendre connaissance de l’existant, finaliser l’organisation des équipes, mettre en place le"
        " pilotage, assurer la continuité de service sur les startups en cours."
    ),
    complexity=Complexity.AT_ORDER,
    criterion=CRITERION,
    duration=(1, 1),
    duration_text="un mois à compter de la notification du marché",
    trigger=Trigger.AT_START,
    trigger_text="L’unité d’œuvre est déclenchée dès la notification du marché",
    deliverables=_all(
        "Éléments d’analyse de l’existant",
        "Programme d’actions pour la continuité et le développement des startups initiées (technique,"
        " compétences et RH, budget…)",
        "Support de présentation de la réunion de lancement",
    ),
    note="Le texte ne donne pas de code à cette unité : code attribué par Jalon.",
    is_code_ours=True,
)

INVESTIGATION = (
    UnitEntry(
        code="UO-L2.1.1",
        title="Design",
        phase=Phase.INVESTIGATION,
        section="CCTP § 4.2.6",
        complexity=Complexity.AT_ORDER,
        criterion=INVESTIGATION_CRITERION,
        load_days=Decimal(5),
        load_text="à hauteur de 5 jours environ sur cette phase de cadrage",
        duration=(1, 3),
        duration_text="durée de la phase : un à trois mois environ",
        profiles=("Designer : compréhension des expériences utilisateurs et conception du service",),
        trigger=Trigger.IF_NEEDED,
        trigger_text=f"{IF_NEEDED} de mobiliser les compétences d’un designer",
        deliverables=_all(
            "Dossier de design : scénarisation d’interfaces",
            "Dossier de design : scénario d’usages",
            "Dossier de design : parcours utilisateurs",
            "Dossier de design : story board",
            "Dossier de design : maquettes",
            "Dossier de design : prototype",
            "Dossier de design : wireframe",
        ),
        note="Les éléments du dossier de design sont donnés « par exemple ».",
    ),
    UnitEntry(
        code="UO-L2.1.2",
        title="Développement devops",
        phase=Phase.INVESTIGATION,
        section="CCTP § 4.2.6",
        complexity=Complexity.AT_ORDER,
        criterion=INVESTIGATION_CRITERION,
        duration=(2, 2),
        duration_text="environ 2 mois",
        profiles=("Développeur (devops) : un produit sur la base des premières hypothèses de l’équipe",),
        trigger=Trigger.IF_NEEDED,
        trigger_text=f"{IF_NEEDED} de développer une première version du produit",
        deliverables=_all("Version alpha, maquette ou prototype d’un service numérique en ligne"),
        note=(
            "Le texte donne une durée (environ 2 mois) et pas de charge : les jours se saisissent à la"
            " commande."
        ),
    ),
    UnitEntry(
        code="UO-L2.1.3",
        title=(
            "Mise en place de l’environnement technique (hébergement de la plateforme de développement, etc.)"
        ),
        phase=Phase.INVESTIGATION,
        section="CCTP § 4.2.6",
        description=(
            "Mise en place de l’environnement technique (plateforme d’hébergement), maintenance et"
            " intégration des nouvelles fonctionnalités."
        ),
        complexity=Complexity.AT_ORDER,
        criterion=INVESTIGATION_CRITERION,
        duration=(1, 3),
        duration_text="durée de la phase : un à trois mois environ",
        trigger=Trigger.IF_NEEDED,
        trigger_text=f"{IF_NEEDED} d’hébergement de la première version du produit",
        deliverables=_all("Plateforme de développement et d’hébergement"),
        note="Ni charge, ni profil dans le texte.",
    ),
)

CONSTRUCTION = (
    UnitEntry(
        code="UO-L2.2.1",
        title="Design",
        phase=Phase.CONSTRUCTION,
        section="CCTP § 4.3.4",
        complexity=Complexity.AT_ORDER,
        criterion=CONSTRUCTION_CRITERION,
        load_days=Decimal(5),
        load_text="à hauteur de 5 jours environ sur cette phase de développement de trois mois",
        duration=(3, 3),
        duration_text="trois mois environ",
        profiles=(
            "Designer de services : évolution du produit, tests utilisateurs, ateliers de co-création",
        ),
        trigger=Trigger.IF_NEEDED,
        trigger_text=f"{IF_NEEDED} de mobiliser les compétences d’un designer de services",
        deliverables=_all(
            "Dossier de design : scénarisation d’interfaces",
            "Dossier de design : scénario d’usages",
            "Dossier de design : story board",
            "Dossier de design : script d’interview et recueil d’information issus des tests utilisateur",
            "Dossier de design : maquettes",
            "Dossier de design : prototype",
            "Dossier de design : wireframe",
        ),
        note="Les éléments du dossier de design sont donnés « par exemple ».",
    ),
    UnitEntry(
        code="UO-L2.2.2",
        title="Développement devops",
        phase=Phase.CONSTRUCTION,
        section="CCTP § 4.3.4",
        description="Prestations d’un développeur à plein temps pendant trois mois environ.",
        complexity=Complexity.AT_ORDER,
        criterion=CONSTRUCTION_CRITERION,
        load_days=Decimal(60),
        load_text="une charge en jours / homme de 60 jours",
        duration=(3, 3),
        duration_text="trois mois environ",
        profiles=("Développeur devops : développement et exploitation, avec une approche métier forte",),
        trigger=Trigger.SYSTEMATIC,
        trigger_text=(
            "L’unité d’œuvre Développement devops sera systématiquement déclenchée durant cette phase"
        ),
        deliverables=(
            *_all(BACKLOG, moment=BEFORE),
            *_all(
                "Démonstration de fin d’itération et compte rendu associé",
                "Validation formelle des user stories",
                "Codes sources",
                "Documentation associée",
                moment=END,
            ),
            *_all(
                "Application développée", "Mise à jour de la documentation", "Transfert de code", moment=FINAL
            ),
        ),
        note=(
            "Le § 4.3.4 permet « plusieurs Unités d’œuvre 4.3.2 » : Jalon y lit plusieurs unités de"
            " développement."
        ),
    ),
    UnitEntry(
        code="UO-L2.2.3",
        title="Hébergement et intégration",
        phase=Phase.CONSTRUCTION,
        section="CCTP § 4.3.4",
        description=(
            "Mise en place de l’environnement technique (plateforme d’hébergement), maintenance et"
            " intégration des nouvelles fonctionnalités."
        ),
        complexity=Complexity.AT_ORDER,
        criterion=CONSTRUCTION_CRITERION,
        duration=(3, 3),
        duration_text="durée de la phase : trois mois environ",
        deliverables=_all("Environnement de développement et de test", "Schéma d’architecture technique"),
        note="Ni charge, ni profil, ni condition de déclenchement dans le texte.",
    ),
)

CONSOLIDATION = (
    UnitEntry(
        code="UO-L2.3.1",
        title="Design de services",
        phase=Phase.CONSOLIDATION,
        section="CCTP § 4.4.5",
        description=(
            "Améliorer l’ergonomie du service en ligne ou l’interface, ou explorer de nouveaux segments"
            " d’utilisateurs."
        ),
        complexity=Complexity.AT_ORDER,
        criterion=CRITERION,
        load_days=Decimal(5),
        load_text="à hauteur de 5 jours environ sur une phase de trois mois",
        duration=(3, 3),
        duration_text="phase de trois mois",
        profiles=("Designer : problématiques d’interface complexes, stratégie de diffusion",),
        trigger_text="L’administration pourra commander des prestations de design selon la nature du besoin",
        deliverables=_all(
            "Dossier de design simplifié",
            "Scénarisation d’interfaces",
            "Scénario d’usages",
            "Story board",
            "Maquettes",
            "Prototype",
            "Wireframe",
        ),
    ),
    UnitEntry(
        code="UO-L2.3.2",
        title="Développement devops",
        phase=Phase.CONSOLIDATION,
        section="CCTP § 4.4.5",
        description="Prestations d’un développeur à plein temps pendant environ trois mois.",
        complexity=Complexity.AT_ORDER,
        criterion=CRITERION,
        load_days=Decimal(60),
        load_text="une charge en jours / homme de 60 jours",
        duration=(3, 3),
        duration_text="environ trois mois",
        profiles=(
            (
                "Développeur devops : amélioration continue, nouvelles fonctionnalités, montée en charge de"
                " la TMA"
            ),
        ),
        deliverables=(
            *_all(BACKLOG, moment=BEFORE),
            *_all(
                "Démonstration de fin d’itération et compte rendu associé",
                "Validation formelle des user stories",
                "PV de validation de l’itération",
                "Codes sources",
                "Documentation associée",
                moment=END,
            ),
            *_all(
                "Amélioration du service",
                "Nouvelles fonctionnalités développées",
                "Mise à jour de la documentation",
                "Transfert de code",
                moment=FINAL,
            ),
        ),
    ),
    UnitEntry(
        code="UO-L2.3.3",
        title="Maintien en condition opérationnelle (maintenance préventive, corrective)",
        phase=Phase.CONSOLIDATION,
        section="CCTP § 4.4.5",
        description="Prestations d’un développeur à plein temps pendant environ trois mois.",
        complexity=Complexity.AT_ORDER,
        criterion=CRITERION,
        load_days=Decimal(60),
        load_text="une charge en jours / homme de 60 jours",
        duration=(3, 3),
        duration_text="environ trois mois",
        profiles=("Développeur TMA/MCO : maintenance corrective et préventive",),
        deliverables=_all(
            "Comptes rendus des opérations de maintenance préventive et corrective",
            "Documentation mise à jour",
        ),
    ),
    UnitEntry(
        code="UO-L2.3.4",
        title="Hébergement – exploitation – sécurité",
        phase=Phase.CONSOLIDATION,
        section="CCTP § 4.4.5",
        description="Hébergement et exploitation du service numérique.",
        complexity=Complexity.AT_ORDER,
        criterion=CRITERION,
        duration=(3, 3),
        duration_text="trois mois environ",
        is_flat_rate=True,
        trigger_text="L’unité d’œuvre est forfaitaire",
        deliverables=_all("Cahier d’architecture technique", "Suivi et tableau de bord d’exploitation"),
    ),
)

TRANSFER_DELIVERABLES = _all("Documentation mise à jour", "Tutoriels", "Bilan de transfert de compétences")

TRANSFER = (
    UnitEntry(
        code="UO-L2.4.1",
        title="Réversibilité : transfert de l’ensemble des projets de startups à la fin du marché",
        phase=Phase.TRANSFER,
        section="CCTP § 4.5.2",
        description=(
            "Transfert vers le nouveau prestataire des compétences techniques et fonctionnelles de l’ensemble"
            " des services numériques produits, en biseau avec la nouvelle équipe."
        ),
        complexity=Complexity.AT_ORDER,
        criterion=CRITERION,
        duration=(None, 2),
        duration_text="pas plus de deux mois",
        trigger=Trigger.ON_DECISION,
        trigger_text=(
            "Déclenchée sur décision de l’administration, à l’expiration, normale ou anticipée, du marché,"
            " lors du renouvellement, si le titulaire n’est pas retenu"
        ),
        deliverables=TRANSFER_DELIVERABLES,
    ),
    UnitEntry(
        code="UO-L2.4.2",
        title="Transfert de compétences pour un projet de startup durant l’exécution du marché",
        phase=Phase.TRANSFER,
        section="CCTP § 4.5.3",
        description=(
            "Transfert du service numérique du SGMAP à un partenaire institutionnel extérieur préalablement "
            "identifié, avec le cas échéant transfert de compétences au prestataire de ce partenaire."
        ),
        complexity=Complexity.AT_ORDER,
        criterion=CRITERION,
        duration=(None, 2),
        duration_text="pas plus de deux mois",
        trigger=Trigger.ON_DECISION,
        trigger_text="Déclenchée sur décision de l’administration, pour quelque cause que ce soit",
        deliverables=TRANSFER_DELIVERABLES,
    ),
)

LOT_2 = LotEntry(
    number=2,
    title="Appui à la mise en œuvre de startups d’État",
    units=(LAUNCH, *INVESTIGATION, *CONSTRUCTION, *CONSOLIDATION, *TRANSFER),
)

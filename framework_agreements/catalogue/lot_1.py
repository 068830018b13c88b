"""Lot 1 (CCTP § 3): creating incubators and running them."""

from framework_agreements.catalogue.entries import Deliverable, LotEntry, UnitEntry
from framework_agreements.enums import Complexity, Phase

COACH = (
    "Coach : 10 ans d’expérience au moins dans le pilotage de projets en mode agile, Lean Start-up,"
    " techniques d’animation, conception de services numériques, connaissance de l’environnement"
    " administratif (§ 3.3)"
)

CREATION = UnitEntry(
    code="UO-L1.1",
    title="Appui à la création d’un incubateur de services numériques",
    phase=Phase.INCUBATOR_CREATION,
    section="CCTP § 3.1",
    description=(
        "Mise en place d’un incubateur de services numériques dans un ministère ou une administration :"
        " définir avec les responsables les conditions techniques, méthodologiques et financières de mise en"
        " œuvre, arrêter les conditions de succès et les critères d’évaluation."
    ),
    duration=(6, 6),
    duration_text="environ six mois",
    profiles=(COACH,),
    deliverables=(
        Deliverable(
            "Note sur la stratégie de mise en place de la startup d’État : faisabilité d’un incubateur dans "
            "l’administration demandeuse (opportunités, risques, conditions préalables)"
        ),
        Deliverable(
            "Dans la note : pertinence d’un incubateur indépendant de celui du SGMAP (potentiel de croissance"
            " et de mobilisation)"
        ),
        Deliverable("Fiche produit d’une première startup d’État"),
        Deliverable("Identification de porteurs et sécurisation du budget pour lancer deux startups d’État"),
    ),
    note=(
        "Le texte demande une note sur la mise en place « de la startup d’Etat » : elle porte sur"
        " l’incubateur."
    ),
)

SUPPORT_DESCRIPTION = (
    "Animation d’une ou plusieurs startups rattachées à un ou plusieurs incubateurs : mobilisation des"
    " profils, proposition de valeur, priorisation, amélioration continue, attentes des usagers, indicateurs"
    " de suivi et de mesure d’impact, bonnes pratiques agiles et lean, communication avec l’administration,"
    " préparation de la passation."
)
SUPPORT_DELIVERABLES = (
    Deliverable("Document de suivi synthétique de l’incubateur, son activité, ses résultats"),
    Deliverable("Avis sur les nouveaux projets de startups d’État"),
)


def _support(code, complexity, first, last, words):
    return UnitEntry(
        code=code,
        title=f"Animation de startups d’État, {words}",
        phase=Phase.INCUBATOR_SUPPORT,
        section="CCTP § 3.2.1",
        description=SUPPORT_DESCRIPTION,
        complexity=complexity,
        criterion=f"Un ou plusieurs incubateurs accueillant de {first} à {last} startups d’État",
        startups_from=first,
        startups_to=last,
        duration=(6, 6),
        duration_text="6 mois",
        profiles=(COACH,),
        deliverables=SUPPORT_DELIVERABLES,
    )


LOT_1 = LotEntry(
    number=1,
    title="Appui à la création et à l’animation d’un incubateur",
    units=(
        CREATION,
        _support("UO-L1.2", Complexity.SIMPLE, 1, 5, "unité simple"),
        _support("UO-L1.3", Complexity.MEDIUM, 6, 15, "unité moyenne"),
        _support("UO-L1.4", Complexity.COMPLEX, 16, 25, "unité complexe"),
    ),
)

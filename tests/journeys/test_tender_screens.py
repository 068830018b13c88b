"""The screens of consultations that no other journey opens: search and alerts, practice, what goes wrong, costs."""

import re
from typing import Any

from tests.journeys.people import Stage

CONSENSUS, COSTS = "Prévenir les impayés de loyer", "Rendre accessibles vingt démarches en ligne"
TO_OPEN, AWARDED = (
    "Un simulateur unique des aides au logement étudiant",
    "Suivre sa demande de carte grise pas à pas",
)
BACKED_UP = "Accompagner et développer des services numériques en mode startup d'État"


def number_of(database: Any, title: str) -> int:
    """The key of a consultation of the demonstration."""
    cursor = database.cursor()
    cursor.execute("SELECT id FROM tenders_tender WHERE title = %s", [title])
    return cursor.fetchone()[0]


def first(database: Any, table: str, where: str, *values: object) -> Any:
    """The key of a row of the demonstration."""
    cursor = database.cursor()
    cursor.execute(f"SELECT id FROM {table} WHERE {where} ORDER BY id LIMIT 1", values)  # noqa: S608  # our words
    return cursor.fetchone()[0]


def test_the_public_searches_and_is_told(stage: Stage) -> None:
    """Accents and typos forgiven, no result in words, an alert to keep and to stop."""
    stage.anyone().visit("/consultations/?q=logment etudiant").pose("recherche")
    stage.anyone().visit("/consultations/?q=zzzzqqq&department=48").sees("ne répond à ces critères").pose(
        "rien"
    )
    supplier = stage.person("fournisseur").visit("/consultations/?q=accessibilité")
    supplier.follow("Enregistrer cette recherche").pose("recherche-a-garder")
    supplier.fill("Nom de la recherche", "").press(re.compile("^Enregistrer"), supplier.main).sees(
        "obligatoire"
    )
    supplier.fill("Nom de la recherche", "Accessibilité").press(re.compile("^Enregistrer"), supplier.main)
    supplier.visit("/consultations/recherches/").sees("Accessibilité").pose("recherches")
    supplier.visit("/consultations/s-entrainer/").pose("s-entrainer").follow(re.compile("^Simuler"))
    supplier.press(re.compile("^Sceller et déposer")).pose("s-entrainer-refus")
    stage.at_ease()


def test_what_goes_wrong_has_its_screen(stage: Stage, database) -> None:
    """A share is lost, a call is given up, an award is taken back, a judge is seized: each refusal beside its field."""
    buyer = stage.person("acheteuse")
    opening, awarded = number_of(database, TO_OPEN), number_of(database, AWARDED)
    share = first(
        database,
        "tenders_seat",
        "custody_id IN (SELECT c.id FROM tenders_custody c JOIN tenders_round r ON r.id = c.round_id"
        " WHERE r.tender_id = %s)",
        opening,
    )
    contract = first(
        database,
        "tenders_contract",
        "award_id IN (SELECT a.id FROM tenders_award a JOIN tenders_lot l ON l.id = a.lot_id WHERE l.tender_id = %s)",
        awarded,
    )
    refused = {
        "part-perdue": (f"/consultations/{opening}/ouverture/parts/{share}/", "Déclarer la part perdue"),
        "sans-suite": (f"/consultations/{opening}/sans-suite/", "Abandonner la consultation"),
        "calendrier": (f"/consultations/{opening}/calendrier/", "Annoncer ces dates"),
        "refere": (f"/consultations/{awarded}/contrats/recours/", "Enregistrer"),
        "retrait": (f"/consultations/{awarded}/contrats/{contract}/retirer/", "Demander le retrait"),
    }
    for name, (page, button) in refused.items():
        buyer.visit(page).press(re.compile(f"^{button}"), buyer.main).pose(name)
    stage.at_ease()

"""A buyer writes a consultation in a browser: the margin follows what is typed, codes and places are found by
words, criteria have their notation. Each page is examined by axe and photographed, at a desk and on a telephone.
"""

import re

from playwright.sync_api import expect

from tests.journeys.people import PATIENCE_MS


def test_a_buyer_writes_a_consultation(stage):
    buyer = stage.person("acheteuse")
    buyer.visit("/consultations/nos-consultations/?phase=draft").follow("Rendre accessibles vingt démarches")
    number = int(re.search(r"/consultations/(\d+)/", buyer.page.url).group(1))
    draft = f"/consultations/{number}/redaction"
    the_margin_follows(buyer, draft)
    code_and_places(buyer, draft)
    buyer.visit(f"{draft}/lots/").pose("redaction-lots")
    notation(buyer, draft)
    questions(buyer, draft)
    buyer.visit(f"/consultations/{number}/").pose("redaction-annonce")
    anyone = stage.anyone()
    anyone.visit("/consultations/procedures/").pose("procedures")
    anyone.visit("/consultations/formules-de-prix/?poids=60").pose("formules")
    stage.at_ease()


def the_margin_follows(buyer, draft) -> None:
    """Without saving: a dialogue asks why, a framework its maximum."""
    buyer.visit(f"{draft}/identite/").pose("redaction-identite")
    margin = buyer.page.locator("aside")
    expect(margin).to_contain_text("candidatures, offres, offres finales")
    buyer.choose("Procédure", "Appel d'offres ouvert")
    expect(margin).not_to_contain_text("offres finales", timeout=PATIENCE_MS)
    buyer.fill("Montant maximum", "900000").page.keyboard.press("Tab")
    expect(margin).not_to_contain_text("R2162-4", timeout=PATIENCE_MS)
    buyer.snap("redaction-marge", full=True)


def code_and_places(buyer, draft) -> None:
    """Results come while one types."""
    buyer.visit(f"{draft}/cpv-et-lieux/")
    buyer.page.locator("input[type=search][name=cpv]").press_sequentially("audit informatique")
    expect(buyer.page.locator("#cpv-trouves")).to_contain_text("72810000", timeout=PATIENCE_MS)
    buyer.press(re.compile("Choisir 72810000")).sees("Services d'audit informatique")
    buyer.page.locator("input[type=search][name=lieu]").press_sequentially("brest")
    expect(buyer.page.locator("#lieux-trouves")).to_contain_text("Brest (29)", timeout=PATIENCE_MS)
    buyer.pose("redaction-lieux")
    buyer.press(re.compile(r"Ajouter Brest \(29\)")).sees("Brest (29)")


def notation(buyer, draft) -> None:
    """Sub-criteria, a formula with its curve, levels in words."""
    buyer.visit(f"{draft}/criteres/").pose("redaction-criteres")
    buyer.follow("Modifier les critères").pose("redaction-tableau")
    buyer.page.locator("[name=lignes-0-weight]").fill("25")
    buyer.page.keyboard.press("Tab")
    expect(buyer.page.locator("aside")).to_contain_text("font 90 % au lieu de 100 %", timeout=PATIENCE_MS)
    buyer.visit(f"{draft}/criteres/").follow("Coût sur quatre ans").pose("redaction-cout")
    buyer.visit(f"{draft}/criteres/").follow("Sobriété numérique").pose("redaction-niveaux")
    buyer.press("Enregistrer la notation").sees("est enregistrée")


def questions(buyer, draft) -> None:
    """Questions of the library."""
    buyer.visit(f"{draft}/impact/").pose("redaction-impact")
    buyer.follow("Choisir les questions").pose("redaction-questions")
    buyer.tick(re.compile("heures d'insertion")).press("Ajouter les questions cochées").sees(
        "adaptez leurs mots"
    )

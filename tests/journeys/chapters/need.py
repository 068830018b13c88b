"""Chapter 1: a need becomes a purchase project with its team, its brief and its strategy."""

import re

from tests.journeys.people import Stage

TITLE = "Construire des services publics numériques avec des startups d'État"


def tell(stage: Stage) -> str:
    """The buyer opens the project. Returns the address of its page."""
    buyer = stage.person("acheteuse")
    buyer.visit("/projets-d-achat/nouveau/").press("Ouvrir le projet").sees("Intitulé")
    buyer.fill("Intitulé", TITLE).fill("Politique publique", "Modernisation de l'action publique")
    buyer.fill("Origine", "Feuille de route de 2023 : étendre l'approche des startups d'État.")
    buyer.press("Ouvrir le projet")
    write_the_brief(buyer)
    buyer.follow("Ajouter une personne")
    buyer.fill("Adresse", "produit@jalon.example").choose("Rôle", "Prescript").press(re.compile("^Ajouter"))
    buyer.follow("Ajouter une ligne").choose("Forme", "Achat").fill(
        "Intitulé", "Accord-cadre à bons de commande"
    )
    buyer.fill("Budget", "9000000").press(re.compile("^(Ajouter|Enregistrer)"))
    buyer.press("Déclarer le projet prêt").sees("Préparer une consultation").snap("besoin")
    return buyer.page.url


def write_the_brief(buyer) -> None:
    """The need in the words of those who live it."""
    buyer.fill("Quel problème", "Un tiers des démarches commencées en ligne sont abandonnées avant la fin.")
    buyer.fill("Pour quels usagers", "Les usagers des démarches en ligne et les agents qui les accompagnent.")
    buyer.fill("existe aujourd'hui", "Des portails livrés après trois ans, que personne n'a essayés avant.")
    buyer.fill("contraintes", "RGAA, RGS, hébergement réversible, code publié par défaut.")
    buyer.fill("Budget minimal", "4000000").fill("Budget maximal", "9000000")
    buyer.fill("déjà parlé", "Six entreprises rencontrées ; toutes demandent des lots distincts.")
    buyer.press(re.compile("^Enregistrer"))

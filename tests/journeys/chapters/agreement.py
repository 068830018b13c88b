"""Chapter 3: the award becomes an agreement, and an order of several units is issued under its ceiling."""

import re
from datetime import date

from tests.journeys.people import Person, Stage

LINES = [("UO-L2.2.1", "1"), ("UO-L2.2.2", "2"), ("UO-L2.2.3", "1")]


def tell(stage: Stage) -> str:
    """From the award to an acknowledged order. Returns the address of the order."""
    agreement = conclude(stage.person("administration"))
    stage.anyone().visit(agreement).sees("Lot 2").snap("accord-cadre", full=True)
    order = draft_order(stage.person("produit"), agreement)
    issue(stage.person("acheteuse"), order)
    holder = stage.person("fournisseur").visit(order).press(re.compile("Accuser réception"))
    holder.sees("UO-L2.2.2")
    return order


def conclude(administrator: Person) -> str:
    """The framework administrator reviews what the award prepared, names a beneficiary and activates."""
    administrator.visit("/accords-cadres/").follow("Accompagner le déploiement de startups")
    page = administrator.page.url.removeprefix(administrator.stage.url)
    administrator.sees("En préparation").follow("Ajouter un bénéficiaire")
    administrator.choose("Bénéficiaire", "Office français de la biodiversité").fill(
        "Plafond propre", "500000"
    )
    administrator.press(re.compile("^(Ajouter|Enregistrer)")).visit(page).follow(re.compile("^Activer"))
    administrator.fill("Notifié", f"{date.today().isoformat()}T00:01").press(re.compile("^Activer"))
    administrator.visit(page).sees("En cours")
    return page


def draft_order(owner: Person, agreement: str) -> str:
    """The product owner prepares the order: first above the maximum, refused and kept, then within it."""
    owner.visit(agreement)
    lots = [link.get_attribute("href") for link in owner.page.locator("main a[href*='/lots/']").all()]
    owner.visit(list(dict.fromkeys(lots))[1]).snap("catalogue", full=True).follow("Commander sur ce lot")
    owner.fill("Objet de la commande", "Construction du service « Trouve ta place »")
    write_lines(owner, [("UO-L2.2.2", "3000"), *LINES[:1]])
    owner.press("Enregistrer le brouillon").sees("R2162-4").snap("plafond", full=True)
    assert owner.field("Objet de la commande").input_value().startswith("Construction")
    write_lines(owner, LINES)
    owner.press("Enregistrer le brouillon").sees("UO-L2.2.3")
    return owner.page.url.removeprefix(owner.stage.url)


def write_lines(owner: Person, lines: list[tuple[str, str]]) -> None:
    """The rows of the order: work unit, quantity, and days where the specification gives no load."""
    page = owner.page
    for index in range(page.locator("select[name$=-work_unit]").count()):
        code, quantity = lines[index] if index < len(lines) else ("", "")
        select = page.locator("select[name$=-work_unit]").nth(index)
        texts = [text.strip() for text in select.locator("option").all_inner_texts()]
        select.select_option(
            label=next(t for t in texts if code in t) if code else None, value=None if code else ""
        )
        page.locator("input[name$=-quantity]").nth(index).fill(quantity)
        days = page.locator("input[name*=days]").nth(index)
        days.fill("10" if code == "UO-L2.2.3" else "")


def issue(buyer: Person, order: str) -> None:
    """The buyer reads the ceilings before and after, and issues."""
    buyer.visit(order).follow("Relire et émettre").snap("avant-emission", full=True)
    buyer.press("Émettre le bon de commande").sees(re.compile("émis", re.IGNORECASE))
    buyer.visit(order).snap("commande")

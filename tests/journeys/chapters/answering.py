"""A firm answers by lot: refusals first, then prices, impact answers, files; one firm comes too late."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.journeys.ageing import the_deadline_passes
from tests.journeys.people import PATIENCE_MS, Person

PROGRAM = {"name": "offre.exe", "mimeType": "application/octet-stream", "buffer": b"MZ" + b"\0" * 200}


def paper(name: str, words: str) -> dict:
    """A small text file."""
    return {"name": name, "mimeType": "text/plain", "buffer": words.encode()}


def refused(supplier: Person, call: str) -> None:
    """An empty answer, then a program: each refusal stands beside its field, and what was typed stays."""
    supplier.visit(f"{call}/repondre/").pose("repondre")
    supplier.main.get_by_role("button", name="Vérifier ma réponse").click()
    supplier.sees("Cochez au moins un lot").sees("R2143-3").pose("repondre-refus")
    first = supplier.page.locator("main input[type=file][data-files]").first
    first.set_input_files([PROGRAM])
    expect(supplier.page.locator(".tender-uploads .jalon-error")).to_have_count(1, timeout=PATIENCE_MS)
    supplier.snap("repondre-fichier-refuse", full=True)


def answer(supplier: Person, call: str, *, price: int, lots: tuple[int, ...] = (1, 2)) -> None:
    """Prices, impact answers and a file for each of these lots, sealed and deposited."""
    supplier.visit(f"{call}/repondre/")
    fill(supplier, price=price, lots=lots)
    deposit(supplier)
    supplier.sees(re.compile("reçu|accusé", re.IGNORECASE))


def fill(supplier: Person, *, price: int, lots: tuple[int, ...]) -> None:
    """The form of an answer, in the first round or a later one."""
    page = supplier.page
    declared = page.get_by_label(re.compile("^Je déclare sur l.honneur"))
    if declared.count():
        declared.check()
    for number in lots:
        card = page.locator(f"section[aria-labelledby=lot-{number}]")
        for box in card.locator("[name^=answered-]").all():
            box.check()
        for rank, field in enumerate(card.locator("[data-price]").all()):
            field.fill(str(price + 40 * rank))
        for field in card.locator("[data-impact]").all():
            field.fill("Des ateliers chaque mois ; la mesure est publiée.")
        for field in card.locator("[data-evidence]").all():
            field.fill(f"memoire-{number}.txt, page 2")
        card.locator("input[type=file][data-files]").set_input_files(
            [paper(f"memoire-{number}.txt", "Méthode.")]
        )
    await_files(supplier)


def await_files(supplier: Person) -> None:
    """Every chosen file is received and sealed."""
    sent = supplier.page.locator(".tender-uploads li")
    expect(sent.locator("progress")).to_have_count(0, timeout=PATIENCE_MS)
    expect(sent.filter(has_text="reçu et scellé")).to_have_count(sent.count())


def deposit(supplier: Person) -> None:
    """The answer is read again, then deposited."""
    supplier.main.get_by_role("button", name="Vérifier ma réponse").click()
    recap = supplier.page.locator("#recapitulatif")
    expect(recap).to_be_visible(timeout=PATIENCE_MS)
    supplier.press(re.compile("^Sceller et "), recap)


def twice(supplier: Person, call: str) -> None:
    """A firm sends again: the page says that it replaces, and its former bid says that it was replaced."""
    answer(supplier, call, price=700)
    supplier.pose("accuse")
    supplier.visit(f"{call}/repondre/").sees("remplacera le précédent")
    fill(supplier, price=640, lots=(1, 2))
    deposit(supplier)
    supplier.visit("/consultations/mes-reponses/").sees("Remplacé").pose("mes-reponses")
    supplier.visit(f"{call}/").follow(re.compile("^Votre pli du")).press("Relire ce que la plateforme garde")
    supplier.pose("relire")


def late(supplier: Person, call: str, platform: Any) -> None:
    """A firm presses the button after the deadline: kept, marked, closed; nobody may ask nor answer any more."""
    supplier.visit(f"{call}/repondre/")
    fill(supplier, price=600, lots=(1,))
    the_deadline_passes(platform, int(call.rsplit("/", 1)[1]))
    deposit(supplier)
    supplier.sees("hors délai").pose("hors-delai")
    supplier.visit(f"{call}/").does_not_see("Poser une question")
    assert supplier.page.get_by_role("link", name=re.compile("^Répondre")).count() == 0

"""Chapter 4: a startup in construction, an iteration, stories validated one by one, and the signed record."""

import re
from datetime import date, timedelta

from tests.journeys.people import Person, Stage

STORIES = [
    ("usager", "savoir à quelle aide j'ai droit", "ne pas abandonner ma démarche", "6"),
    ("agente d'accueil", "reprendre un dossier commencé", "aider sans ressaisir", "4"),
]


def tell(stage: Stage, order: str) -> str:
    """From the startup to its first acceptance record. Returns the address of the iteration."""
    owner, holder = stage.person("produit"), stage.person("fournisseur")
    startup = open_startup(owner, order)
    iteration = plan(owner, startup)
    for story in STORIES:
        write_story(owner, iteration, story)
    owner.visit(iteration).press("Commencer l'itération")
    demonstrate(holder, iteration)
    settle(owner, iteration)
    sign(owner, iteration)
    return iteration


def day(offset: int) -> str:
    """A day from today, as a date field takes it."""
    return (date.today() + timedelta(days=offset)).isoformat()


def open_startup(owner: Person, order: str) -> str:
    """The product owner opens the startup, records the committee's go and attaches the order."""
    owner.visit("/startups/nouvelle/").fill("Nom", "Trouve ta place")
    owner.page.locator("[name=incubator]").select_option(index=1)
    owner.page.locator("[name=product_owner]").select_option(label="Inès Caron")
    owner.fill("Le problème", "Un tiers des démarches sont abandonnées.").fill("Début", day(-60))
    owner.fill("La nature du produit", "Trois questions, une réponse, la démarche préremplie.")
    owner.fill("conditions de succès", "Un usager sur deux va au bout sans aide.")
    owner.fill("impacts visés", "Le taux d'abandon passe de 33 % à 15 % en un an.")
    owner.fill("Qui l'a décidée", "Le comité d'engagement, sur la fiche produit.").press("Ouvrir la startup")
    startup = owner.page.url.removeprefix(owner.stage.url)
    owner.visit(startup).follow("Enregistrer une décision de phase")
    owner.page.locator("[name=transition]").first.wait_for(state="attached")
    choose_first(owner, "transition", "onstru")
    owner.fill("Date de la décision", day(0)).fill(
        "Ce qui a décidé", "Douze usagers rencontrés, un prototype compris."
    )
    owner.press("Enregistrer la décision").sees("Construction")
    owner.visit(startup).follow("Rattacher un bon de commande")
    owner.page.locator("[name=order]").select_option(label=order_label(owner))
    owner.press("Rattacher").visit(startup).snap("startup", full=True)
    return startup


def choose_first(person: Person, name: str, words: str) -> None:
    """Choose, in a list or among radio buttons, the first answer that holds these words."""
    select = person.page.locator(f"select[name={name}]")
    if select.count():
        texts = [text.strip() for text in select.locator("option").all_inner_texts()]
        select.select_option(label=next(text for text in texts if words in text))
    else:
        person.page.locator("label", has_text=words).first.click()


def order_label(owner: Person) -> str:
    """The order of the previous chapter among those offered."""
    options = owner.page.locator("[name=order] option").all_inner_texts()
    return next(text.strip() for text in options if "Trouve ta place" in text)


def plan(owner: Person, startup: str) -> str:
    """Four weeks are refused beside the field, what was typed stays; three weeks are planned."""
    owner.visit(startup).follow("Planifier une itération")
    owner.fill("Objectif", "Un usager trouve son aide en trois questions.")
    owner.fill("Début", day(0)).fill("Fin", day(27)).press("Planifier l'itération")
    owner.sees(re.compile("trois semaines", re.IGNORECASE)).snap("quatre-semaines", full=True)
    assert owner.field("Objectif").input_value().startswith("Un usager")
    owner.fill("Fin", day(20)).press("Planifier l'itération")
    return owner.page.url.removeprefix(owner.stage.url)


def write_story(owner: Person, iteration: str, story: tuple[str, str, str, str]) -> None:
    """A story with its acceptance criteria, its days and the line that pays it."""
    role, want, so_that, days = story
    owner.visit(iteration).follow("Écrire un récit")
    owner.fill("En tant que", role).fill("je veux", want).fill("afin de", so_that)
    owner.fill("Critères d'acceptation", "Montré à trois usagers, compris sans aide.").fill("Jours", days)
    choose_first(owner, "order_line", "UO-L2.2.2")
    owner.press("Ajouter le récit")


def demonstrate(holder: Person, iteration: str) -> None:
    """The holder presents the stories and writes the minutes of the demonstration."""
    holder.visit(iteration)
    while holder.page.get_by_role("button", name=re.compile("^Présenter")).count():
        holder.press(re.compile("^Présenter")).visit(iteration)
    holder.follow("Enregistrer la démonstration").fill(
        "Compte rendu", "Les deux récits montrés à cinq usagers."
    )
    holder.press("Enregistrer la démonstration")


def settle(owner: Person, iteration: str) -> None:
    """The product owner validates one story and refuses the other with a reason."""
    owner.visit(iteration).snap("iteration").press("Valider le récit 1")
    owner.visit(iteration).follow("Refuser le récit 2").fill("Motif", "La reprise perd les pièces jointes.")
    owner.press("Refuser le récit")


def sign(owner: Person, iteration: str) -> None:
    """The decision is signed: the record is laid out by the worker."""
    owner.visit(iteration).follow("Signer le procès-verbal")
    choose_first(owner, "decision", "dmission")
    owner.tick("Je signe").press("Signer le procès-verbal")
    owner.visit(iteration).sees("Procès-verbal").snap("admission", full=True)

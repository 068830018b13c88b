"""A firm arrives: it registers by SIRET, proves its address, invites, lets in, and one person works for two."""

import re

from tests.journeys import post
from tests.journeys.people import Person, Stage

FIRM = "Coopérative des Sables"
SIRET = "999 777 006 00019"
SECOND = ("Sables Formation", "999 777 014 00013")
PASSWORD = "vent-de-sud-ouest-42"
HEAD, COLLEAGUE, ASKER = "jeanne@sables.example", "omar@sables.example", "lucie@sables.example"


def register(person: Person, firm: tuple[str, str], full_name: str) -> None:
    """The form of a firm; a SIRET with a wrong digit is refused beside the field and what was typed stays."""
    name, siret = firm
    person.visit("/compte/connexion/").follow("Créer un compte fournisseur")
    person.fill("Nom de l’organisation", name).fill("SIRET", siret[:-1] + "0")
    person.fill("Votre nom complet", full_name).fill("Votre adresse électronique", person.email)
    person.fill(re.compile("^Mot de passe$"), person.password).fill("une seconde fois", person.password)
    person.press("Créer le compte").sees("SIRET")
    assert person.field("Nom de l’organisation").input_value() == name
    person.pose("inscription-refusee").fill("SIRET", siret)
    person.fill(re.compile("^Mot de passe$"), person.password).fill("une seconde fois", person.password)
    person.press("Créer le compte").sees("Un message vient de vous être envoyé")


def prove(person: Person, mailbox) -> None:
    """The link of the message, then the first sign-in: only now is the firm registered."""
    found = post.letter(mailbox, person.email, "Confirmez votre adresse")
    person.visit(post.link(found, "/inscription/confirmer/")).pose("adresse-a-confirmer")
    person.press("Confirmer cette adresse").sign_in()


def invite(head: Person) -> None:
    """The administrator offers a role to a colleague."""
    head.visit("/compte/organisations/").pose("organisations").follow(FIRM, head.main)
    head.follow("Inviter une personne").fill("Adresse électronique", COLLEAGUE)
    head.fill("Nom complet", "Omar Diallo").tick("Fournisseur").pose("inviter")
    head.press("Envoyer l’invitation").sees("L’invitation est envoyée").pose("invitation-envoyee")


def join(stage: Stage, mailbox) -> Person:
    """The colleague follows the link, chooses a password, and is a member."""
    colleague = stage.newcomer("omar", COLLEAGUE, PASSWORD)
    found = post.letter(mailbox, COLLEAGUE, "Invitation à rejoindre")
    assert "Jeanne Perrot" in post.words(found)
    address = post.link(found, "/compte/invitation/")
    colleague.visit(address).sees(FIRM).pose("invitation")
    colleague.fill(re.compile("^Mot de passe$"), PASSWORD).fill("une seconde fois", PASSWORD)
    colleague.press("Ouvrir mon compte et accepter").sees("Bienvenue").pose("tableau-de-bord-d-un-nouveau")
    stage.anyone().visit(address).sees("Ce lien n’ouvre plus rien").pose("invitation-close")
    return colleague


def ask(stage: Stage, mailbox) -> Person:
    """Somebody else registers with the same SIRET: nothing is given away before an administrator answers."""
    asker = stage.newcomer("lucie", ASKER, PASSWORD)
    register(asker, (FIRM, SIRET), "Lucie Bernard")
    prove(asker, mailbox)
    asker.sees("ses administrateurs répondront").visit("/compte/profil/").sees("Demandes en attente")
    asker.pose("demande-en-attente")
    return asker


def accept(head: Person, asker: Person, mailbox) -> None:
    """The administrator is told, accepts with a role; it holds at the next page of who asked."""
    found = post.letter(mailbox, HEAD, "demande à rejoindre")
    head.visit(post.link(found, "/compte/organisations/")).pose("demande-recue")
    head.follow(re.compile("Accepter la demande de Lucie")).pose("demande-a-accepter")
    head.press("Accepter avec ces rôles").sees("Lucie Bernard est membre")
    asker.visit("/compte/profil/").sees("Fournisseur").does_not_see("Demandes en attente")


def work_for_two(head: Person) -> None:
    """A second firm, and the choice of the header between both."""
    name, siret = SECOND
    head.visit("/compte/profil/").follow("Inscrire ou rejoindre une entreprise").pose("seconde-entreprise")
    head.fill("SIRET", siret).fill("Nom de l’organisation", name).press("Continuer").sees(
        "vous l’administrez"
    )
    choose(head, "Toutes mes organisations", name)
    head.pose("bascule")
    choose(head, name, FIRM)


def choose(person: Person, present: str, wanted: str) -> None:
    """Take another organisation in the menu of the header; the next page says so."""
    menu = person.page.locator("header details.jalon-menu", has_text=re.compile("Organisation active"))
    assert present in menu.locator("summary").inner_text()
    menu.locator("summary").click()
    person.press(wanted, menu)
    assert wanted in menu.locator("summary").inner_text()


def test_a_firm_arrives(stage: Stage, mailbox) -> None:
    head = stage.newcomer("jeanne", HEAD, PASSWORD)
    register(head, (FIRM, SIRET), "Jeanne Perrot")
    prove(head, mailbox)
    head.sees(f"{FIRM} est inscrite").pose("premiere-connexion")
    invite(head)
    colleague = join(stage, mailbox)
    asker = ask(stage, mailbox)
    accept(head, asker, mailbox)
    work_for_two(head)
    for person in (head, colleague, asker):
        person.leave()
    stage.at_ease()

"""How a person is told: the bell, what waits behind it, how often, and the way out of an e-mail."""

import re

from tests.journeys import post
from tests.journeys.people import Person, Stage

KIND = "Demande de rattachement"
ANSWERER = "fournisseur2"


def ask_to_join(asker: Person, siret: str) -> None:
    """Somebody asks to join the firm: its administrator is to be told."""
    asker.visit("/compte/entreprise/").fill("SIRET", siret).fill("Nom de l’organisation", "Octave & Filles")
    asker.fill("Message aux administrateurs", "Je travaille avec vous depuis septembre.")
    asker.press("Continuer").sees("Votre demande est transmise")


def siret_of(head: Person) -> str:
    """The number of the firm, as its page shows it."""
    head.visit("/compte/organisations/").follow("Octave & Filles", head.main)
    return re.search(r"SIRET (\d{14})", head.main.inner_text()).group(1)


def read(head: Person, asker: str) -> None:
    """The bell counts one more; what it opens leads to the request, and is then read."""
    head.visit("/tableau-de-bord/")
    head.page.locator(".jalon-bell__count").wait_for()
    head.follow(re.compile("^Notifications"), head.page.locator("header")).pose("centre")
    head.follow(re.compile(f"^{asker}"), head.main).sees("Demandes de rattachement")
    head.visit("/notifications/?lues=non").does_not_see(asker)
    if head.page.get_by_role("button", name="Tout marquer comme lu").count():
        head.press("Tout marquer comme lu").visit("/notifications/?lues=non")
    head.sees("Tout est lu").pose("centre-tout-lu")


def pace(head: Person) -> str:
    """How this person is told of requests, as the form shows it."""
    select = head.visit("/notifications/mes-messages/").field(KIND)
    return select.locator("option:checked").inner_text()


def choose_the_digest(head: Person) -> None:
    """Once a day will do; an example shows what the message looks like."""
    head.visit("/notifications/").follow("Choisir ce qui m’est écrit").pose("preferences")
    head.choose(KIND, "résumé du jour").press("Enregistrer mes choix").pose("preferences-enregistrees")
    assert pace(head) == "dans le résumé du jour"
    head.follow(re.compile(f"Voir un exemple : {KIND}")).pose("exemple-de-message")


def leave_by_the_link(stage: Stage, message) -> None:
    """The link at the foot of the e-mail, opened in a browser where nobody is signed in."""
    anyone = stage.anyone()
    anyone.visit(post.link(message, "/notifications/desabonnement/")).sees("Ne plus recevoir").pose(
        "desabonnement"
    )
    anyone.press("Ne plus les recevoir par e-mail").sees("C’est fait").pose("desabonnement-fait")
    anyone.leave()


def test_how_a_person_is_told(stage: Stage, mailbox) -> None:
    head, asker = (stage.newcomer(name).sign_in() for name in (ANSWERER, "auditrice"))
    ask_to_join(asker, siret_of(head))
    message = post.letter(mailbox, head.email, "demande à rejoindre Octave")
    assert "<http" in message["List-Unsubscribe"]
    read(head, "Céline Aubry")
    choose_the_digest(head)
    leave_by_the_link(stage, message)
    assert pace(head) == "dans le centre seulement, sans e-mail"
    for person in (head, asker):
        person.leave()
    stage.at_ease()

"""A firm links its own software: signed messages that come to it, and a token to ask with."""

import re
import shlex

import httpx

from tests.journeys.people import Person, Stage
from tests.journeys.receiver import Receiver, is_signed, listening


def add_address(head: Person, receiver: Receiver) -> str:
    """An address that is none is refused in words; the right one shows its secret once. Returns the secret."""
    head.visit("/compte/organisations/").follow("Grand Large Services", head.main)
    head.follow("Envois vers d’autres systèmes").pose("envois-vides").follow("Ajouter une adresse")
    head.fill(re.compile("^Adresse"), "http://registre.exemple.fr/jalon").tick("Un document est prêt")
    head.press("Ajouter l’adresse").sees("https://").pose("adresse-refusee")
    head.fill(re.compile("^Adresse"), receiver.url).fill("À quoi elle sert", "Notre tableau de bord")
    head.press("Ajouter l’adresse").sees("il ne sera plus jamais montré").pose("secret-montre-une-fois")
    return head.main.locator("#secret").inner_text()


def send_and_replay(head: Person, receiver: Receiver, secret: str) -> None:
    """A first message arrives, signed; it is found in the log and sent once more under the same number."""
    head.follow("Voir l’adresse", head.main).press("Envoyer un essai")
    first = receiver.wait(1)
    assert is_signed(first, secret)
    assert not is_signed(first, "whsec_" + "A" * 43 + "=")
    until_shown(head, "reçu").pose("adresse-et-son-releve")
    head.follow(re.compile("webhook|essai|test", re.IGNORECASE), head.main.locator("tbody")).pose("envoi")
    head.press("Faire repartir cet envoi")
    assert receiver.wait(2)[0]["webhook-id"] == first[0]["webhook-id"]


def until_shown(person: Person, words: str) -> Person:
    """Load the page again until the log says so of a message."""
    for _try in range(60):
        if person.main.locator("tbody", has_text=words).count():
            return person
        person.page.wait_for_timeout(500)
        person.visit(person.page.url)
    raise AssertionError(f"{person.page.url}: never « {words} »")


def rotate(head: Person, receiver: Receiver, former: str) -> None:
    """A new secret: for a day, messages bear both signatures, so that nothing is lost meanwhile."""
    head.visit("/compte/envois/").follow(re.compile("Notre tableau de bord")).follow("Changer le secret")
    head.pose("changer-le-secret").press("Faire un nouveau secret")
    secret = head.main.locator("#secret").inner_text()
    assert secret != former
    head.follow("Voir l’adresse").press("Envoyer un essai")
    message = receiver.wait(3)
    assert is_signed(message, secret)
    assert is_signed(message, former)


def test_a_firm_is_told(stage: Stage) -> None:
    head = stage.newcomer("fournisseur3").sign_in()
    with listening() as receiver:
        secret = add_address(head, receiver)
        send_and_replay(head, receiver, secret)
        rotate(head, receiver, secret)
    head.leave()
    stage.at_ease()


def asked(command: str) -> httpx.Response:
    """What the command shown on the page answers: its header and its address, sent by another client."""
    words = shlex.split(command)
    assert words[:2] == ["curl", "-H"]
    name, value = words[2].split(": ", 1)
    return httpx.get(words[3], headers={name: value}, timeout=30)


def test_a_program_asks_with_a_token(stage: Stage) -> None:
    head = stage.newcomer("fournisseur3").sign_in().visit("/compte/profil/")
    head.follow("Jetons d’accès à l’API").pose("jetons-vides").follow("Créer un jeton")
    head.press("Créer le jeton").pose("jeton-refuse").fill("Usage prévu", "Tableau de bord du service")
    head.press("Créer le jeton").sees("il ne sera plus jamais montré").pose("jeton-montre-une-fois")
    command = head.main.locator("#essai").inner_text()
    answer = asked(command)
    assert answer.status_code == 200
    assert answer.json()["email"] == "fournisseur3@jalon.example"
    head.follow("Voir les jetons").does_not_see("jamais").pose("jetons")
    head.press(re.compile("^Révoquer Tableau de bord du service")).pose("jeton-revoque")
    refused = asked(command)
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    head.leave()
    stage.at_ease()

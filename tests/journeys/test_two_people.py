"""What is not done alone: a role confirmed by a second administrator, and a role lent for a while."""

import re
from datetime import date, timedelta

from tests.journeys.people import Person, Stage

HOUSE = "Direction interministérielle du numérique"


def ask(asker: Person) -> None:
    """The administrator gives the signatory role to Hélène Roche: it waits, and she cannot confirm it herself."""
    asker.visit("/compte/organisations/").follow(HOUSE, asker.main).pose("organisation")
    asker.follow(re.compile("Donner un rôle à Hélène Roche")).choose("Rôle", "Signataire").pose(
        "donner-un-role"
    )
    asker.press("Donner ce rôle").sees("une seconde personne doit la confirmer").sees("Marc Tessier")
    assert not asker.page.get_by_role("button", name="Confirmer").count()
    asker.pose("demande-a-deux")


def confirm(confirmer: Person) -> None:
    """The second administrator finds it on his dashboard, reads exactly what is asked, and confirms."""
    confirmer.visit("/tableau-de-bord/").pose("tableau-de-bord-de-qui-confirme")
    confirmer.visit("/a-confirmer/").sees("Ce qui attend votre confirmation").pose("a-confirmer")
    card = confirmer.main.locator(".jalon-card", has_text="Hélène Roche")
    confirmer.follow(re.compile("^Donner un rôle"), card)
    confirmer.sees("Hélène Roche").sees("Signataire").pose("demande-a-confirmer")
    confirmer.press("Confirmer").sees("C’est confirmé et fait").pose("demande-confirmee")


def lend(principal: Person) -> None:
    """The buyer goes away for a week and lends her role; a week already over is refused beside the field."""
    principal.visit("/compte/profil/").follow("Mes délégations").pose("delegations-aucune")
    principal.follow("Déléguer un rôle").tick("Acheteur")
    principal.choose("À qui", "Thomas Gilles").fill("Motif", "Congés de la Toussaint")
    principal.fill(re.compile("^Au"), (date.today() - timedelta(days=3)).isoformat()).press("Déléguer")
    principal.pose("delegation-refusee")
    assert principal.field("Motif").input_value() == "Congés de la Toussaint"
    principal.fill(re.compile("^Au"), (date.today() + timedelta(days=7)).isoformat()).press("Déléguer")
    principal.sees("Thomas Gilles peut agir pour vous").sees("inclus").pose("delegation-donnee")


def use(delegate: Person) -> str:
    """The delegate reads it on every page, opens a purchase project, and its history bears both names."""
    delegate.visit("/tableau-de-bord/").sees("Vous agissez aussi pour Nadia Ferrand").pose("bandeau")
    delegate.visit("/projets-d-achat/nouveau/").fill("Intitulé", "Un registre des ponts")
    delegate.fill("Politique publique", "Entretien des ouvrages").press("Ouvrir le projet")
    project = re.search(r"/projets-d-achat/\d+/", delegate.page.url).group()
    delegate.visit(project)
    history = delegate.main.locator(".jalon-history")
    assert "Thomas Gilles, pour Nadia Ferrand" in " ".join(history.inner_text().split())
    delegate.pose("acte-pour-une-autre")
    return project


def revoke(principal: Person, delegate: Person) -> None:
    """She comes back early: the next page of the delegate knows nothing more of the role."""
    principal.visit("/compte/delegations/").press(re.compile("^Révoquer")).sees(
        "elle n’ouvre plus aucun droit"
    )
    principal.pose("delegation-revoquee")
    delegate.visit("/tableau-de-bord/").does_not_see("Vous agissez aussi pour")
    answer = delegate.page.goto(delegate.stage.url + "/projets-d-achat/nouveau/")
    assert answer.status == 404
    delegate.pose("page-introuvable")


def test_a_role_given_by_two(stage: Stage) -> None:
    asker, confirmer, given = (
        stage.newcomer(name).sign_in() for name in ("administration", "administration2", "elue")
    )
    lend_page = "/compte/delegations/donner/"
    given.visit(lend_page).sees("Aucun de vos rôles ne se délègue").pose("rien-a-deleguer")
    ask(asker)
    given.visit(lend_page).sees("Aucun de vos rôles ne se délègue")
    confirm(confirmer)
    given.visit(lend_page).sees("Signataire")
    for person in (asker, confirmer, given):
        person.leave()
    stage.at_ease()


def test_a_role_lent_and_taken_back(stage: Stage) -> None:
    principal, delegate = (stage.newcomer(name).sign_in() for name in ("acheteuse", "evaluateur"))
    lend(principal)
    project = use(delegate)
    revoke(principal, delegate)
    principal.visit(project).sees("Un registre des ponts")
    for person in (principal, delegate):
        person.leave()
    stage.at_ease()

"""A signatory protects his account: codes of a telephone, recovery codes, sessions, a fresh sign-in."""

from tests.journeys.ageing import half_an_hour_passes
from tests.journeys.codes import Telephone
from tests.journeys.people import Person, Stage


def enrol(signatory: Person) -> tuple[Telephone, list[str]]:
    """From the profile: a wrong code is refused, the right one turns the second factor on and shows the codes."""
    signatory.visit("/compte/profil/").pose("profil").follow("Second facteur", signatory.main)
    signatory.pose("second-facteur-absent").follow("Activer le second facteur")
    telephone = Telephone(signatory.main.locator("dd code").first.inner_text())
    signatory.fill("Code", "000000").press("Activer").sees("Ce code ne convient pas").pose("code-refuse")
    assert signatory.main.locator("dd code").count() == 1
    signatory.fill("Code", telephone.code()).press("Activer").sees("Chaque code sert une fois")
    signatory.pose("codes-de-secours")
    codes = signatory.main.locator("li code").all_inner_texts()
    listed = signatory.fetched(signatory.page.get_by_role("link", name="Télécharger les codes")).decode()
    assert len(codes) == 10
    assert all(code in listed for code in codes)
    signatory.follow("Continuer", signatory.main).sees("Il vous reste 10 codes").pose("second-facteur-actif")
    return telephone, codes


def sign_in_again(signatory: Person, telephone: Telephone) -> None:
    """Out, and in again: the password no longer suffices; a code serves once."""
    signatory.page.locator("header details.jalon-menu summary", has_text="Bruno Salvat").click()
    signatory.press("Se déconnecter").sign_in().sees("Code de connexion").pose("code-demande")
    signatory.visit("/compte/profil/").sees("Se connecter")
    signatory.visit("/compte/connexion/").fill("Code", "123456").press("Se connecter", signatory.main)
    signatory.sees("Ce code ne convient pas")
    code = telephone.code()
    signatory.fill("Code", code).press("Se connecter", signatory.main).sees("Bruno Salvat")


def sign_in_elsewhere(stage: Stage, code: str) -> Person:
    """Another browser, without the telephone: a recovery code opens it, and does not serve twice."""
    elsewhere = stage.newcomer("signataire").sign_in()
    elsewhere.fill("Code", code).press("Se connecter", elsewhere.main).sees("Bruno Salvat")
    again = stage.newcomer("signataire").sign_in()
    again.fill("Code", code).press("Se connecter", again.main).sees("a déjà servi")
    again.leave()
    return elsewhere.visit("/compte/second-facteur/").sees("Il vous reste 9 codes")


def close_the_other(signatory: Person, elsewhere: Person) -> None:
    """The list of sessions: the other browser is shown the door at its next page."""
    signatory.visit("/compte/profil/").follow("Mes sessions").pose("sessions")
    signatory.press("Fermer la session").sees("La session est fermée")
    elsewhere.visit("/compte/profil/").sees("Mot de passe oublié")


def asked_again(signatory: Person, telephone: Telephone, platform, database) -> None:
    """Half an hour later a sensitive act asks who is there, then opens the form that was wanted."""
    half_an_hour_passes(platform, database, signatory)
    signatory.visit("/compte/delegations/").follow("Déléguer un rôle").sees("Confirmez que c’est vous")
    signatory.pose("preuve-demandee")
    alternatives = signatory.main.get_by_role("link", name="code de l’application")
    if alternatives.count():
        signatory.follow("code de l’application", signatory.main)
    signatory.fill("Code", telephone.code()).press("Continuer").sees("Déléguer un rôle")
    assert signatory.page.url.endswith("/compte/delegations/donner/")


def test_a_signatory_protects_his_account(stage: Stage, platform, database) -> None:
    signatory = stage.newcomer("signataire").sign_in()
    telephone, codes = enrol(signatory)
    sign_in_again(signatory, telephone)
    elsewhere = sign_in_elsewhere(stage, codes[3])
    close_the_other(signatory, elsewhere)
    asked_again(signatory, telephone, platform, database)
    for person in (signatory, elsewhere):
        person.leave()
    stage.at_ease()

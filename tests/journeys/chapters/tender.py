"""Chapter 2: a consultation of two lots, sealed answers, an opening by two custodians, marks and an award."""

import re
from datetime import datetime, timedelta

from tenders.demo.custodians import PASSPHRASE
from tests.journeys.ageing import the_deadline_passes
from tests.journeys.chapters import answering
from tests.journeys.people import Person, Stage

CUSTODIANS = ("depositaire1", "depositaire2", "depositaire3")
CRITERIA = [
    ("Prix", "Prix", "40", False),
    ("Équipe et méthode", "", "45", False),
    ("Sobriété", "", "15", True),
]


def tell(stage: Stage, project_url: str, platform) -> str:
    """From the draft to the decision. Returns the address of the consultation's public page."""
    for name in CUSTODIANS:
        stage.person(name).visit("/consultations/ma-cle/").sees("clé")
    number = draft(stage.person("acheteuse"), project_url)
    second_look(stage, number)
    public = f"/consultations/{number}/"
    answers = {"fournisseur": ("0", "Atelier"), "fournisseur2": ("40", "Octave")}
    for name, (more, firm) in answers.items():
        answer(stage.person(name), public, more=int(more), firm=firm)
    nobody_opens_early(stage, number)
    the_deadline_passes(platform, number)
    late_answer(stage.person("fournisseur3"), public)
    open_together(stage, number)
    admit_candidates(stage.person("acheteuse"), number)
    mark_all(stage, number)
    award(stage, number)
    return public


def paris_in(days: int) -> str:
    """An instant in so many days, as a datetime field takes it."""
    return (datetime.now() + timedelta(days=days)).strftime("%Y-%m-%dT12:00")


def draft(buyer: Person, project_url: str) -> int:
    """The buyer writes the file with the catalogue of the specification, and meets each refusal once."""
    buyer.visit(project_url).follow("Préparer une consultation")
    buyer.fill("Intitulé", "Accompagner le déploiement de startups d'État")
    buyer.fill(
        "Objet de la consultation", "Appui aux incubateurs et construction de services numériques agiles."
    )
    buyer.choose("Procédure", "Appel d'offres ouvert")
    buyer.choose("Technique d'achat", "Accord-cadre à bons de commande")
    buyer.fill("Date et heure limites", paris_in(12))
    buyer.fill("Valeur estimée", "8000000").fill("Montant maximum", "9000000").fill("Durée", "48")
    buyer.fill("Code CPV", "72262000").fill("Départements", "75").press("Créer le brouillon")
    buyer.sees(re.compile(r"R2161-\d")).snap("delai-trop-court", full=True)
    buyer.fill("Date et heure limites", paris_in(45)).press(re.compile("^(Créer|Enregistrer)"))
    number = int(re.search(r"/consultations/(\d+)/", buyer.page.url).group(1))
    buyer.visit(f"/consultations/{number}/redaction/prix/").press("Reprendre ce catalogue")
    write_criteria(buyer, number)
    add_document(buyer, number)
    buyer.visit(f"/consultations/{number}/redaction/depositaires/")
    for box in buyer.page.locator("main input[type=checkbox]").all()[:3]:
        box.check()
    buyer.press("Enregistrer les dépositaires")
    buyer.visit(f"/consultations/{number}/publier/").snap("verifications", full=True)
    return number


def second_look(stage: Stage, number: int) -> None:
    """The signatory sends the draft back with a remark, then approves the version that is published."""
    buyer, reviewer, page = (
        stage.person("acheteuse"),
        stage.person("signataire"),
        f"/consultations/{number}/relecture/",
    )
    buyer.visit(page).fill("Un mot au relecteur", "Bon à publier ?").press("Demander la relecture")
    reviewer.visit(page).fill("Remarque", "Citez le nombre de communes.").press("Ajouter la remarque")
    reviewer.press("Renvoyer").sees("demande une reprise").snap("relecture-renvoyee", full=True)
    buyer.visit(page).press("Marquer comme traitée").press("Demander la relecture")
    reviewer.visit(page).press(re.compile("^Approuver la version")).sees("approuvée").snap(
        "relecture", full=True
    )
    buyer.visit(f"/consultations/{number}/publier/")
    buyer.tick("J'ai relu").press(re.compile("^Publier")).sees("Publi")
    buyer.visit(f"/consultations/{number}/").snap("consultation")


def write_criteria(buyer: Person, number: int) -> None:
    """Weights that do not make 100 are refused and stay on the page; then both lots get the right ones."""
    buyer.visit(f"/consultations/{number}/redaction/criteres/")
    links = [
        a.get_attribute("href")
        for a in buyer.page.get_by_role("link", name=re.compile("critères du lot")).all()
    ]
    for first, link in enumerate(links):
        buyer.visit(link)
        fill_criteria(buyer, weights=("40", "45", "10") if first == 0 else ("40", "45", "15"))
        buyer.press("Enregistrer les critères")
        if first == 0:
            buyer.sees("100").snap("poids")
            assert buyer.page.locator("input[name$=-weight]").nth(2).input_value() == "10"
            fill_criteria(buyer, weights=("40", "45", "15"))
            buyer.press("Enregistrer les critères")


def fill_criteria(buyer: Person, weights: tuple[str, ...]) -> None:
    """The rows of the table of criteria."""
    for row, ((label, kind, _weight, environment), weight) in enumerate(zip(CRITERIA, weights, strict=True)):
        field = buyer.page.locator(f"[name=lignes-{row}-label]")
        field.fill(label)
        buyer.page.locator(f"[name=lignes-{row}-weight]").fill(weight)
        if kind:
            buyer.page.locator(f"select[name=lignes-{row}-kind]").select_option(label=kind)
        if environment:
            buyer.page.locator(f"[name=lignes-{row}-is_environmental]").check()


def add_document(buyer: Person, number: int) -> None:
    """A program is refused as a document; a text is taken."""
    buyer.visit(f"/consultations/{number}/redaction/pieces/").fill(
        "Intitulé", "Cahier des clauses techniques"
    )
    program = {"name": "cahier.exe", "mimeType": "application/octet-stream", "buffer": b"MZ" + b"\0" * 200}
    buyer.page.locator("main input[type=file]").set_input_files([program])
    buyer.press("Ajouter la pièce").sees(re.compile("type|format", re.IGNORECASE))
    text = {"name": "cctp.txt", "mimeType": "text/plain", "buffer": b"Cahier des clauses"}
    buyer.fill("Intitulé", "Cahier des clauses techniques")
    buyer.page.locator("main input[type=file]").set_input_files([text])
    buyer.press("Ajouter la pièce").sees("Cahier des clauses techniques")


def answer(supplier: Person, public: str, *, more: int, firm: str) -> None:
    """A firm finds the call, answers both lots and gets its receipt at once."""
    supplier.visit("/consultations/?q=startups").visit(public).follow(re.compile("^Répondre"))
    fill_answer(supplier, more=more, firm=firm)
    answering.deposit(supplier)
    supplier.sees(re.compile("reçu|accusé", re.IGNORECASE))
    supplier.snap("accuse-de-depot", full=True)


def fill_answer(supplier: Person, *, more: int, firm: str) -> None:
    """Prices on every line and a file for each lot."""
    page = supplier.page
    page.get_by_label(re.compile("^Je déclare sur l.honneur")).check()
    for box in page.locator("[name^=answered-]").all():
        box.check()
    for index, field in enumerate(page.locator("[data-price]").all()):
        field.fill(str(4000 + 100 * index + more))
    for index, field in enumerate(page.locator("main input[type=file][data-files]").all()):
        body = f"Mémoire technique de {firm}, lot {index + 1}".encode()
        field.set_input_files(
            [{"name": f"memoire-{index + 1}.txt", "mimeType": "text/plain", "buffer": body}]
        )
    answering.await_files(supplier)


def nobody_opens_early(stage: Stage, number: int) -> None:
    """Before the deadline the opening page says to wait, and shows nothing of the bids."""
    custodian = stage.person("depositaire1")
    custodian.visit(f"/consultations/{number}/ouverture/").sees("scellés").does_not_see("memoire-1.txt")


def late_answer(supplier: Person, public: str) -> None:
    """The page of the call no longer offers to answer."""
    supplier.visit(public)
    assert supplier.page.get_by_role("link", name=re.compile("^Répondre")).count() == 0


def open_together(stage: Stage, number: int) -> None:
    """One custodian is not enough; the second opens."""
    for name in CUSTODIANS[:2]:
        custodian = stage.person(name).visit(f"/consultations/{number}/ouverture/")
        custodian.page.locator("main input[type=radio], main select").first.wait_for(state="attached")
        declare_no_interest(custodian)
        custodian.page.locator("main input[type=password]").fill(PASSPHRASE)
        custodian.press("Donner ma part")
    stage.person("depositaire2").visit(f"/consultations/{number}/ouverture/").sees(
        "Les plis sont ouverts"
    ).snap("ouverture")


def declare_no_interest(person: Person) -> None:
    """The declaration that opens the door of the opening and of the analysis."""
    person.tick(re.compile("aucun", re.IGNORECASE)).press("Enregistrer ma déclaration")


def admit_candidates(buyer: Person, number: int) -> None:
    """Each candidature is read and admitted, then the list is closed: nothing is awarded before."""
    page = f"/consultations/{number}/candidatures/"
    rows = buyer.visit(page).page.locator("main tbody th a").all()
    for address in [row.get_attribute("href") for row in rows]:
        buyer.visit(address).press(re.compile("^Admettre"))
    buyer.visit(page).press(re.compile("^Arrêter la liste")).sees("La liste est arrêtée")


def mark_all(stage: Stage, number: int) -> None:
    """The evaluator marks each offer of each lot, then hands the marks in."""
    evaluator = stage.person("evaluatrice").visit(f"/consultations/{number}/analyse/")
    evaluator.snap("analyse")
    lots = evaluator.page.locator("main a[href*='/analyse/']").all()
    for address in sorted({link.get_attribute("href") for link in lots}):
        evaluator.visit(address)
        marks = [link.get_attribute("href") for link in evaluator.page.locator("a[href$='/noter/']").all()]
        for rank, mark in enumerate(dict.fromkeys(marks)):
            evaluator.visit(mark)
            if evaluator.page.get_by_role("button", name="Enregistrer ma déclaration").count():
                declare_no_interest(evaluator)
            for field in evaluator.page.locator("[name^=points-]").all():
                field.fill("4" if rank == 0 else "3,5")
            for field in evaluator.page.locator("[name^=comment-]").all():
                field.fill("Équipe pluridisciplinaire, méthode éprouvée, engagements mesurables.")
            evaluator.press("Garder mes notes")
        evaluator.visit(address)
        evaluator.page.locator("summary", has_text="Rendre mes notes").first.click()
        evaluator.press(re.compile("Confirmer : rendre"))


def award(stage: Stage, number: int) -> None:
    """The buyer proposes the first of each lot, the signatory decides."""
    buyer = stage.person("acheteuse").visit(f"/consultations/{number}/analyse/")
    lots = buyer.page.locator("main a[href*='/analyse/']").all()
    for address in sorted({link.get_attribute("href") for link in lots}):
        buyer.visit(address).snap("classement", full=True)
        buyer.follow("Proposer l'attribution")
        buyer.page.locator("[name=holders]").first.check()
        buyer.fill("Motif", "Première du classement.").press("Proposer")
    signatory = stage.person("signataire").visit(f"/consultations/{number}/attribution/")
    signatory.tick("J'ai lu l'analyse").press("Décider l'attribution").sees(
        re.compile("attribu", re.IGNORECASE)
    )
    stage.anyone().visit(f"/consultations/{number}/").sees("Atelier Numérique Coopératif").snap(
        "resultats", full=True
    )

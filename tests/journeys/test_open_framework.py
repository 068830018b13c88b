"""An open framework of two lots in a browser: three bidders, one late, one who sends again; up to the signature."""

import re

from tests.journeys import backstage
from tests.journeys.chapters import answering, conclusion, judging, opening, questions
from tests.journeys.people import Stage
from tests.journeys.post import letter


def publish(stage: Stage, number: int) -> None:
    """Papers are composed, another person approves, the buyer publishes."""
    buyer, reviewer, call = stage.person("acheteuse"), stage.person("signataire"), f"/consultations/{number}"
    buyer.visit(f"{call}/redaction/ecrits/").press(re.compile("^Composer")).pose("ecrits")
    buyer.visit(f"{call}/redaction/ecrits/ccap/").pose("ecrit")
    buyer.visit(f"{call}/redaction/prix/").pose("bordereaux")
    buyer.visit(f"{call}/publier/").sees("Tribunal compétent").pose("verifications")
    buyer.visit(f"{call}/redaction/ecrits/valeurs/").pose("valeurs")
    buyer.fill("Tribunal compétent", "Tribunal administratif de Paris")
    buyer.fill("indicateurs d'impact", "Part des démarches finies sans aide.").press(
        "Enregistrer les valeurs"
    )
    buyer.visit(f"{call}/relecture/").press("Demander la relecture")
    reviewer.visit(f"{call}/relecture/").pose("relecture-a-faire").press(re.compile("^Approuver la version"))
    buyer.visit(f"{call}/publier/").tick("J'ai relu").press(re.compile("^Publier")).sees("Publi")


def only_the_last_in_time_opens(stage: Stage, number: int) -> None:
    """Two offers are opened; the one that was replaced and the one that came too late stay closed."""
    buyer = stage.person("acheteuse").visit(f"/consultations/{number}/analyse/")
    closed = buyer.page.locator("section[aria-labelledby=fermes]").inner_text()
    assert "Grand Large Services" in closed
    assert "Octave" in closed
    assert "Atelier" not in closed
    lot = judging.lots_of(buyer, number)[0]
    offers = buyer.visit(lot).page.locator("section[aria-labelledby=offres] h3").all_inner_texts()
    assert len(offers) == 2


def test_an_open_framework_of_two_lots(stage: Stage, platform, database, mailbox) -> None:
    number = backstage.tell(platform, "open_framework")
    call = f"/consultations/{number}"
    opening.rehearse(stage.person("depositaire1"))
    publish(stage, number)
    questions.tell(stage, number)
    answering.refused(stage.person("fournisseur"), call)
    answering.answer(stage.person("fournisseur"), call, price=900)
    answering.twice(stage.person("fournisseur2"), call)
    answering.late(stage.person("fournisseur3"), call, platform)
    opening.together(stage, number, shown=True)
    only_the_last_in_time_opens(stage, number)
    opening.examine(stage.person("acheteuse"), number)
    judging.mark(stage.person("evaluatrice"), number, ("4", "3"), shown=True)
    judging.mark(stage.person("evaluateur"), number, ("4", "4"))
    judging.settle(stage.person("evaluatrice"), number)
    judging.compare(stage.person("acheteuse"), number)
    judging.question_low(stage, number, "fournisseur2")
    conclusion.decide(stage, number)
    conclusion.told(stage, number, "fournisseur2", "fournisseur")
    contract = conclusion.ask_papers(stage, number, "fournisseur2")
    conclusion.sign(stage, number, contract, database)
    conclusion.take_away(stage, number)
    assert letter(mailbox, "fournisseur2@jalon.example", "Votre marché est notifié")
    stage.at_ease()

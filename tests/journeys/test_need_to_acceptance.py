"""One purchase, from a need to an accepted delivery, as its people live it in Chromium."""

import json

from tests.journeys import backstage
from tests.journeys.ageing import the_standstill_passes
from tests.journeys.chapters import agreement, delivery, need, tender
from tests.journeys.paper import printed
from tests.journeys.people import Person, Stage


def read(person: Person, path: str) -> dict:
    """What the API answers to this person."""
    answer = person.context.request.get(person.stage.url + path)
    assert answer.status == 200, f"{path}: {answer.status}"
    return json.loads(answer.body())


def check_documents(stage: Stage, order: str, iteration: str) -> None:
    """The order and the acceptance record say what happened."""
    order_text = printed(stage.person("acheteuse"), order)
    assert "UO-L2.2.2" in order_text
    assert "Trouve ta place" in order_text
    record = printed(stage.person("produit"), iteration)
    assert "Inès Caron" in record
    assert "Construction" in record
    assert "Admission" in record
    assert "reprendre un dossier commencé" in record


def check_progress(stage: Stage, order: str) -> None:
    """Six days were validated: done and remaining moved on the order."""
    page = stage.person("administration").visit(order).snap("avancement", full=True).page
    assert "6" in page.locator("main").inner_text()
    row = read(stage.person("produit"), f"/api/v1/orders/{order.rstrip('/').rsplit('/', 1)[1]}/")
    assert row["state"] == "acknowledged"


def check_the_public_and_the_api(stage: Stage, call: str) -> None:
    """Anyone sees the call, the agreement, the startup; the API tells the same story."""
    anyone = stage.anyone()
    anyone.visit(call).sees("Accompagner le déploiement de startups")
    anyone.visit("/accords-cadres/").sees("Accompagner le déploiement de startups")
    anyone.visit("/startups/trouve-ta-place/").sees("Trouve ta place").snap("startup-publique", full=True)
    anyone.visit("/").snap("accueil")
    stage.anyone(phone=True).visit(call).snap("telephone", full=True)
    titles = [row["title"] for row in read(anyone, "/api/v1/tenders/?search=déploiement")["results"]]
    assert "Accompagner le déploiement de startups d'État" in titles
    names = [row["name"] for row in read(anyone, "/api/v1/startups/?search=Trouve")["results"]]
    assert "Trouve ta place" in names


def serve_the_contracts(platform, database, call: str) -> None:
    """The wait passes, the contracts are signed and served: their own journey shows how."""
    number = int(call.strip("/").rsplit("/", 1)[1])
    the_standstill_passes(database, number)
    backstage.tell(platform, "served", number)


def test_need_to_acceptance(stage: Stage, platform, database, mailbox) -> None:
    project = need.tell(stage)
    call = tender.tell(stage, project, platform)
    serve_the_contracts(platform, database, call)
    order = agreement.tell(stage)
    iteration = delivery.tell(stage, order)
    check_documents(stage, order, iteration)
    check_progress(stage, order)
    check_the_public_and_the_api(stage, call)
    assert any("bon de commande" in message.lower() for message in mailbox.messages)
    assert stage.complaints == []
    assert stage.violations == []

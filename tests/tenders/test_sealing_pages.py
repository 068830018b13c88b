"""The page of an answer in Chromium: nothing secret leaves in clear, nothing is lost, and what is sent opens."""

import base64
import hashlib
import json
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from tenders.views import device
from tests.journeys.browser import chromium, new_context
from tests.tenders.browser_sealing import BUNDLES, HOME, POLICY
from tests.tenders.sealing_stub import PEOPLE, UPLOADS, Doors

LOTS = {1: "51", 2: "52"}
MEMOIR = b"%PDF-1.7\n" + b"methode secrete " * 400_000  # more than six segments
SECRETS = ("1250", "Ateliers secrets", "methode secrete", "memoire.pdf")


def price(lot: int, code: str) -> str:
    return (
        f'<label for="p{lot}{code}">{code}</label><input id="p{lot}{code}" name="prix-{lot}-{code}" data-price="{code}"'
        f' data-label="Une journée" data-quantity="10.00" data-places="2" data-digits="12">'
    )


def lot(number: int) -> str:
    return (
        f'<section data-lot="{number}" data-lot-id="{LOTS[number]}" data-lot-name="Lot {number}">'
        f'<input type="checkbox" id="a{number}" name="answered-{number}" value="on" data-answered="{number}">'
        f'<label for="a{number}">Je réponds au lot {number}</label>{price(number, "DEV")}{price(number, "10")}'
        f'<label for="i{number}">Question</label>'
        f'<textarea id="i{number}" name="impact-{number}" data-impact="{number}"></textarea>'
        f'<label for="f{number}">Fichiers</label>'
        f'<input type="file" id="f{number}" name="lot-{number}-files" data-files="{number}" multiple></section>'
    )


def page_html(doors: Doors, words: dict, *, replaces: str = "", replaces_files: str = "") -> str:
    session = doors.session["id"] if doors.session else ""
    return f"""<!doctype html><html lang="fr"><title>.</title><main>
<p data-with-script hidden>appareil</p><p data-without-script>serveur</p>
<p data-draft hidden></p><div data-notices></div>
<form id="reponse" method="post" action="/repondre/?depot=avant" data-answering data-sealing data-uploads="{UPLOADS}"
 data-tender="1" data-bidder="3" data-round="2" data-person="7" data-session="{session}" data-replaces="{replaces}"
 data-replaces-files="{replaces_files}" data-late="" data-typed="">
<input type="hidden" name="csrfmiddlewaretoken" value="x">
<label for="declared">Je déclare</label><input type="checkbox" id="declared" name="declared" value="on">
{lot(1)}{lot(2)}<button type="submit" data-verify>Vérifier</button></form></main>
<script type="application/json" id="mots">{json.dumps(words)}</script><script src="/sealing.js"></script></html>"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


class Visit:
    """A device on the page of an answer."""

    def __init__(self, browser, words) -> None:
        self.doors, self.words, self.options = Doors(), words, {}
        self.context = new_context(browser)
        self.page, self.complaints, self.bodies = self.context.new_page(), [], []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.bodies.append(request.post_data_buffer or b""))
        self.page.route(f"{HOME}**", self._serve)
        self.page.route(f"{UPLOADS}**", self.doors.serve)

    def _note(self, message) -> None:
        if (
            message.type == "error"
            and "ERR_CONNECTION_RESET" not in message.text
            and " 404 " not in message.text
        ):
            self.complaints.append(message.text)

    def _serve(self, route) -> None:
        request = route.request
        if request.url.endswith(".js"):
            route.fulfill(
                body=(BUNDLES / request.url.rsplit("/", 1)[1]).read_text(), content_type="text/javascript"
            )
            return
        if request.method == "POST":
            self.doors.posted.append((request.url, request.post_data))
        html = (
            "<title>ok</title>déposé"
            if request.method == "POST"
            else page_html(self.doors, self.words, **self.options)
        )
        route.fulfill(
            body=html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY}
        )

    def open(self, **options) -> "Visit":
        self.options = options
        self.page.goto(f"{HOME}repondre/")
        expect(self.page.locator("[data-with-script]")).to_be_visible()
        return self

    def fill(self, number: int = 1, *amounts: str) -> None:
        self.page.check("#declared")
        self.page.check(f"#a{number}")
        for code, amount in zip(("DEV", "10"), amounts or ("1 250,5", "0,10"), strict=True):
            self.page.fill(f"#p{number}{code}", amount)
        self.page.fill(f"#i{number}", "Ateliers secrets")

    def join(self, number: int = 1, name: str = "memoire.pdf", content: bytes = MEMOIR) -> None:
        file = {"name": name, "mimeType": "application/pdf", "buffer": content}
        self.page.set_input_files(f"#f{number}", [file])

    def wait_sent(self, count: int = 1) -> None:
        done = self.page.locator(".tender-uploads li", has_text="reçu et scellé")
        expect(done).to_have_count(count, timeout=60_000)

    def verify(self) -> None:
        self.page.click("[data-verify]")

    def recap(self):
        found = self.page.locator("#recapitulatif")
        expect(found).to_be_visible(timeout=20_000)
        return found

    def deposit(self) -> dict:
        self.page.get_by_role("button", name="Sceller et").click()
        self.page.wait_for_url("**/repondre/?depot=*", timeout=20_000)
        expect(self.page.locator("body")).to_contain_text("déposé")
        return json.loads(parse_qs(self.doors.posted[-1][1])["pli"][0])


@pytest.fixture
def visit(browser):
    found = Visit(browser, device.answer_words(None))
    yield found
    assert found.complaints == []
    found.context.close()


def test_everything_secret_is_sealed_on_the_device_and_opens_for_two_custodians(visit):
    visit.open().fill()
    visit.join()
    visit.wait_sent()
    visit.verify()
    told = visit.recap().inner_text()
    assert "12\u202f506,00" in told, told
    assert "Lot 2" in told and "memoire.pdf" in told and hashlib.sha256(MEMOIR).hexdigest() in told
    pli = visit.deposit()
    opened = visit.doors.opened(pli, LOTS)
    assert opened["prices 1"] == {"prices": {"DEV": "1250.50", "10": "0.10"}}
    assert opened["answers 1"] == {"answers": [{"question": 1, "words": "Ateliers secrets", "evidence": ""}]}
    [file] = visit.doors.session["files"]
    plain = visit.doors.unsealed(visit.doors.received[file["id"]], "file", file["id"], "51")
    assert plain == MEMOIR
    facts = json.loads(
        visit.doors.unsealed(base64.b64decode(file["sealed_facts"]), "facts", file["id"], "51")
    )
    assert facts == {
        "name": "memoire.pdf",
        "content_type": "application/pdf",
        "size": len(MEMOIR),
        "sha256": hashlib.sha256(MEMOIR).hexdigest(),
    }
    assert (
        pli["files"] == [file["id"]] and pli["replaces"] is None and pli["depot"] == visit.doors.session["id"]
    )
    contents = opened["contents"]
    assert [part["kind"] for part in contents["parts"]] == ["file", "prices", "answers"]
    assert contents["parts"][0]["sha256"] == facts["sha256"] and contents["bid"] == pli["depot"]


def test_nothing_secret_leaves_in_clear_not_even_the_name_of_a_field(visit):
    visit.open().fill()
    visit.join()
    visit.wait_sent()
    visit.verify()
    visit.recap()
    visit.deposit()
    assert sum(map(len, visit.bodies)) > len(MEMOIR), "the device did send"
    for secret in SECRETS:
        assert [body for body in visit.bodies if secret.encode() in body] == [], secret
    assert f"depot={visit.doors.session['id']}" in visit.doors.posted[-1][0]
    assert "prix-" not in visit.doors.posted[-1][1] and "impact-" not in visit.doors.posted[-1][1]


def test_all_faults_are_told_at_once_beside_their_fields(visit):
    visit.open()
    visit.page.check("#a1")
    visit.page.fill("#p1DEV", "7e2")
    visit.page.fill("#p2DEV", "5")
    visit.verify()
    summary = visit.page.locator(".jalon-summary")
    expect(summary).to_be_focused()
    assert summary.locator("li").count() == 4, summary.inner_text()
    assert visit.page.locator("#p1DEV").get_attribute("aria-invalid") == "true"
    assert visit.doors.session is None, "nothing was begun"


def test_a_cut_sending_goes_on_where_it_stopped(visit):
    cuts = []

    def broken(method, _path):
        # The second piece is cut twice.
        is_cut = method == "PUT" and bool(visit.doors.session["files"][0]["received"]) and len(cuts) < 2
        return is_cut and not cuts.append(method)

    visit.doors.broken = broken
    visit.open()
    visit.join()
    visit.wait_sent()
    assert len(cuts) == 2
    [file] = visit.doors.session["files"]
    assert visit.doors.unsealed(visit.doors.received[file["id"]], "file", file["id"], "51") == MEMOIR


def test_after_a_reload_the_draft_and_the_files_are_there_again(visit):
    visit.open().fill()
    visit.join()
    # The connection is lost for good after the first piece.
    visit.doors.broken = lambda method, _path: (
        method == "PUT" and bool(visit.doors.session["files"][0]["received"])
    )
    expect(visit.page.locator(".tender-uploads li")).to_contain_text("connexion perdue", timeout=30_000)
    expect(visit.page.locator("[data-draft]")).to_contain_text("Brouillon gardé")
    visit.doors.broken = lambda _method, _path: False
    visit.open()
    assert visit.page.input_value("#p1DEV") == "1 250,5"
    assert visit.page.input_value("#i1") == "Ateliers secrets"
    assert visit.page.is_checked("#a1")
    visit.wait_sent()
    assert "memoire.pdf" in visit.page.locator(".tender-uploads li").inner_text()
    [file] = visit.doors.session["files"]
    assert visit.doors.unsealed(visit.doors.received[file["id"]], "file", file["id"], "51") == MEMOIR


def test_the_draft_is_not_readable_on_the_disk_and_can_be_erased(visit):
    visit.open().fill()
    expect(visit.page.locator("[data-draft]")).to_contain_text("Brouillon gardé")
    stored = visit.page.evaluate(
        """() => new Promise((resolve) => {
          const opening = indexedDB.open("jalon");
          opening.onsuccess = () => {
            const all = opening.result.transaction("records").objectStore("records").getAll();
            all.onsuccess = () => resolve(all.result.map((bytes) => String.fromCharCode(...bytes)).join(""));
          };
        })"""
    )
    assert len(stored) > 100
    assert "1 250,5" not in stored and "Ateliers" not in stored
    visit.page.get_by_role("button", name="Effacer le brouillon").click()
    expect(visit.page.locator("[data-draft]")).to_contain_text("effacé")
    visit.open()
    assert visit.page.input_value("#p1DEV") == ""


def test_a_key_that_is_not_this_devices_is_said_and_begun_again(visit):
    visit.open()
    visit.join(content=b"%PDF-1.7\nun")
    visit.wait_sent()
    first = visit.doors.session["id"]
    visit.doors.session["public_key"] = "ab" * 32  # somebody swapped it
    visit.open()
    notice = visit.page.locator("[data-notices]")
    expect(notice).to_contain_text("Un envoi a été commencé ailleurs")
    assert visit.doors.abandoned == []
    visit.page.get_by_role("button", name="Recommencer l'envoi").click()
    expect(notice).not_to_contain_text("ailleurs")
    visit.doors.dealt = None
    visit.join(content=b"%PDF-1.7\ndeux")
    visit.wait_sent()
    assert visit.doors.abandoned == [first] and visit.doors.session["id"] != first


def test_a_bid_with_files_is_replaced_by_one_without_only_once_it_is_said(browser):
    visit = Visit(browser, device.answer_words(None))
    visit.open(replaces="6f2b0c1e-6f0e-4d0a-9d5e-0a4b7a1f3c55", replaces_files="1").fill()
    visit.verify()
    recap = visit.recap()
    recap.get_by_role("button", name="Sceller et").click()
    expect(recap.locator("[role=status]")).to_contain_text("Cochez la case")
    recap.get_by_role("checkbox").check()
    pli = visit.deposit()
    assert pli["replaces"] == visit.options["replaces"]
    assert parse_qs(visit.doors.posted[-1][1])["sans-fichier"] == ["1"]
    visit.context.close()


def test_a_file_is_refused_on_the_device_for_what_it_is(visit):
    visit.open()
    visit.join(name="macro.docm", content=b"PK")
    visit.join(name="vide.pdf", content=b"")
    visit.join(name="faux.pdf", content=b"MZ" * 100)
    errors = visit.page.locator(".tender-uploads .jalon-error")
    expect(errors).to_have_count(3)
    assert "macro.docm" in errors.nth(0).inner_text() and visit.doors.received == {}
    visit.page.get_by_role("button", name="Retirer").first.click()
    expect(visit.page.locator(".tender-uploads li")).to_have_count(2)


def test_a_column_of_a_spreadsheet_is_pasted_on_the_device(visit):
    visit.open()
    visit.page.evaluate(
        """() => {
          const told = new DataTransfer();
          told.setData("text/plain", "12,50\\r\\n3 400\\r\\n");
          document.getElementById("p1DEV").dispatchEvent(new ClipboardEvent("paste", {clipboardData: told}));
        }"""
    )
    assert [visit.page.input_value(f"#p1{code}") for code in ("DEV", "10")] == ["12,50", "3 400"]


def test_every_custodian_has_a_share_of_his_own(visit):
    visit.open()
    visit.join(content=b"%PDF-1.7\nun")
    visit.wait_sent()
    assert [one["seat"] for one in visit.doors.dealt["shares"]] == list(range(len(PEOPLE)))
    assert len({one["x"] for one in visit.doors.dealt["shares"]}) == len(PEOPLE)
    assert len(visit.doors.private_key) == 32

"""An administration's letter-head and clauses: versions, preview, restricted markup (U3, U4, U5)."""

import io

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from PIL import Image, PngImagePlugin
from pypdf import PdfReader

from foundation.accounts.enums import Role
from foundation.documents import appearance, logos, markup, printing, registry, services
from foundation.documents.models import Clauses, Document, Letterhead
from foundation.errors import Refusal
from foundation.files.checks.signatures import EICAR
from foundation.journal.models import Entry
from tests.accounts.factories import make_buyer_org, make_member, make_supplier_org
from tests.documents.factories import make_document, order_facts, order_kind
from tests.files.antivirus_server import serving
from tests.owner import as_owner

pytestmark = pytest.mark.django_db


def picture(form="PNG", size=(300, 100), **options) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, form, **options)
    return target.getvalue()


@pytest.fixture
def organisation():
    return make_buyer_org()


@pytest.fixture
def admin(organisation, client):
    person = make_member(organisation, Role.FRAMEWORK_ADMIN)
    client.force_login(person)
    return person


def typed(**changes) -> dict:
    words = {"name": "Ville de Test", "address": "1 rue Haute\n69000 Lyon", "footer": "ville.example"}
    found = {**words, "logo": None, "logo_alternative": "", **changes}
    if isinstance(found["logo"], bytes):
        found["logo"] = ContentFile(
            found["logo"], name="logo.jpg" if found["logo"][:2] == b"\xff\xd8" else "logo.png"
        )
    return found


def save_letterhead(organisation, by, at, **changes):
    return services.letterhead_save(organisation=organisation, **typed(**changes), by=by, at=at)


def save_clauses(organisation, by, at, text, kind="tests.order"):
    return services.clauses_save(organisation=organisation, kind=kind, text=text, by=by, at=at)


def ask(organisation, at, **options):
    document = services.document_request(
        kind="tests.order",
        obj=organisation,
        facts=order_facts(**options),
        title="Commande",
        by=None,
        at=at,
        organisation=organisation,
    )
    document.refresh_from_db()
    return document


def text_of(document) -> str:
    content = printing.press().print(printing.orders_of(document))[0].content
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_a_document_keeps_the_versions_it_was_made_with(organisation, admin, at):
    first = save_letterhead(organisation, admin, at)
    save_clauses(organisation, admin, at, "Clause première de {{ administration }}.")
    document = ask(organisation, at)
    save_letterhead(organisation, admin, at, name="Ville Nouvelle")
    save_clauses(organisation, admin, at, "Clause seconde.")
    text = text_of(Document.objects.get(pk=document.pk))
    assert document.letterhead == first
    assert "Ville de Test" in text
    assert "1 rue Haute" in text
    assert "ville.example" in text
    assert "Clause première de Ville de Test" in text
    later = text_of(ask(organisation, at))
    assert "Ville Nouvelle" in later
    assert "Clause seconde" in later


def test_versions_never_change(organisation, admin, at):
    head = save_letterhead(organisation, admin, at)
    clauses = save_clauses(organisation, admin, at, "Une clause.")
    for row, change in ((head, {"footer": "autre"}), (clauses, {"text": "autre"})):
        with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**change)
        with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
            row.delete()
    assert save_letterhead(organisation, admin, at).version == 2
    actions = set(Entry.objects.filter(organisation=organisation).values_list("action", flat=True))
    assert actions == {"documents.letterhead_save", "documents.clauses_save"}


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.CUSTODIAN, Role.AUDITOR])
def test_others_write_nothing(organisation, at, role, client):
    person = make_member(organisation, role)
    with pytest.raises(Refusal):
        save_letterhead(organisation, person, at)
    with pytest.raises(Refusal):
        save_clauses(organisation, person, at, "x")
    with pytest.raises(Refusal):
        services.preview_request(organisation=organisation, by=person, at=at)


def test_a_firm_has_no_letterhead_here(at):
    firm = make_supplier_org()
    with pytest.raises(Refusal):
        save_letterhead(firm, make_member(firm, Role.ORG_ADMIN), at)


POISON = [
    "<script>alert(1)</script>",
    '<img src="http://127.0.0.1:9/x.png">',
    "![x](http://127.0.0.1:9/x.png)",
    "[x](javascript:alert(1))",
    "<style>@import url(file:///etc/passwd);</style>",
    '<svg onload="x"><image href="file:///etc/passwd"/></svg>',
    "<link rel=attachment href=file:///etc/passwd>",
    "<https://exemple.example>",
    "&lt;b&gt;",
]


@pytest.mark.parametrize("poison", POISON)
def test_clauses_are_words_and_a_few_tags(poison):
    """U4 and U5: no tag outside of the list, no attribute at all, hence no address."""
    html = markup.to_html(f"# Titre\n\n{poison} **gras** {{{{ titre }}}}", {"titre": poison})
    tags = {tag.split("<")[-1] for tag in html.split(">")[:-1]}
    assert tags <= {"h2", "/h2", "p", "/p", "strong", "/strong"}, html


def test_a_value_never_becomes_markup():
    assert "<strong>" not in markup.to_html("{{ titre }}", {"titre": "**gras** <b>x</b>"})
    blocks = markup.to_blocks("- un\n- {{ titre }}\n\n# Fin\n\nsuite", {"titre": "# deux"})
    assert [(block["kind"], block["text"]) for block in blocks] == [
        ("item", "un"),
        ("item", "# deux"),
        ("heading", "Fin"),
        ("paragraph", "suite"),
    ]


@pytest.mark.parametrize(
    "tag", ["{% load static %}", "{{ facts.issuer }}", "{{ request.user }}", "{{ 7*7 }}"]
)
def test_clauses_are_no_program(organisation, admin, at, tag):
    """Django's template language is never run on what an administration types."""
    if "{{" in tag:
        with pytest.raises(Refusal) as refused:
            save_clauses(organisation, admin, at, tag)
        assert "{{ numero }}" in str(refused.value)
    else:
        save_clauses(organisation, admin, at, tag)
        assert tag in text_of(ask(organisation, at))


def test_a_poisoned_letterhead_opens_nothing(organisation, admin, at):
    poison = '"><img src="http://127.0.0.1:9/x.png"><link rel=attachment href="file:///etc/passwd">'
    save_letterhead(organisation, admin, at, name=poison, footer="'); @import url(file:///etc/passwd);")
    document = ask(organisation, at, note=poison)
    assert "127.0.0.1" in text_of(document), "printed as the words they are"


def test_the_logo_is_drawn_again_without_what_it_hid(organisation, admin, at):
    hidden = PngImagePlugin.PngInfo()
    hidden.add_text("secret", "x" * 2000)
    sent = picture(pnginfo=hidden)
    head = save_letterhead(organisation, admin, at, logo=sent, logo_alternative="Blason")
    kept = bytes(head.logo)
    assert b"secret" not in kept
    content = printing.press().print(printing.orders_of(ask(organisation, at)))[0].content
    assert PdfReader(io.BytesIO(content)).pages[0].images


@pytest.mark.parametrize(
    "sent",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"GIF89a" + b"\0" * 40,
        b"%PDF-1.7",
        picture()[:60],
        picture(size=(7000, 10)),
        b"\x89PNG" + b"x" * (logos.LARGEST_UPLOAD + 1),
        picture() + b"<script>alert(1)</script>",
        EICAR,
    ],
    ids=["svg", "gif", "pdf", "cut", "too wide", "too heavy", "with a script", "EICAR"],
)
def test_other_logos_are_refused_in_words(organisation, admin, at, sent):
    with pytest.raises(Refusal) as refused:
        save_letterhead(organisation, admin, at, logo=sent, logo_alternative="Blason")
    assert refused.value.reasons[0].field == "logo"


def test_the_antivirus_reads_the_logo(organisation, admin, at, settings):
    with serving(lambda content: b"stream: Test-Signature FOUND") as (url, received):
        settings.CLAMD_URL = url
        with pytest.raises(Refusal) as refused:
            save_letterhead(organisation, admin, at, logo=picture(), logo_alternative="Blason")
    assert received == [picture()]
    assert refused.value.reasons[0].field == "logo"
    assert not Letterhead.objects.exists()


def test_a_logo_has_words(organisation, admin, at):
    with pytest.raises(Refusal):
        save_letterhead(organisation, admin, at, logo=picture())
    kept = save_letterhead(organisation, admin, at, logo=picture("JPEG"), logo_alternative="Blason")
    assert save_letterhead(organisation, admin, at, logo_alternative="Blason").logo == bytes(kept.logo)
    assert bytes(save_letterhead(organisation, admin, at, logo=b"").logo) == b""


def test_a_preview_is_a_draft_with_examples(organisation, admin, at):
    document = services.preview_request(
        organisation=organisation,
        kind="tests.order",
        text="Fait à {{ date }}.",
        letterhead=typed(),
        by=admin,
        at=at,
    )
    document.refresh_from_db()
    text = text_of(document)
    assert "Projet" in text
    assert "Fait à 3 mars 2026" in text
    assert "Ville de Test" in text
    assert document.retention.keep_until_date.year == at.year + 1
    assert not Letterhead.objects.exists()
    assert not Clauses.objects.exists()


def test_variables_of_a_kind_come_from_its_facts(organisation, admin, at):
    registry._KINDS["tests.order"] = order_kind(
        variables=(registry.Variable("titulaire", "titulaire", "Atelier", "holder.name"),)
    )
    save_clauses(organisation, admin, at, "{{ titulaire }}, {{ numero }}")
    document = ask(organisation, at)
    assert appearance.of(document).clauses_html == f"<p>Collectif Code Public, {document.number}</p>\n"


def test_the_pages_save_and_show(client, organisation, admin, at, django_capture_on_commit_callbacks):
    page = reverse("documents:letterhead", args=[organisation.pk])
    assert client.get(page).status_code == 200
    logo = io.BytesIO(picture())
    logo.name = "logo.png"
    words = {"name": "Ville de Test", "address": "", "footer": "", "logo": logo, "logo_alternative": "Blason"}
    assert client.post(page, words).status_code == 302
    clauses = reverse("documents:clauses", args=[organisation.pk, "tests.order"])
    refused = client.post(clauses, {"text": "{{ inconnue }}"}).content.decode()
    assert "inconnue" in refused
    assert "n’existe pas" in refused
    with django_capture_on_commit_callbacks(execute=True):
        preview = client.post(clauses, {"text": "Bonjour {{ titre }}", "apercu": "1"}, follow=True)
    assert "Aperçu du modèle" in preview.content.decode()
    assert Clauses.objects.count() == 0
    assert client.post(clauses, {"text": "Bonjour {{ titre }}"}).status_code == 302
    shown = client.get(reverse("documents:appearance", args=[organisation.pk])).content.decode()
    assert "Bonjour" in shown
    assert "Blason" in shown
    assert reverse("documents:appearances") in client.get(reverse("screens:dashboard")).content.decode()


def test_nobody_else_sees_these_pages(client, organisation, at):
    client.force_login(make_member(organisation, Role.EVALUATOR))
    for name, arguments in (
        ("appearances", []),
        ("appearance", [organisation.pk]),
        ("letterhead", [organisation.pk]),
        ("clauses", [organisation.pk, "tests.order"]),
    ):
        assert client.get(reverse(f"documents:{name}", args=arguments)).status_code == 404


def test_a_document_without_organisation_has_the_look_of_its_issuer(at):
    document = make_document(about=make_buyer_org(), at=at)
    document.refresh_from_db()
    assert appearance.of(document).name == "Direction interministérielle du numérique"

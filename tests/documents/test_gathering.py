"""Many documents at once: a batch and its progress, the dossier of an object, the zip file and its digests (U5)."""

import hashlib
import io
import json
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from foundation.accounts.models import Organisation
from foundation.accounts.selectors import has_role
from foundation.documents import archive, registry, selectors, services
from foundation.documents.enums import DocumentForm
from foundation.documents.models import Batch, Document
from foundation.documents.storage import DamagedFileError
from foundation.errors import Refusal
from foundation.journal.models import Entry
from tests.accounts.factories import make_buyer_org, make_member, make_user
from tests.documents.factories import make_document, make_failed_document, order_facts, order_kind

pytestmark = pytest.mark.django_db
WORDS = [registry.Section(title="Partie", paragraphs=("Un mot.",))]


@pytest.fixture
def asker(client):
    person = make_user()
    client.force_login(person)
    return person


def ask(by, at, titles=("Un", "Deux", "Trois"), **options) -> Batch:
    about = make_buyer_org()
    requests = [
        {"kind": "tests.order", "obj": about, "facts": order_facts(lines=1), "title": title, **options}
        for title in titles
    ]
    return services.batch_request(title="Commandes", obj=about, requests=requests, by=by, at=at)


def render_all(batch, at) -> None:
    for document in batch.documents.all():
        services.document_render(document_id=document.pk, at=at)


def unzipped(response) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_a_batch_is_all_or_nothing(asker, at):
    batch = ask(asker, at)
    numbers = [document.number[-4:] for document in batch.documents.order_by("number")]
    assert numbers == ["0001", "0002", "0003"]
    assert Entry.objects.get(object_id=str(batch.pk)).action == "documents.batch_request"
    with pytest.raises(LookupError):
        services.batch_request(
            title="x",
            obj=asker,
            requests=[
                {"kind": "tests.order", "obj": asker, "facts": {}, "title": "x"},
                {"kind": "tests.none", "obj": asker, "facts": {}, "title": "x"},
            ],
            by=asker,
            at=at,
        )
    with pytest.raises(Refusal):
        services.batch_request(title="x", obj=asker, requests=[], by=asker, at=at)
    assert Document.objects.count() == 3


def test_the_page_follows_the_progress(client, asker, at):
    batch = ask(asker, at)
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "0 sur 3" in page
    assert "every 2s" in page
    assert "Actualiser" in page
    first = batch.documents.first()
    services.document_render(document_id=first.pk, at=at)
    part = client.get(batch.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "1 sur 3" in part
    render_all(batch, at)
    done = client.get(batch.get_absolute_url()).content.decode()
    assert "3 sur 3" in done
    assert "every 2s" not in done


def test_a_failed_document_is_told_and_stops_nothing(asker, at):
    batch = ask(asker, at, titles=("Un",))
    failed = make_failed_document(about=make_buyer_org(), at=at)
    assert selectors.batch_progress(batch) == selectors.Progress(total=1, ready=0, failed=0)
    assert failed.batch is None


def test_a_batch_costs_the_same_whatever_its_size(client, asker, at, django_assert_max_num_queries):
    batch = ask(asker, at, titles=[f"n° {rank}" for rank in range(12)])
    with django_assert_max_num_queries(12):
        client.get(batch.get_absolute_url())


def test_only_who_asked_sees_the_batch(client, asker, at):
    batch = ask(asker, at)
    client.force_login(make_user())
    for name in ("batch", "batch_zip"):
        assert client.get(reverse(f"documents:{name}", args=[batch.pk])).status_code == 404


def test_the_zip_holds_each_file_and_its_digest(client, asker, at):
    registry._KINDS["tests.order"] = order_kind(
        forms=(DocumentForm.PDF, DocumentForm.DOCX), sections=lambda document: WORDS
    )
    batch = ask(asker, at, titles=("Même titre", "Même titre", "../../etc/passwd: <b>"), is_draft=True)
    address = reverse("documents:batch_zip", args=[batch.pk])
    assert client.get(address).status_code == 404, "nothing is ready"
    render_all(batch, at)
    content = unzipped(client.get(address))
    digests = content.read(archive.DIGESTS).decode().splitlines()
    assert len(digests) == 6
    for line in digests:
        digest, name = line.split("  ")
        assert hashlib.sha256(content.read(name)).hexdigest() == digest
        assert "/" not in name
        assert "\\" not in name
    names = [info.filename for info in content.infolist()]
    assert len(names) == len(set(names)) == 8
    manifest = json.loads(content.read(archive.MANIFEST))
    assert {row["titre"] for row in manifest["documents"]} == {"Même titre", "../../etc/passwd: <b>"}
    assert content.testzip() is None


def test_a_damaged_file_breaks_the_download_off(asker, at):
    batch = ask(asker, at, titles=("Un",))
    render_all(batch, at)
    document = batch.documents.get()
    with default_storage.open(document.file.name, "ab") as file:
        file.write(b"x")
    with pytest.raises(DamagedFileError):
        list(archive.zip_stream([document]))


@pytest.fixture
def house(monkeypatch):
    """A dossier that the members of an organisation open."""
    monkeypatch.setattr(registry, "_DOSSIERS", dict(registry._DOSSIERS))

    def find(user, pk):
        found = Organisation.objects.filter(pk=pk).first()
        return found if has_role(user, found) else None

    registry.register_dossier(
        registry.Dossier("essai", "Essai", find, lambda obj: [(obj._meta.label, [obj.pk])], lambda obj: "/")
    )
    return make_buyer_org()


def test_a_dossier_holds_what_its_reader_may_see(client, house, at):
    member = make_member(house, "buyer")
    registry.register(order_kind("tests.secret", numbering="", can_see=lambda user, document: False))
    seen = services.document_render(document_id=make_document(about=house, at=at, title="Vu").pk, at=at)
    hidden = make_document(about=house, at=at, kind="tests.secret", title="Caché")
    services.document_render(document_id=hidden.pk, at=at)
    client.force_login(member)
    page = client.get(reverse("documents:dossier", args=["essai", house.pk])).content.decode()
    assert "Vu" in page
    assert "Caché" not in page
    content = unzipped(client.get(reverse("documents:dossier_zip", args=["essai", house.pk])))
    assert seen.sha256 in content.read(archive.DIGESTS).decode()
    assert len(content.namelist()) == 3


def test_no_dossier_for_others_nor_of_an_unknown_kind(client, house, at):
    client.force_login(make_user())
    for code in ("essai", "inconnu"):
        for name in ("dossier", "dossier_zip"):
            assert client.get(reverse(f"documents:{name}", args=[code, house.pk])).status_code == 404


def test_an_empty_dossier_says_so(client, house, at):
    client.force_login(make_member(house, "buyer"))
    page = client.get(reverse("documents:dossier", args=["essai", house.pk])).content.decode()
    assert "Aucun document" in page
    assert client.get(reverse("documents:dossier_zip", args=["essai", house.pk])).status_code == 404


def test_the_api_follows_a_batch(client, asker, at):
    batch = ask(asker, at)
    address = reverse("api:document-batch-detail", args=[batch.pk])
    first = client.get(address).json()
    assert (first["total"], first["ready"], first["zip_url"]) == (3, 0, None)
    render_all(batch, at)
    done = client.get(address).json()
    assert done["ready"] == 3
    assert len(done["documents"]) == 3
    assert len(unzipped(client.get(done["zip_url"])).namelist()) == 5

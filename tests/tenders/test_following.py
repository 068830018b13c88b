"""Be told of changes and of what newly answers a search; the whole file for anyone (P15, P26, X6)."""

import hashlib
import io
import re
import zipfile
from datetime import timedelta
from html import unescape

import pytest
from defusedxml import ElementTree
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from foundation.clock import now
from foundation.errors import Refusal
from foundation.notifications import outbox
from foundation.notifications.models import Notification, OutboxEmail
from tenders import follow_links, selectors, services
from tenders.enums import AlertPace
from tenders.filters import found_by
from tenders.models import Follower, SavedSearch
from tests.accounts.factories import make_user
from tests.tenders.factories import PDF, make_draft, make_published, publish

pytestmark = pytest.mark.django_db


def with_files(*names):
    """A published consultation whose file holds these names."""
    draft = make_draft(custodians=2)
    for name in names:
        upload = SimpleUploadedFile(name, PDF)
        services.document_add(tender=draft, title=name, upload=upload, by=draft.created_by, at=now())
    return publish(draft)


def test_the_whole_file_is_one_zip_of_its_announced_size_with_digests_and_no_name_twice(client):
    """P15: free, direct, full, anonymous."""
    tender = with_files("cctp.pdf", "CCTP.pdf", "règlement é.pdf")
    answer = client.get(reverse("tenders:whole_file", args=[tender.pk]))
    content = b"".join(answer.streaming_content)
    assert int(answer["Content-Length"]) == len(content)
    assert answer["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["empreintes-sha256.txt", "cctp.pdf", "CCTP-2.pdf", "règlement é.pdf"]
        told = archive.read("empreintes-sha256.txt").decode()
        for line in told.splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest


def test_the_whole_file_is_resumed_where_it_broke_off(client):
    tender = with_files("cctp.pdf", "ccap.pdf")
    url = reverse("tenders:whole_file", args=[tender.pk])
    whole = b"".join(client.get(url).streaming_content)
    rest = client.get(url, headers={"Range": "bytes=100-"})
    assert rest.status_code == 206
    assert b"".join(rest.streaming_content) == whole[100:]


def test_the_file_of_a_draft_is_for_nobody_and_formats_and_sizes_are_told(client):
    draft = make_draft(custodians=2)
    assert client.get(reverse("tenders:whole_file", args=[draft.pk])).status_code == 404
    client.force_login(draft.created_by)
    assert client.get(reverse("tenders:whole_file", args=[draft.pk])).status_code == 404
    told = unescape(client.get(reverse("tenders:detail", args=[with_files("bpu.pdf").pk])).content.decode())
    assert "(PDF, " in told
    assert "Tout le dossier" in told


def test_an_address_is_told_of_nothing_before_its_owner_proved_it(client):
    tender = make_published(custodians=2)
    OutboxEmail.objects.all().delete()  # those of the review
    url = reverse("tenders:follow", args=[tender.pk])
    assert "Regardez votre messagerie" in unescape(
        client.post(url, {"email": "Lea@Exemple.fr"}).content.decode()
    )
    follower = Follower.objects.get()
    assert (follower.email, follower.confirmed_at) == ("lea@exemple.fr", None)
    assert selectors.followers_of(tender) == []
    mail = outbox.message_of(OutboxEmail.objects.get())
    assert mail.to == ["lea@exemple.fr"]
    [path] = re.findall(r"https?://[^/]+(/consultations/inscription/[^/\s]+/)\n", mail.body)
    assert client.get(path).status_code == 200
    assert selectors.followers_of(tender) == []
    client.post(path)
    [guest] = selectors.followers_of(tender)
    assert guest.email == "lea@exemple.fr"


def test_a_guest_is_told_and_leaves_in_one_click_without_cookie(client):
    tender = make_published(custodians=2)
    services.address_follow(tender=tender, email="lea@exemple.fr", at=now())
    services.address_confirm(follower=Follower.objects.get(), at=now())
    OutboxEmail.objects.all().delete()
    from foundation.notifications.services import notify

    facts = {"reference": "R", "title": "T", "buyer": "B", "reason": "Le besoin a disparu.", "ground": ""}
    notify(
        kind="tenders.cancelled",
        recipients=selectors.followers_of(tender),
        obj=tender,
        context=facts,
        url="/",
        at=now(),
    )
    assert Notification.objects.filter(kind="tenders.cancelled").count() == 0
    mail = outbox.message_of(OutboxEmail.objects.get())
    assert "Bonjour," in mail.body
    way_out = mail.extra_headers["List-Unsubscribe"].strip("<>")
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/" + way_out.split("/", 3)[3]).status_code == 200
    assert not Follower.objects.exists()
    assert strict.post("/" + way_out.split("/", 3)[3]).status_code == 200


def test_nobody_floods_an_address_and_nobody_learns_who_follows(client):
    tender, told = make_published(custodians=2), []
    OutboxEmail.objects.all().delete()  # those of the review
    for _number in range(3):
        told.append(
            client.post(reverse("tenders:follow", args=[tender.pk]), {"email": "lea@exemple.fr"}).content
        )
    assert OutboxEmail.objects.count() == 1
    services.address_confirm(follower=Follower.objects.get(), at=now())
    answer = client.post(reverse("tenders:follow", args=[tender.pk]), {"email": "lea@exemple.fr"})
    assert unescape(answer.content.decode()).count("Regardez votre messagerie") == 1


def test_links_of_others_or_altered_open_nothing(client):
    services.address_follow(tender=make_published(custodians=2), email="lea@exemple.fr", at=now())
    follower = Follower.objects.get()
    leave, confirm = follow_links.leave_path(follower), follow_links.confirm_path(follower)
    assert follow_links.read_confirm(leave.split("/")[-3]) is None
    for path in (
        confirm.replace("inscription/", "inscription/x"),
        leave.replace("inscription/", "inscription/x"),
    ):
        assert client.get(path).status_code == 404


def test_a_person_follows_in_one_click_and_stops(client):
    tender, person = make_published(custodians=2), make_user()
    client.force_login(person)
    for _number in range(2):
        client.post(reverse("tenders:follow", args=[tender.pk]))
    assert selectors.followers_of(tender) == [person]
    assert "Ne plus être prévenu" in client.get(reverse("tenders:detail", args=[tender.pk])).content.decode()
    client.post(reverse("tenders:unfollow", args=[tender.pk]))
    assert selectors.followers_of(tender) == []


def test_unproved_addresses_are_forgotten():
    services.address_follow(tender=make_published(custodians=2), email="lea@exemple.fr", at=now())
    assert services.unproved_addresses_forget(at=now() + timedelta(days=6)) == 0
    assert services.unproved_addresses_forget(at=now() + timedelta(days=8)) == 1


def keep(person, pace=AlertPace.AT_ONCE, at=None, **criteria):
    at = at or now()
    return services.search_save(name="La mienne", criteria=criteria, pace=pace, by=person, at=at)


def test_what_newly_answers_a_search_is_told_once_and_nothing_older():
    make_published(title="Ancien portail", custodians=2)
    search = keep(person := make_user(), q="portail")
    found = make_published(title="Nouveau portail", custodians=2)
    make_published(title="Cantine", custodians=2)
    assert services.searches_tell(find=found_by, at=now()) == 1
    [line] = Notification.objects.filter(recipient=person)
    assert "1 consultation nouvelle" in line.title
    [mail] = OutboxEmail.objects.filter(recipient=person)
    assert found.title in outbox.message_of(mail).body
    assert "Cantine" not in outbox.message_of(mail).body
    assert services.searches_tell(find=found_by, at=now()) == 0
    assert search.hits.count() == 1


def test_a_publication_committed_after_a_look_that_came_later_is_not_lost():
    """A2 of trust.md: a publication is dated before it is seen; the next look goes back far enough."""
    start = now()
    keep(make_user(), at=start - timedelta(hours=2), q="portail")
    assert services.searches_tell(find=found_by, at=start + timedelta(minutes=5)) == 0
    make_published(title="Portail", at=start, custodians=2)
    assert services.searches_tell(find=found_by, at=start + timedelta(minutes=10)) == 1


def test_daily_and_weekly_searches_wait_and_a_silent_one_says_nothing():
    start = now()
    for pace in (AlertPace.DAILY, AlertPace.WEEKLY, AlertPace.NEVER):
        keep(make_user(), pace=pace, at=start, q="portail")
    make_published(title="Portail", at=start + timedelta(minutes=1), custodians=2)
    days = [
        services.searches_tell(find=found_by, at=start + timedelta(days=day, minutes=2)) for day in range(9)
    ]
    assert days == [0, 1, 0, 0, 0, 0, 0, 1, 0]


def test_a_search_is_saved_from_the_list_changed_and_removed(client):
    person = make_user()
    client.force_login(person)
    url = reverse("tenders:search_save") + "?q=portail&department=75&cpv=zz&page=3&inconnu=1"
    assert "portail" in client.get(url).content.decode()
    client.post(url, {"name": "Portails à Paris", "pace": "daily"})
    search = SavedSearch.objects.get(user=person)
    assert search.criteria == {"department": "75", "q": "portail"}
    client.post(reverse("tenders:search_change", args=[search.pk]), {"name": "Portails", "pace": "weekly"})
    search.refresh_from_db()
    assert (search.name, search.pace) == ("Portails", "weekly")
    assert "?q=portail&department=75" in unescape(client.get(reverse("tenders:searches")).content.decode())
    client.force_login(make_user())
    for name in ("search_change", "search_remove"):
        assert client.post(reverse(f"tenders:{name}", args=[search.pk])).status_code == 404
    client.force_login(person)
    client.post(reverse("tenders:search_remove", args=[search.pk]))
    assert not SavedSearch.objects.exists()


def test_an_alert_is_stopped_from_its_message_without_signing_in(client):
    search = keep(make_user(), q="portail")
    path = follow_links.stop_path(search)
    client.get(path)
    search.refresh_from_db()
    assert search.pace == AlertPace.AT_ONCE
    client.post(path)
    search.refresh_from_db()
    assert search.pace == AlertPace.NEVER


def test_a_person_keeps_a_bounded_number_of_searches(monkeypatch):
    from tenders.services import searches

    monkeypatch.setattr(searches, "MOST_SEARCHES", 1)
    person = make_user()
    keep(person, q="un")
    keep(person, q="un")
    with pytest.raises(Refusal):
        keep(person, q="deux")


ATOM = {"a": "http://www.w3.org/2005/Atom"}


def test_the_feed_is_atom_holds_the_search_and_no_draft(client):
    """X6: a feed tells what its reader could see on the page, nothing more."""
    tender, draft = (
        make_published(title="Portail & guichet", custodians=2),
        make_draft(title="Portail", custodians=2),
    )
    make_published(title="Cantine", custodians=2)
    answer = client.get(reverse("tenders:feed") + "?q=portail&cpv=mauvais")
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    for needed in ("id", "title", "updated"):
        assert feed.find(f"a:{needed}", ATOM).text
    [entry] = feed.findall("a:entry", ATOM)
    for needed in ("id", "title", "updated"):
        assert entry.find(f"a:{needed}", ATOM).text
    assert tender.title in entry.find("a:title", ATOM).text
    assert draft.reference not in answer.content.decode()
    [own] = [link.get("href") for link in feed.findall("a:link", ATOM) if link.get("rel") == "self"]
    assert own.endswith("/consultations/flux.atom?q=portail")


def test_a_feed_of_nothing_is_still_a_feed(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get(reverse("tenders:feed"))
    assert ElementTree.fromstring(answer.content).find("a:updated", ATOM).text

"""Each chooses how to be told; what the law wants said is said; the way out of the e-mails works without signing in."""

import re
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from foundation.errors import Refusal
from foundation.notifications import links, outbox, registry, retention, selectors, services
from foundation.notifications.enums import Pace
from foundation.notifications.models import Notification, OutboxEmail, Preference
from foundation.notifications.registry import MessageKind
from tests.accounts.factories import make_buyer_org, make_user
from tests.notifications.factories import FIXTURE, tell

pytestmark = pytest.mark.django_db
PAGE = reverse("notifications:preferences")
LEGAL = MessageKind(
    "tests.due", "Message dû", "fixture", legal="art. R2181-1 du code de la commande publique"
)


@pytest.fixture(autouse=True)
def _legal(kind):
    registry.register(LEGAL)


@pytest.fixture
def about():
    return make_buyer_org()


@pytest.fixture
def reader():
    return make_user()


def choose(user, pace, at):
    services.preferences_set(paces={FIXTURE.code: pace}, by=user, at=at)


@pytest.mark.parametrize(
    ("pace", "told"),
    [
        (Pace.AT_ONCE, (1, 1)),
        (Pace.DAILY, (1, 0)),
        (Pace.WEEKLY, (1, 0)),
        (Pace.CENTRE, (1, 0)),
        (Pace.NOTHING, (0, 0)),
    ],
)
def test_each_is_told_as_he_chose(reader, about, at, pace, told):
    choose(reader, pace, at)
    tell(reader, about=about, at=at)
    assert (Notification.objects.count(), OutboxEmail.objects.count()) == told


def test_what_the_law_wants_said_is_always_sent(reader, about, at):
    with pytest.raises(Refusal):
        services.preferences_set(paces={LEGAL.code: Pace.NOTHING}, by=reader, at=at)
    Preference.objects.create(recipient=reader, kind=LEGAL.code, pace=Pace.NOTHING, chosen_at=at)
    tell(reader, about=about, at=at, kind=LEGAL.code)
    assert OutboxEmail.objects.count() == 1


def test_an_event_replayed_is_told_once(reader, about, at, django_capture_on_commit_callbacks):
    for replay in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            services.notify(
                kind=FIXTURE.code,
                recipients=[reader],
                obj=about,
                context={"title": f"Lecture {replay}"},
                url="/",
                at=at + timedelta(minutes=replay),
                event="opened",
            )
    assert Notification.objects.count() == OutboxEmail.objects.count() == len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_an_event_told_by_several_workers_at_once_is_told_once(reader, about, at, quiet_bell):
    """The database decides, not a look before the writing; names of events apart are the control."""
    start = threading.Barrier(4)

    def work(event):
        try:
            start.wait()
            services.notify(
                kind=FIXTURE.code,
                recipients=[reader],
                obj=about,
                context={"title": "x"},
                url="/",
                at=at,
                event=event,
            )
        finally:
            connection.close()

    for events, expected in ((["opened"] * 4, 1), (["a", "b", "c", "d"], 5)):
        threads = [threading.Thread(target=work, args=(event,)) for event in events]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert Notification.objects.count() == OutboxEmail.objects.count() == expected


def test_another_event_of_the_same_object_is_told(reader, about, at):
    for event in ("opened", "closed"):
        services.notify(
            kind=FIXTURE.code,
            recipients=[reader],
            obj=about,
            context={"title": "x"},
            url="/",
            at=at,
            event=event,
        )
    assert Notification.objects.count() == OutboxEmail.objects.count() == 2


class TestThePage:
    """« Mes messages »."""

    def test_one_form_keeps_every_choice(self, client, reader):
        client.force_login(reader)
        optional = [kind.code for kind in registry.kinds() if kind.is_optional]
        answer = client.post(PAGE, dict.fromkeys(optional, Pace.WEEKLY), follow=True)
        assert "Vos choix sont enregistrés." in answer.content.decode()
        assert set(selectors.paces_of(reader).values()) == {Pace.WEEKLY, Pace.AT_ONCE}
        assert Preference.objects.filter(recipient=reader).count() == len(optional)

    def test_messages_of_the_law_have_no_choice_and_say_why(self, client, reader):
        client.force_login(reader)
        page = client.get(PAGE).content.decode()
        assert f'name="{LEGAL.code}"' not in page
        assert "art. R2181-1 du code de la commande publique" in page

    def test_a_choice_that_does_not_exist_is_refused(self, client, reader):
        client.force_login(reader)
        optional = [kind.code for kind in registry.kinds() if kind.is_optional]
        page = client.post(PAGE, {**dict.fromkeys(optional, Pace.WEEKLY), FIXTURE.code: "jamais"})
        assert page.status_code == 200
        assert not Preference.objects.exists()

    def test_every_listed_message_shows_its_example(self, client, reader):
        client.force_login(reader)
        for kind in registry.kinds():
            if kind.listed and not kind.code.startswith("tests."):
                page = client.get(reverse("notifications:example", args=[kind.code]))
                assert (kind.code, page.status_code) == (kind.code, 200)
        assert client.get(reverse("notifications:example", args=["notifications.digest"])).status_code == 404


class TestTheWayOut:
    """RFC 8058, and the confirmation page."""

    def link(self, reader, about, at):
        tell(reader, about=about, at=at)
        outbox.drain(clock=lambda: at)
        return mail.outbox[-1]

    def test_the_headers_of_one_click(self, reader, about, at):
        headers = self.link(reader, about, at).extra_headers
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["List-Unsubscribe"].startswith("<http://testserver/notifications/desabonnement/")

    def test_one_click_without_cookie_nor_account(self, client, reader, about, at):
        path = re.search(
            r"http://testserver(/[^>]*)", self.link(reader, about, at).extra_headers["List-Unsubscribe"]
        )
        strict = type(client)(enforce_csrf_checks=True)
        assert strict.post(path[1], {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert selectors.paces_of(reader)[FIXTURE.code] == Pace.CENTRE

    def test_opening_the_page_changes_nothing(self, client, reader):
        page = client.get(links.unsubscribe_path(reader.pk, FIXTURE.code)).content.decode()
        assert "Ne plus les recevoir par e-mail" in page
        assert reader.email not in page
        assert reader.full_name not in page
        assert not Preference.objects.exists()

    def test_messages_of_the_law_have_no_way_out(self, client, reader, about, at):
        tell(reader, about=about, at=at, kind=LEGAL.code)
        outbox.drain(clock=lambda: at)
        assert "List-Unsubscribe" not in mail.outbox[-1].extra_headers
        assert client.post(links.unsubscribe_path(reader.pk, LEGAL.code)).status_code == 404

    def test_a_link_that_is_not_ours_says_nothing(self, client, reader):
        good = links.unsubscribe_path(reader.pk, FIXTURE.code)
        gone = links.unsubscribe_path(10**9, FIXTURE.code)
        forged = good[:-3] + "aa/"
        answers = [client.get(path) for path in (gone, forged, "/notifications/desabonnement/x/")]
        assert [answer.status_code for answer in answers] == [404, 404, 404]

    def test_leaving_the_digest_stops_all_it_gathers(self, client, reader, about, at):
        choose(reader, Pace.DAILY, at)
        tell(reader, about=about, at=at)
        client.post(links.unsubscribe_path(reader.pk, "notifications.digest"))
        assert selectors.paces_of(reader)[FIXTURE.code] == Pace.CENTRE
        assert Notification.objects.get().digest == ""


class TestTheBadge:
    """The count of the bell, asked again by pages that stay open."""

    URL = reverse("notifications:badge")

    def test_a_few_bytes_and_one_query_of_its_own(
        self, client, reader, about, at, django_assert_max_num_queries
    ):
        tell(reader, about=about, at=at)
        client.force_login(reader)
        client.get(self.URL)
        with django_assert_max_num_queries(4) as queries:
            answer = client.get(self.URL)
        assert sum("notifications_notification" in query["sql"] for query in queries.captured_queries) == 1
        assert len(answer.content) < 600
        assert "vu=1" in answer.content.decode()

    def test_nothing_moves_when_nothing_changed(self, client, reader, about, at):
        client.force_login(reader)
        assert client.get(self.URL, {"vu": "0"}).status_code == 204
        tell(reader, about=about, at=at)
        assert client.get(self.URL, {"vu": "0"}).status_code == 200

    def test_whoever_signed_out_stops_asking(self, client):
        answer = client.get(self.URL)
        assert (answer.status_code, answer.content, answer["HX-Reswap"]) == (286, b"", "none")


class TestTheCentre:
    """Filters."""

    def test_one_family_apart(self, client, reader, about, at):
        tell(reader, about=about, at=at, title="Essai")
        Notification.objects.create(
            recipient=reader, kind="needs.team_joined", title="Équipe", url="/", created_at=at
        )
        client.force_login(reader)
        page = client.get(reverse("notifications:list"), {"famille": "needs"}).content.decode()
        assert "Équipe" in page
        assert "Essai" not in page


def test_old_lines_go_and_those_of_the_law_stay(reader, about, at, settings):
    old = at - timedelta(days=settings.NOTIFICATIONS_KEEP_DAYS + 1)
    tell(reader, about=about, at=old)
    tell(reader, about=about, at=old, kind=LEGAL.code)
    outbox.drain(clock=lambda: at)
    retention.forget(at=at)
    assert [line.kind for line in Notification.objects.all()] == [LEGAL.code]
    assert [email.kind for email in OutboxEmail.objects.all()] == [LEGAL.code]


def test_what_still_waits_is_never_forgotten(reader, about, at, settings):
    old = at - timedelta(days=settings.NOTIFICATIONS_KEEP_DAYS + 1)
    tell(reader, about=about, at=old)
    retention.forget(at=at)
    assert OutboxEmail.objects.count() == 1

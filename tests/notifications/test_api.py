"""The API's door to the notification centre."""

import pytest
from django.urls import reverse

from foundation.notifications.models import Notification
from tests.accounts.factories import make_buyer_org, make_user
from tests.notifications.factories import tell

pytestmark = pytest.mark.django_db
LIST = reverse("api:notification-list")


@pytest.fixture
def reader(client, at):
    """Signed in, with three notifications; someone else has one."""
    user = make_user()
    about = make_buyer_org()
    for number in range(3):
        tell(user, about=about, at=at, title=f"Achat {number}")
    tell(make_user(), about=about, at=at, title="Pas pour vous")
    client.force_login(user)
    return user


def titles(answer):
    return [row["title"] for row in answer.json()["results"]]


def test_each_reads_his_own_newest_first(client, reader):
    answer = client.get(LIST)
    assert [title[-3] for title in titles(answer)] == ["2", "1", "0"]
    assert answer.json()["results"][0]["url"] == "http://testserver/consultations/1/"


def test_unread_ones_apart(client, reader):
    newest = Notification.objects.filter(recipient=reader).first()
    answer = client.post(reverse("api:notification-read", args=[newest.pk]))
    assert answer.json()["read_at"]
    assert len(titles(client.get(LIST, {"unread": "true"}))) == 2
    assert len(titles(client.get(LIST, {"unread": "false"}))) == 1


def test_all_read_at_once(client, reader):
    assert client.post(reverse("api:notification-read-all")).status_code == 204
    assert not Notification.objects.filter(recipient=reader, read_at__isnull=True).exists()
    assert Notification.objects.filter(read_at__isnull=True).count() == 1


def test_those_of_others_do_not_exist(client, reader):
    other = Notification.objects.exclude(recipient=reader).get()
    assert client.get(reverse("api:notification-detail", args=[other.pk])).status_code == 404
    assert client.post(reverse("api:notification-read", args=[other.pk])).status_code == 404


def test_visitors_are_refused(client):
    answer = client.get(LIST)
    assert answer.status_code == 401
    assert answer["Content-Type"].startswith("application/problem+json")


def test_pages_follow_a_cursor_at_a_constant_cost(client, reader, at, django_assert_max_num_queries):
    about = make_buyer_org()
    for number in range(40):
        tell(reader, about=about, at=at, title=f"Achat {number}")
    with django_assert_max_num_queries(4):
        first = client.get(LIST).json()
    second = client.get(first["next"]).json()
    assert len(first["results"]) == len(second["results"]) == 20
    assert not {row["id"] for row in first["results"]} & {row["id"] for row in second["results"]}

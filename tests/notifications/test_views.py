"""The notification centre."""

import pytest
from django.urls import reverse

from foundation.notifications.models import Notification
from tests.accounts.factories import make_buyer_org, make_user
from tests.notifications.factories import tell

pytestmark = pytest.mark.django_db
LIST = reverse("notifications:list")


@pytest.fixture
def reader(client):
    user = make_user()
    client.force_login(user)
    return user


def told(reader, at, times=1):
    about = make_buyer_org()
    for number in range(times):
        tell(reader, about=about, at=at, title=f"Achat {number}", url=f"/consultations/{number}/")
    return Notification.objects.filter(recipient=reader).order_by("pk")


def test_an_empty_centre_says_what_will_come(client, reader):
    assert "Rien pour le moment" in client.get(LIST).content.decode()


def test_the_newest_comes_first_and_the_bell_counts(client, reader, at):
    told(reader, at, times=3)
    page = client.get(LIST).content.decode()
    assert page.index("Achat 2") < page.index("Achat 0")
    assert "Tout marquer comme lu" in page


def test_opening_marks_as_read_and_leads_to_the_object(client, reader, at):
    (line,) = told(reader, at)
    answer = client.get(reverse("notifications:open", args=[line.pk]))
    assert (answer.status_code, answer["Location"]) == (302, "/consultations/0/")
    line.refresh_from_db()
    assert line.is_read


def test_nobody_opens_the_notification_of_another(client, reader, at):
    (line,) = told(make_user(), at)
    assert client.get(reverse("notifications:open", args=[line.pk])).status_code == 404
    line.refresh_from_db()
    assert not line.is_read


def test_unread_ones_apart(client, reader, at):
    old, _new = told(reader, at, times=2)
    client.get(reverse("notifications:open", args=[old.pk]))
    page = client.get(LIST, {"lues": "non"}).content.decode()
    assert "Achat 1" in page
    assert "Achat 0" not in page


def test_all_read_at_once(client, reader, at):
    told(reader, at, times=2)
    page = client.post(reverse("notifications:read-all"), follow=True).content.decode()
    assert "2 notifications marquées comme lues." in page
    assert "Tout marquer comme lu" not in page
    assert "Tout est lu" in client.get(LIST, {"lues": "non"}).content.decode()


def test_reading_all_asks_for_a_post(client, reader):
    assert client.get(reverse("notifications:read-all")).status_code == 405


@pytest.mark.parametrize("name", ["list", "read-all"])
def test_visitors_are_asked_to_sign_in(client, name):
    method = client.post if name == "read-all" else client.get
    answer = method(reverse(f"notifications:{name}"))
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


def test_a_strange_page_number_is_the_last_or_the_first(client, reader, at):
    told(reader, at, times=25)
    assert "Achat 0" in client.get(LIST, {"page": "99"}).content.decode()
    assert "Achat 24" in client.get(LIST, {"page": "x"}).content.decode()


def test_titles_are_words_never_markup(client, reader, at):
    tell(reader, about=make_buyer_org(), at=at, title="<script>alert(1)</script>")
    page = client.get(LIST).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_the_same_number_of_queries_whatever_the_number_of_lines(
    client, reader, at, django_assert_max_num_queries
):
    told(reader, at, times=2)
    client.get(LIST)
    with django_assert_max_num_queries(8) as few:
        client.get(LIST)
    told(reader, at, times=18)
    with django_assert_max_num_queries(8) as many:
        client.get(LIST)
    assert len(many) == len(few)

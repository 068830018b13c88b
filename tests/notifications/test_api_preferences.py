"""`/api/v1/notifications/preferences/`: how the caller is told, read and chosen by a program."""

import pytest
from rest_framework.test import APIClient

from foundation.notifications import registry
from foundation.notifications.models import Preference
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db
URL = "/api/v1/notifications/preferences/"


@pytest.fixture
def reader():
    return make_user()


@pytest.fixture
def api(reader):
    found = APIClient()
    found.force_authenticate(reader)
    return found


def put(api, *choices):
    return api.put(URL, {"preferences": list(choices)}, format="json")


def test_every_listed_message_is_told_with_its_pace(api, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        rows = api.get(URL).json()
    assert [row["kind"] for row in rows] == [kind.code for kind in registry.kinds() if kind.listed]
    assert {row["pace"] for row in rows if not row["is_optional"]} == {"at_once"}


def test_a_choice_is_kept_and_the_others_stay(api, reader):
    before = {row["kind"]: row["pace"] for row in api.get(URL).json()}
    for _time in range(2):
        answer = put(api, {"kind": "accounts.join_asked", "pace": "centre"})
        assert answer.status_code == 200, answer.content
    after = {row["kind"]: row["pace"] for row in answer.json()}
    assert after == {**before, "accounts.join_asked": "centre"}
    assert Preference.objects.get().recipient == reader


@pytest.mark.parametrize(
    ("choice", "pointer"),
    [
        ({"kind": "accounts.locked", "pace": "nothing"}, "/preferences/0/kind"),
        ({"kind": "nothing.like_it", "pace": "nothing"}, "/preferences/0/kind"),
        ({"kind": "accounts.join_asked", "pace": "never"}, "/preferences/0/pace"),
    ],
)
def test_what_the_law_wants_sent_and_what_does_not_exist_are_refused(api, choice, pointer):
    answer = put(api, choice)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not Preference.objects.exists()


def test_nobody_without_an_account():
    assert APIClient().get(URL).status_code == 401

"""Entity tags: nothing is overwritten unread, nothing is sent twice for nothing (RFC 9110, RFC 6585)."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from foundation.accounts.enums import Role
from framework_agreements.models import PurchaseOrder
from needs.models import PurchaseProject
from tests.accounts.factories import make_member
from tests.api.client import as_user
from tests.framework_agreements.factories import make_order, make_world
from tests.needs.factories import make_project

pytestmark = pytest.mark.django_db

PROJECTS = "/api/v1/purchase-projects/"


@pytest.fixture
def project():
    return make_project(title="Avant")


@pytest.fixture
def address(project):
    return f"{PROJECTS}{project.pk}/"


def etag_of(user, address):
    return as_user(user).get(address)["ETag"]


def test_an_object_has_a_strong_tag_that_follows_it(project, address):
    user = project.created_by
    first = etag_of(user, address)
    assert first.startswith('"')
    assert etag_of(user, address) == first
    as_user(user, if_match=first).patch(address, {"title": "Après"})
    assert etag_of(user, address) != first


def test_what_is_known_is_not_sent_again(project, address):
    user = project.created_by
    tag = etag_of(user, address)
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = as_user(user, if_none_match=known).get(address)
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert as_user(user, if_none_match='"other"').get(address).status_code == 200


def test_a_change_without_the_tag_is_428(project, address):
    answer = as_user(project.created_by).patch(address, {"title": "Après"})
    assert (answer.status_code, answer.json()["type"]) == (428, "/api/v1/problems/precondition_required")
    assert PurchaseProject.objects.get().title == "Avant"


def test_a_change_of_what_has_changed_is_412(project, address):
    user = project.created_by
    stale = etag_of(user, address)
    assert as_user(user, if_match=stale).patch(address, {"title": "Un"}).status_code == 200
    answer = as_user(user, if_match=stale).patch(address, {"title": "Deux"})
    assert (answer.status_code, answer.json()["type"]) == (412, "/api/v1/problems/precondition_failed")
    assert PurchaseProject.objects.get().title == "Un"


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}'])
def test_the_tag_is_accepted_as_a_front_server_gives_it_back(project, address, form):
    user = project.created_by
    answer = as_user(user, if_match=form.format(etag_of(user, address))).patch(address, {"title": "Après"})
    assert answer.status_code == 200
    assert answer["ETag"] == etag_of(user, address)


def test_out_of_sight_comes_before_the_tag(project, address):
    stranger = make_member(make_project().organisation, Role.BUYER)
    assert as_user(stranger).patch(address, {"title": "Après"}).status_code == 404


def test_a_decision_is_taken_on_what_was_read():
    """Another draftsman adds a line between the reading and the issue: the order is not issued."""
    world = make_world()
    order = make_order(world)
    address = f"/api/v1/orders/{order.pk}/"
    assert as_user(world.buyer).post(f"{address}issue/").status_code == 428
    read = etag_of(world.buyer, address)
    line = {"work_unit": world.unit().pk, "quantity": "3"}
    assert as_user(world.prescriber).post(f"{address}lines/", line).status_code == 201
    assert as_user(world.buyer, if_match=read).post(f"{address}issue/").status_code == 412
    assert PurchaseOrder.objects.get().number is None
    fresh = etag_of(world.buyer, address)
    assert as_user(world.buyer, if_match=fresh).post(f"{address}issue/").status_code == 200


def test_a_sparse_reading_has_no_tag(project, address):
    assert "ETag" not in as_user(project.created_by).get(address, {"fields": "id,title"})


def test_an_answer_says_it_is_private(project, address):
    answer = as_user(project.created_by).get(address)
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("tag", "winners"), [("read", 1), ("*", 12)])
def test_of_writers_at_the_same_instant_only_one_wins(tag, winners):
    """With the tag that all have read, one; with `*`, which promises nothing, all: the negative control."""
    project = make_project(title="Avant")
    user, address = project.created_by, f"{PROJECTS}{project.pk}/"
    header = etag_of(user, address) if tag == "read" else tag
    barrier = threading.Barrier(12, timeout=60)

    def write(number):
        barrier.wait()
        try:
            return as_user(user, if_match=header).patch(address, {"title": f"Titre {number}"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(write, range(12)))
    assert statuses.count(200) == winners
    assert set(statuses) <= {200, 412}

"""`Idempotency-Key`: the same demand acts once, even fifty times at the same instant (C3 of trust.md)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from foundation import clock
from foundation.api import idempotency
from foundation.api.models import KeptAnswer
from framework_agreements.models import PurchaseOrder
from tests.accounts.factories import make_member
from tests.api.client import as_user
from tests.framework_agreements.factories import make_order, make_world

ORDERS = "/api/v1/orders/"
AT_ONCE = 50


def draft(world, **fields):
    return {
        "lot": world.lot.pk,
        "holder": world.holder.pk,
        "beneficiary": world.beneficiary.pk,
        "title": "Construction",
        "lines": [{"work_unit": world.unit().pk, "quantity": "1"}],
        **fields,
    }


def post(user, address, body=None, key=None, **headers):
    if key:
        headers["idempotency_key"] = key
    return as_user(user, if_match="*", **headers).post(address, body)


@pytest.mark.django_db
class TestOneAfterTheOther:
    def test_the_same_demand_is_answered_by_the_same_bytes(self):
        world = make_world()
        first, second = (post(world.buyer, ORDERS, draft(world), "k-1") for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.content == second.content
        assert (first["ETag"], first["Location"]) == (second["ETag"], second["Location"])
        assert "Idempotent-Replayed" not in first
        assert second["Idempotent-Replayed"] == "true"
        assert PurchaseOrder.objects.count() == 1

    def test_the_key_in_quotes_is_the_same_key(self):
        world = make_world()
        assert post(world.buyer, ORDERS, draft(world), "k-1").status_code == 201
        assert post(world.buyer, ORDERS, draft(world), '"k-1"')["Idempotent-Replayed"] == "true"

    def test_another_demand_under_the_same_key_is_refused(self):
        world = make_world()
        post(world.buyer, ORDERS, draft(world), "k-1")
        other = post(world.buyer, ORDERS, draft(world, title="Autre"), "k-1")
        assert (other.status_code, other.json()["type"]) == (422, "/api/v1/problems/idempotency_mismatch")
        assert PurchaseOrder.objects.count() == 1

    def test_the_keys_of_two_callers_are_strangers(self):
        world = make_world()
        colleague = make_member(world.beneficiary.organisation, "buyer")
        post(world.buyer, ORDERS, draft(world), "k-1")
        assert "Idempotent-Replayed" not in post(colleague, ORDERS, draft(world), "k-1")
        assert PurchaseOrder.objects.count() == 2

    def test_a_refusal_is_not_kept_the_key_may_be_used_again(self):
        world = make_world()
        assert post(world.buyer, ORDERS, draft(world, lines=[{"quantity": "1"}]), "k-1").status_code == 422
        assert post(world.buyer, ORDERS, draft(world), "k-1").status_code == 201

    @pytest.mark.parametrize("key", ["x" * 256, "é", "a b", '""', ""])
    def test_a_key_that_is_none_is_a_problem(self, key):
        world = make_world()
        answer = as_user(world.buyer, idempotency_key=key).post(ORDERS, draft(world))
        if key in ("", "é"):
            assert answer.status_code == 400
        assert answer.json()["type"].endswith("idempotency_key_invalid")

    def test_a_door_of_files_refuses_the_key_rather_than_promise_what_it_cannot(self):
        world = make_world()
        answer = post(world.supplier, "/api/v1/tenders/1/deposit/", {}, "k-1")
        assert answer.status_code in (400, 401)

    def test_what_is_kept_of_a_demand_cannot_be_guessed_from_a_copy_of_the_database(self, settings):
        """A custodian's passphrase comes through such a demand: its digest is under the secret of the installation."""
        request = SimpleNamespace(
            data={"passphrase": "x"}, method="POST", get_full_path=lambda: "/api/v1/tenders/1/opening/"
        )
        first = idempotency._fingerprint(request)
        assert first == idempotency._fingerprint(request)
        settings.SECRET_KEY = "another installation"
        assert idempotency._fingerprint(request) != first

    def test_after_a_day_the_key_is_forgotten(self):
        world = make_world()
        post(world.buyer, ORDERS, draft(world), "k-1")
        KeptAnswer.objects.update(created_at=clock.now() - timedelta(hours=25))
        assert "Idempotent-Replayed" not in post(world.buyer, ORDERS, draft(world), "k-1")
        assert PurchaseOrder.objects.count() == 2

    def test_the_sweep_erases_what_is_no_longer_replayed(self):
        world = make_world()
        post(world.buyer, ORDERS, draft(world), "old")
        KeptAnswer.objects.update(created_at=clock.now() - timedelta(hours=25))
        post(world.buyer, ORDERS, draft(world), "new")
        assert idempotency.sweep(at=clock.now()) == 1
        assert KeptAnswer.objects.get().key == "new"

    def test_a_repeated_issue_gives_one_number(self):
        world = make_world()
        order = make_order(world)
        answers = [post(world.buyer, f"{ORDERS}{order.pk}/issue/", key="issue-1") for _ in range(3)]
        assert {answer.json()["number"] for answer in answers} == {1}


@pytest.mark.django_db(transaction=True)
class TestAtTheSameInstant:
    def storm(self, call, times=AT_ONCE):
        """`call()` from as many threads, released together; the answers."""
        barrier = threading.Barrier(times, timeout=60)

        def one(_number):
            barrier.wait()
            try:
                return call()
            finally:
                connection.close()

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(one, range(times)))

    def test_fifty_posts_of_one_key_make_one_order_with_one_number(self):
        world = make_world()
        body = draft(world)
        answers = self.storm(lambda: post(world.buyer, ORDERS, body, "storm"))
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert {answer.json()["id"] for answer in answers if answer.status_code == 201} == {
            PurchaseOrder.objects.get().pk
        }
        issue = f"{ORDERS}{PurchaseOrder.objects.get().pk}/issue/"
        issued = self.storm(lambda: post(world.buyer, issue, key="storm-issue"))
        assert {answer.json()["number"] for answer in issued if answer.status_code == 200} == {1}
        assert {answer.status_code for answer in issued} <= {200, 409}

    def test_the_same_storm_without_a_key_makes_as_many_orders(self):
        """The negative control: it is the key that holds, not luck."""
        world = make_world()
        body = draft(world)
        answers = self.storm(lambda: post(world.buyer, ORDERS, body), times=8)
        assert {answer.status_code for answer in answers} == {201}
        assert PurchaseOrder.objects.count() == 8

    def test_a_crash_before_the_end_leaves_neither_order_nor_key(self, monkeypatch):
        world = make_world()

        def killed(*args, **options):
            raise SystemExit("killed")

        with monkeypatch.context() as broken:
            broken.setattr(idempotency, "_keep", killed)
            with pytest.raises(SystemExit):
                post(world.buyer, ORDERS, draft(world), "k-1")
        assert not PurchaseOrder.objects.exists()
        assert not KeptAnswer.objects.exists()
        assert post(world.buyer, ORDERS, draft(world), "k-1").status_code == 201

    def test_a_crash_after_the_end_is_replayed(self):
        world = make_world()
        made = post(world.buyer, ORDERS, draft(world), "k-1")  # the answer is lost on the way
        again = post(world.buyer, ORDERS, draft(world), "k-1")
        assert again.json()["id"] == made.json()["id"]
        assert PurchaseOrder.objects.count() == 1

"""Lock-out of sign-in: five failures, every process, without Valkey, without telling who has an account (A8, X4)."""

import threading
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse

from foundation import clock
from foundation.accounts import lockout
from foundation.accounts.models import KnownDevice, SignInFailures
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.notifications.models import OutboxEmail
from tests.accounts.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
WRONG = "faux mot de passe"


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


def make_verified(**fields):
    user = make_user(**fields)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def sign_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def fail(client, email, times=5):
    for _attempt in range(times):
        response = sign_in(client, email, WRONG)
    return response


def is_in(client):
    return "_auth_user_id" in client.session


class TestAccount:
    def test_five_failures_lock_even_the_right_password_and_the_delay_is_said(self, client):
        make_verified(email="nadia@example.org")
        said = fail(client, "nadia@example.org").content.decode()
        assert "Réessayez dans 15 minutes" in said
        assert "Réessayez dans 15 minutes" in sign_in(client, "Nadia@example.org").content.decode()
        assert not is_in(client)

    def test_four_do_not(self, client):
        make_verified(email="nadia@example.org")
        fail(client, "nadia@example.org", 4)
        assert sign_in(client, "nadia@example.org").status_code == 302

    def test_it_ends_after_a_quarter_of_an_hour(self, client):
        make_verified(email="nadia@example.org")
        fail(client, "nadia@example.org")
        SignInFailures.objects.update(locked_until_at=clock.now() - timedelta(seconds=1))
        assert sign_in(client, "nadia@example.org").status_code == 302

    def test_a_success_wipes_the_count(self, client):
        make_verified(email="nadia@example.org")
        fail(client, "nadia@example.org", 4)
        sign_in(client, "nadia@example.org")
        client.logout()
        fail(Client(), "nadia@example.org", 4)
        assert sign_in(client, "nadia@example.org").status_code == 302

    def test_another_account_is_not_touched(self, client):
        make_verified(email="autre@example.org")
        fail(client, "nadia@example.org")
        assert sign_in(client, "autre@example.org").status_code == 302

    def test_without_an_account_the_answers_are_the_same(self, client):
        make_verified(email="nadia@example.org")
        for times in (1, 5):
            known = fail(client, "nadia@example.org", times).content.decode()
            unknown = fail(client, "personne@example.org", times).content.decode()
            assert _errors(known) == _errors(unknown)
            assert _errors(known)

    def test_it_holds_while_the_cache_is_away(self, client, settings):
        settings.CACHES = settings.CACHES | {
            "default": {
                "BACKEND": "procurement.cache.ForgivingRedisCache",
                "LOCATION": "redis://127.0.0.1:9/0",
                "OPTIONS": {"socket_connect_timeout": 0.1},
            }
        }
        make_verified(email="nadia@example.org")
        fail(client, "nadia@example.org")
        assert "Trop de tentatives" in sign_in(client, "nadia@example.org").content.decode()
        assert not is_in(client)

    def test_the_fresh_sign_in_counts_too(self, client):
        user = make_verified(email="nadia@example.org")
        client.force_login(user)
        for _attempt in range(5):
            client.post(reverse("account_reauthenticate"), {"password": WRONG})
        said = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert said.status_code == 200
        assert "Trop de tentatives" in said.content.decode()

    def test_nothing_kept_names_anybody(self, client):
        make_verified(email="nadia@example.org")
        fail(client, "nadia@example.org", 1)
        for row in SignInFailures.objects.all():
            assert "nadia" not in row.key
            assert "127.0.0.1" not in row.key
            assert len(row.key) == 64


def _errors(content):
    return [
        line.strip() for line in content.splitlines() if "incorrect" in line or "Trop de tentatives" in line
    ]


class TestAddress:
    def test_many_accounts_tried_from_one_place_lock_that_place(self, client):
        make_verified(email="nadia@example.org")
        for number in range(20):
            sign_in(client, f"personne{number}@example.org", WRONG)
        assert "Trop de tentatives" in sign_in(client, "nadia@example.org").content.decode()
        elsewhere = Client(REMOTE_ADDR="192.0.2.7")
        assert sign_in(elsewhere, "nadia@example.org").status_code == 302

    def test_signing_in_to_ones_own_account_does_not_wipe_the_failures_on_others(self, client):
        make_verified(email="mienne@example.org")
        for number in range(19):
            sign_in(client, f"personne{number}@example.org", WRONG)
        sign_in(client, "mienne@example.org")
        client.logout()
        sign_in(client, "encore@example.org", WRONG)
        make_verified(email="nadia@example.org")
        assert "Trop de tentatives" in sign_in(client, "nadia@example.org").content.decode()

    def test_a_known_browser_behind_the_same_address_still_signs_in(self, client):
        make_verified(email="nadia@example.org")
        sign_in(client, "nadia@example.org")
        client.post(reverse("account_logout"))
        for number in range(20):
            sign_in(Client(), f"personne{number}@example.org", WRONG)
        assert "Trop de tentatives" in sign_in(Client(), "nadia@example.org").content.decode()
        assert sign_in(client, "nadia@example.org").status_code == 302


class TestDevice:
    def test_a_stranger_does_not_shut_the_owner_out_of_a_known_device(self, client):
        make_verified(email="nadia@example.org")
        sign_in(client, "nadia@example.org")
        client.post(reverse("account_logout"))
        stranger = Client(REMOTE_ADDR="192.0.2.7")
        fail(stranger, "nadia@example.org")
        assert "Trop de tentatives" in sign_in(stranger, "nadia@example.org").content.decode()
        assert sign_in(client, "nadia@example.org").status_code == 302

    def test_a_known_device_has_its_limit_too(self, client):
        make_verified(email="nadia@example.org")
        sign_in(client, "nadia@example.org")
        client.post(reverse("account_logout"))
        fail(client, "nadia@example.org")
        assert "Trop de tentatives" in sign_in(client, "nadia@example.org").content.decode()

    def test_a_new_one_is_told_to_its_owner_but_not_the_first(self, client):
        user = make_verified(email="nadia@example.org")
        sign_in(client, "nadia@example.org")
        assert not OutboxEmail.objects.filter(kind="accounts.new_device").exists()
        sign_in(Client(HTTP_USER_AGENT="Netscape 4"), "nadia@example.org")
        told = OutboxEmail.objects.get(kind="accounts.new_device")
        assert told.recipient == user
        assert told.context["device"] == "Netscape 4"
        client.post(reverse("account_logout"))
        sign_in(client, "nadia@example.org")
        assert OutboxEmail.objects.filter(kind="accounts.new_device").count() == 1
        assert KnownDevice.objects.filter(user=user).count() == 2

    def test_its_cookie_is_kept_from_scripts_and_only_its_digest_in_the_database(self, client):
        make_verified(email="nadia@example.org")
        cookie = sign_in(client, "nadia@example.org").cookies["jalon_appareil"]
        assert cookie["httponly"]
        assert not KnownDevice.objects.filter(digest=cookie.value).exists()


class TestOwner:
    def test_is_told_once_and_the_journal_knows(self, client):
        user = make_verified(email="nadia@example.org")
        fail(client, "nadia@example.org", 8)
        assert OutboxEmail.objects.get(kind="accounts.locked").recipient == user
        assert Entry.objects.filter(action="accounts.lock_out", object_id=str(user.pk)).count() == 1

    def test_nobody_is_told_of_an_address_without_account(self, client):
        fail(client, "personne@example.org")
        assert not OutboxEmail.objects.filter(kind="accounts.locked").exists()


class TestOtherSecrets:
    """A custodian's passphrase: counted before it is looked at, for the person, whatever the browser."""

    def test_the_sixth_wrong_one_is_not_looked_at(self, at):
        custodian = make_user()
        for _number in range(5):
            lockout.limit("custodian", custodian, at=at)
        with pytest.raises(Refusal, match=r"Trop de tentatives\. Réessayez dans 15 minutes") as refused:
            lockout.limit("custodian", custodian, at=at)
        assert refused.value.code == "too_early"
        assert "connexion" not in str(refused.value)
        lockout.limit("custodian", custodian, at=at + lockout.LOCKED_FOR)

    def test_a_right_one_wipes_the_count_and_another_person_has_her_own(self, at):
        custodian, other = make_user(), make_user()
        for _number in range(9):
            lockout.succeed(lockout.limit("custodian", custodian, at=at))
        for _number in range(5):
            lockout.limit("custodian", custodian, at=at)
        lockout.limit("custodian", other, at=at)


@pytest.mark.django_db(transaction=True)
def test_a_refused_act_does_not_take_the_count_back(at):
    person = make_user()
    with pytest.raises(RuntimeError), transaction.atomic():
        lockout.limit("custodian", person, at=at)
    assert not SignInFailures.objects.exists()


def test_old_counts_are_forgotten(at):
    lockout.begin([lockout.Key("account", "a")], at=at - timedelta(hours=1))
    lockout.begin([lockout.Key("account", "b")], at=at)
    assert lockout.forget_old(at=at) == 1


def _storm(at, *, begin):
    """How many of twenty tries at once are let through to the password."""
    passed, barrier = [], threading.Barrier(20)

    def run():
        try:
            barrier.wait(10)
            if not begin([lockout.Key("account", "nadia@example.org")], at=at).locked_until_at:
                passed.append(1)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return len(passed)


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_twenty_tries_at_once_look_at_five_passwords(self, at):
        assert _storm(at, begin=lockout.begin) == 5

    def test_counting_after_the_fact_would_let_them_all_pass(self, at):
        """Negative control: looked at before being counted, every try passes."""

        def looked_at_first(keys, *, at):
            row = SignInFailures.objects.filter(key=keys[0].digest).first()
            return lockout.Attempt(tuple(keys), locked_until_at=row.locked_until_at if row else None)

        assert _storm(at, begin=looked_at_first) > 5

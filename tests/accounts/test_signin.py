"""Sign-in by e-mail, its limits, registration of a firm, forgotten passwords."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from foundation.accounts.models import Organisation, User
from tests.accounts.factories import PASSWORD, make_siret, make_supplier_org, make_user

pytestmark = pytest.mark.django_db

SECRET = "une phrase assez longue"


@pytest.fixture(autouse=True)
def _no_limit_left_over():
    cache.clear()


def make_verified(**fields):
    user = make_user(**fields)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


def clean(response, status=200):
    assert response.status_code == status
    content = response.content.decode()
    assert "variable inconnue" not in content
    assert "<h1>" in content
    return content


class TestSignIn:
    def test_the_form_speaks_our_words_and_offers_a_new_password_once(self, client):
        content = clean(client.get(reverse("account_login")))
        assert content.count(reverse("account_reset_password")) == 1
        assert "Rester connecté" in content

    def test_by_address_in_any_case(self, client):
        user = make_verified(email="nadia@example.org")
        assert sign_in(client, "Nadia@Example.org").url == reverse("screens:dashboard")
        assert client.session["_auth_user_id"] == str(user.pk)

    def test_leads_where_one_was_going_but_never_outside(self, client):
        make_verified(email="nadia@example.org")
        assert "suite" in clean(client.get(reverse("account_login"), {"next": "/compte/profil/?suite"}))
        assert sign_in(client, "nadia@example.org", next="/compte/profil/").url == "/compte/profil/"
        client.logout()
        assert sign_in(client, "nadia@example.org", next="https://evil.example/").url == reverse(
            "screens:dashboard"
        )

    def test_a_wrong_password_and_an_unknown_address_are_told_alike(self, client):
        make_verified(email="nadia@example.org")
        wrong = clean(sign_in(client, "nadia@example.org", "faux mot de passe"))
        unknown = clean(sign_in(client, "personne@example.org", "faux mot de passe"))
        assert "incorrect" in wrong
        assert wrong.replace("nadia", "personne").count("incorrect") == unknown.count("incorrect")

    def test_a_closed_account_is_told_so(self, client):
        make_verified(email="nadia@example.org", is_active=False)
        response = sign_in(client, "nadia@example.org")
        assert response.url == reverse("account_inactive")
        clean(client.get(response.url))

    def test_too_many_requests_from_one_address_show_a_page(self, client, settings):
        settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
        for _attempt in range(3):
            client.get(reverse("account_login"))
            sign_in(client, "nadia@example.org", "faux mot de passe")
        response = sign_in(client, "nadia@example.org", "faux mot de passe")
        assert "cinq minutes" in clean(response, 429)

    def test_signing_out_needs_a_post(self, client):
        client.force_login(make_user())
        clean(client.get(reverse("account_logout")))
        assert "_auth_user_id" in client.session
        client.post(reverse("account_logout"))
        assert "_auth_user_id" not in client.session

    def test_the_password_is_kept_as_argon2(self, settings):
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
        assert make_user().password.startswith("argon2$argon2id$")


class TestRegistration:
    def typed(self, **changes):
        return {
            "name": "Coopérative du Test",
            "siret": make_siret(),
            "city": "Nantes",
            "full_name": "Nour Elle",
            "email": "nour@example.org",
            "password1": SECRET,
            "password2": SECRET,
            **changes,
        }

    def post(self, client, **changes):
        return client.post(reverse("account_signup"), self.typed(**changes))

    def test_from_the_form_to_the_dashboard(self, client):
        clean(client.get(reverse("account_signup")))
        response = self.post(client)
        assert response.url == reverse("account_email_verification_sent")
        clean(client.get(response.url))
        assert not Organisation.objects.exists()
        (message,) = mail.outbox
        assert message.subject == "[Jalon] Confirmez votre adresse électronique"
        link = next(word for word in message.body.split() if word.startswith("http"))
        clean(client.get(link))
        client.post(link)
        assert EmailAddress.objects.get().verified
        client.logout()
        assert sign_in(client, "nour@example.org", SECRET).url == reverse("screens:dashboard")
        assert Organisation.objects.get().kind == "supplier"
        assert "vous l’administrez" in clean(client.get(reverse("screens:dashboard")))

    def test_before_confirmation_nobody_signs_in(self, client):
        self.post(client)
        client.logout()
        assert sign_in(client, "nour@example.org", SECRET).url == reverse("account_email_verification_sent")
        assert "_auth_user_id" not in client.session
        assert not Organisation.objects.exists()

    @pytest.mark.parametrize("siret", ["12345678901234", "130 025 265 00014", "lettres"])
    def test_a_wrong_siret_is_said_beside_its_field_and_the_form_kept(self, client, siret):
        response = self.post(client, siret=siret)
        content = clean(response)
        assert "vérifiez les 14 chiffres" in response.context["form"].errors["siret"][0]
        assert 'value="Coopérative du Test"' in content
        assert not User.objects.exists()

    def test_a_known_siret_is_answered_as_any_other(self, client):
        known = make_supplier_org(name="Atelier Connu")
        unknown = self.post(client)
        client.logout()
        answer = self.post(client, siret=known.siret, email="autre@example.org")
        assert answer.url == unknown.url
        assert "Atelier Connu" not in clean(client.get(answer.url))

    def test_a_known_address_is_not_told_but_its_owner_is_written_to(self, client):
        make_verified(email="nour@example.org")
        response = self.post(client)
        assert response.url == reverse("account_email_verification_sent")
        assert not Organisation.objects.exists()
        (message,) = mail.outbox
        assert message.subject == "[Jalon] Vous avez déjà un compte"

    @pytest.mark.parametrize("password", ["court", "123456789012", "nour@example.org"])
    def test_a_weak_password_is_refused(self, client, password):
        response = self.post(client, password1=password, password2=password)
        assert response.context["form"].errors["password1"]
        assert not User.objects.exists()

    def test_a_mail_server_that_is_away_is_said(self, client, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        response = self.post(client)
        assert "pas pu partir" in clean(client.get(response.url))


class TestForgottenPassword:
    def test_from_the_link_to_a_new_password(self, client):
        user = make_verified(email="nadia@example.org")
        clean(client.get(reverse("account_reset_password")))
        response = client.post(reverse("account_reset_password"), {"email": "nadia@example.org"}, follow=True)
        clean(response)
        (message,) = mail.outbox
        link = next(word for word in message.body.split() if word.startswith("http"))
        form = client.get(link, follow=True)
        clean(form)
        done = client.post(form.request["PATH_INFO"], {"password1": SECRET, "password2": SECRET}, follow=True)
        clean(done)
        user.refresh_from_db()
        assert user.check_password(SECRET)
        assert "a déjà servi" in clean(client.get(link, follow=True))

    def test_an_unknown_address_gets_the_same_page(self, client):
        response = client.post(
            reverse("account_reset_password"), {"email": "inconnue@example.org"}, follow=True
        )
        clean(response)
        assert mail.outbox[0].subject == "[Jalon] Aucun compte à cette adresse"

    def test_change_needs_the_present_one(self, client):
        user = make_verified()
        client.force_login(user)
        clean(client.get(reverse("account_change_password")))
        typed = {"oldpassword": "faux", "password1": SECRET, "password2": SECRET}
        clean(client.post(reverse("account_change_password"), typed))
        client.post(reverse("account_change_password"), {**typed, "oldpassword": PASSWORD})
        user.refresh_from_db()
        assert user.check_password(SECRET)


def test_an_account_without_a_password_chooses_its_first(client):
    user = make_user()
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    page = clean(client.get(reverse("account_change_password"), follow=True))
    assert "Choisir un mot de passe" in page
    client.post(
        reverse("account_set_password"), {"password1": "un-premier-secret", "password2": "un-premier-secret"}
    )
    user.refresh_from_db()
    assert user.check_password("un-premier-secret")

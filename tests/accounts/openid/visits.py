"""What a browser does between the platform and the provider."""

from urllib.parse import parse_qs, urlsplit

import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from tests.accounts import identity_provider as idp
from tests.accounts.factories import make_user

CALLBACK = "http://testserver/compte/proconnect/retour/"


def configure(settings, provider):
    settings.PROCONNECT_ISSUER = provider.issuer
    settings.PROCONNECT_CLIENT_ID = idp.CLIENT
    settings.PROCONNECT_CLIENT_SECRET = idp.SECRET


def leave(client, **query):
    """Where the browser is sent by the button."""
    return client.post(reverse("proconnect_login", query=query or None))


def come_back(client, departure, **changes):
    """The browser goes to the provider, who sends it back here."""
    returned = requests.get(departure.url, allow_redirects=False, timeout=10).headers["Location"]
    query = {name: values[0] for name, values in parse_qs(urlsplit(returned).query).items()}
    return client.get(urlsplit(returned).path, {**query, **changes})


def sign_in(client, **query):
    return come_back(client, leave(client, **query))


def is_in(client):
    return "_auth_user_id" in client.session


def refused(client, response):
    content = response.content.decode()
    assert response.status_code in (401, 403)
    assert "La connexion n’a pas abouti" in content
    assert "variable inconnue" not in content
    assert not is_in(client)
    assert not SocialAccount.objects.exists()
    return content


def make_verified(email=idp.PERSON["email"], **fields):
    user = make_user(email=email, **fields)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    return user

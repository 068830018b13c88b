"""The client that tests of the API share."""

from rest_framework.test import APIClient


def as_user(user=None, **headers) -> APIClient:
    """A client signed in as `user`, with these headers on every request (`if_match="*"`)."""
    client = APIClient(headers={name.replace("_", "-"): value for name, value in headers.items()})
    if user is not None:
        client.force_authenticate(user)
    return client


def by_token(secret, **headers) -> APIClient:
    """A client that bears this token."""
    return as_user(authorization=f"Token {secret}", **headers)

"""Letting time pass for one browser: what only a test may do."""

from typing import Any

from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing

from tests.journeys.people import Person

SALT = "django.contrib.sessions.SessionStore"
PROOFS = "account_authentication_methods"


def half_an_hour_passes(platform: Any, database: Any, person: Person) -> None:
    """The last proof of who this person is becomes thirty minutes older; the session goes on."""
    cookies = {cookie["name"]: cookie["value"] for cookie in person.context.cookies()}
    row = {"key": platform.environment["SECRET_KEY"], "salt": SALT, "serializer": JSONSerializer}
    cursor = database.cursor()
    cursor.execute("SELECT session_data FROM django_session WHERE session_key = %s", [cookies["sessionid"]])
    session = signing.loads(cursor.fetchone()[0], **row)
    session[PROOFS] = [{**proof, "at": proof["at"] - 1800} for proof in session[PROOFS]]
    kept = signing.dumps(session, compress=True, **row)
    cursor.execute(
        "UPDATE django_session SET session_data = %s WHERE session_key = %s", [kept, cookies["sessionid"]]
    )

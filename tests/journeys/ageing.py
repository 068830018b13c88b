"""Letting time pass, for one browser or for one consultation: what only a test may do."""

from typing import Any

from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing

from tests.journeys.backstage import tell
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


def the_deadline_passes(platform: Any, number: int) -> None:
    """The deadline of a consultation was a second ago, for its rows and for the journal: the opening compares them."""
    tell(platform, "deadline_passes", number, as_owner=True)


def the_standstill_passes(database: Any, number: int) -> None:
    """The contracts of a consultation may be signed since a minute."""
    cursor = database.cursor()
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(
        "UPDATE tenders_contract SET signable_at = now() - interval '1 minute' WHERE award_id IN (SELECT a.id"
        " FROM tenders_award a JOIN tenders_lot l ON l.id = a.lot_id WHERE l.tender_id = %s)",
        [number],
    )
    cursor.execute("SET session_replication_role = DEFAULT")

"""What must hold after kills: nothing acknowledged is lost, nothing is done twice, the journal verifies."""

from collections import Counter

from tests.faults.load import Acknowledged
from tests.faults.supervised import Supervised

ORDERS = """
    SELECT o.title, o.id::text, o.number, o.state <> 'draft'
    FROM framework_agreements_purchaseorder o WHERE o.title LIKE 'charge-%%'
"""
PRINTED = "SELECT object_id, state FROM documents_document WHERE kind = 'framework_agreements.purchase_order'"
TOLD = "SELECT recipient_id, kind, object_id FROM notifications_notification"
JOURNALLED = "SELECT object_id FROM journal_entry WHERE action = 'framework_agreements.order_issue'"


def differences(platform: Supervised, acknowledged: Acknowledged) -> list[str]:
    """What does not hold; nothing when all is well."""
    orders = platform.rows(ORDERS)
    by_title = {title: (pk, number) for title, pk, number, _issued in orders}
    found = [f"draft lost: {key}" for key in acknowledged.drafts if f"charge-{key}" not in by_title]
    for key, (pk, number, _request) in acknowledged.issued.items():
        if by_title.get(f"charge-{key}") != (str(pk), number):
            found.append(f"issued order lost: {key} {pk} {number}")
    found += _twice("order", (title for title, *_rest in orders))
    numbers = sorted(number for _title, _pk, number, issued in orders if issued)
    if numbers != list(range(1, len(numbers) + 1)):
        found.append(f"numbers with gaps or twice: {numbers}")
    issued = {pk for _title, pk, _number, is_issued in orders if is_issued}
    found += _each_once("document", issued, [pk for pk, _state in platform.rows(PRINTED)])
    found += _each_once("journal line", issued, [pk for (pk,) in platform.rows(JOURNALLED)])
    found += _twice("notification", platform.rows(TOLD))
    found += [f"document failed: {pk}" for pk, state in platform.rows(PRINTED) if state == "failed"]
    told = platform.run("manage.py", "journal_verify")
    return found if "intact" in told else [*found, told]


def waiting(platform: Supervised) -> int:
    """Documents and e-mails not yet done."""
    sql = """
        SELECT (SELECT count(*) FROM documents_document WHERE state <> 'ready')
             + (SELECT count(*) FROM notifications_outboxemail WHERE state = 'waiting')
    """
    rows = platform.rows(sql)
    return rows[0][0] if rows else -1


def _twice(what: str, things) -> list[str]:
    return [f"{what} {count} times: {thing}" for thing, count in Counter(things).items() if count > 1]


def _each_once(what: str, wanted: set[str], found: list[str]) -> list[str]:
    missing = [f"{what} missing: {pk}" for pk in wanted - set(found)]
    return [*missing, *_twice(what, found)]

"""Reads the calls, prepares an order, completes it and issues it, with the client generated beside this file.

JALON_URL and JALON_TOKEN say where and as whom; README.md says how the client is generated. A demand that may have
been lost on the way is sent again with the same key: it never acts twice.
"""

import os
import sys
import uuid

from jalon_api import AuthenticatedClient
from jalon_api.api.framework_agreements import framework_agreements_list, framework_agreements_retrieve
from jalon_api.api.me import me_retrieve
from jalon_api.api.orders import orders_create, orders_issue_create, orders_lines_create
from jalon_api.api.tenders import tenders_list
from jalon_api.api.work_units import work_units_list
from jalon_api.models import (
    FrameworkAgreementsLineInputRequest,
    FrameworkAgreementsOrderInputRequest,
    Problem,
)


def checked(response):
    """What was answered; a problem is told in its own words."""
    if isinstance(response.parsed, Problem):
        sys.exit(f"{response.parsed.title} : {response.parsed.detail}")
    return response.parsed


def main():
    """Each step prints what it found."""
    client = AuthenticatedClient(os.environ["JALON_URL"], os.environ["JALON_TOKEN"], prefix="Token")
    for tender in checked(tenders_list.sync_detailed(client=client, page_size=5)).results:
        print(f"{tender.reference} {tender.title}")

    me = checked(me_retrieve.sync_detailed(client=client))
    mine = {membership.organisation_id for membership in me.memberships}
    running = checked(framework_agreements_list.sync_detailed(client=client)).results[0]
    agreement = checked(framework_agreements_retrieve.sync_detailed(running.id, client=client))
    beneficiary = next(one for one in agreement.beneficiaries if one.organisation_id in mine)
    lot = agreement.lots[0]
    units = checked(work_units_list.sync_detailed(client=client, agreement=agreement.id)).results
    unit = next(one for one in units if one.load_days and one.lot_id == lot.id)

    line = FrameworkAgreementsLineInputRequest(work_unit=unit.id, quantity="1")
    order = FrameworkAgreementsOrderInputRequest(
        lot=lot.id,
        holder=lot.holders[0].id,
        beneficiary=beneficiary.id,
        title="Commande préparée par un programme",
        lines=[line],
    )
    drafted = orders_create.sync_detailed(client=client, body=order, idempotency_key=str(uuid.uuid4()))
    draft = checked(drafted)
    print(f"brouillon {draft.id} : {draft.total_excl_tax} € HT")

    completed = orders_lines_create.sync_detailed(
        draft.id,
        client=client,
        body=line,
        if_match=drafted.headers["ETag"],
        idempotency_key=str(uuid.uuid4()),
    )
    checked(completed)
    issued = checked(
        orders_issue_create.sync_detailed(
            draft.id, client=client, if_match=completed.headers["ETag"], idempotency_key=str(uuid.uuid4())
        )
    )
    print(f"émis : {issued.label}, {issued.total_excl_tax} € HT")


if __name__ == "__main__":
    main()

"""`python -m tests.faults.world`: an agreement in force and a token, in the platform of the environment."""

import json
import os
import sys
from datetime import timedelta

import django

os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]  # an agreement in force has a past
django.setup()

from foundation.api.models import AccessToken  # noqa: E402
from tests.framework_agreements.factories import make_world  # noqa: E402


def main() -> None:
    """Print what a client needs to order."""
    world = make_world(maximum="900000000", unit_price="10")
    scopes = ["read", "orders:write", "orders:issue"]
    _row, token = AccessToken.objects.create(
        user=world.buyer, name="charge", scopes=scopes, expiry=timedelta(hours=8)
    )
    order = {
        "lot": world.lot.pk,
        "holder": world.holder.pk,
        "beneficiary": world.beneficiary.pk,
        "lines": [{"work_unit": world.unit().pk, "quantity": "1"}],
    }
    sys.stdout.write(json.dumps({"token": token, "order": order, "agreement": world.agreement.pk}))


main()

"""The supplier's file through the API: what is wrong in a body is told, never an error of the platform."""

import pytest

from concierge import services
from concierge.models import SupplierFile
from foundation.clock import now
from tests.api.client import as_user
from tests.concierge.factories import make_firm

pytestmark = pytest.mark.django_db
REFERENCE = {"client": "Mairie", "subject": "Portail", "started_date": "2024-01-01"}


@pytest.fixture
def kept():
    """A client of the API for the keeper of a file, and the address of the file."""
    organisation, by = make_firm()
    services.file_update(organisation=organisation, figures={}, by=by, at=now())
    file = SupplierFile.objects.get(organisation=organisation)
    return as_user(by, if_match="*"), f"/api/v1/supplier-files/{file.pk}/"


@pytest.mark.parametrize(
    "figures",
    [
        [{"staff": 3}],
        [{"year": 2024, "turnover_excl_tax": "-5.00"}],
        [{"year": 2024, "turnover_excl_tax": "-5.00", "staff": 3}],
        [{"year": 2024, "staff": -1}],
        [{"year": 1, "staff": 1}],
    ],
)
def test_figures_that_cannot_be_are_refused(kept, figures):
    client, address = kept
    answer = client.patch(address, {"figures": figures}, format="json")
    assert answer.status_code == 422, answer.content
    assert client.get(address).data["figures"] == []


def test_a_year_without_figures_is_taken_out(kept):
    client, address = kept
    client.patch(address, {"figures": [{"year": 2024, "staff": 3}]}, format="json")
    answer = client.patch(address, {"figures": [{"year": 2024}]}, format="json")
    assert (answer.status_code, answer.data["figures"]) == (200, [])


def test_a_negative_amount_is_refused(kept):
    client, address = kept
    answer = client.post(f"{address}references/", {**REFERENCE, "amount_excl_tax": "-1"}, format="json")
    assert answer.status_code == 422, answer.content

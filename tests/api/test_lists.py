"""Lists: fields asked for, parameters that must be known, orders that a cursor can follow, exports (X6 of trust.md)."""

import json
import tracemalloc

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.accounts.enums import OrganisationKind, Role
from foundation.accounts.models import Organisation
from foundation.api.viewsets import ReadViewSet
from procurement.api_urls import router
from tests.accounts.factories import make_buyer_org, make_member, make_platform_admin, make_supplier_org
from tests.api.client import as_user
from tests.framework_agreements.factories import make_issued_order, make_order, make_world
from tests.needs.factories import make_project, make_strategy_line

pytestmark = pytest.mark.django_db

ORGANISATIONS = "/api/v1/organisations/"
LISTS = [viewset for _prefix, viewset, _name in router.registry if issubclass(viewset, ReadViewSet)]


def refused(answer):
    """The parameter that a 422 names."""
    assert answer.status_code == 422, answer.content
    return answer.json()["errors"][0]["parameter"], answer.json()["errors"][0]["detail"]


class TestFields:
    def test_only_the_fields_asked_for(self):
        admin = as_user(make_platform_admin())
        row = admin.get(ORGANISATIONS, {"fields": "id,name"}).json()["results"][0]
        assert set(row) == {"id", "name"}
        assert set(admin.get(f"{ORGANISATIONS}{row['id']}/", {"fields": "siret"}).json()) == {"siret"}

    def test_inside_a_nested_object_and_a_list_of_them(self):
        project = make_project()
        make_strategy_line(project)
        address = f"/api/v1/purchase-projects/{project.pk}/"
        asked = {"fields": "id,organisation.name,strategy_lines.title,strategy_lines.form"}
        body = as_user(project.created_by).get(address, asked).json()
        assert set(body) == {"id", "organisation", "strategy_lines"}
        assert set(body["organisation"]) == {"name"}
        assert set(body["strategy_lines"][0]) == {"title", "form"}

    @pytest.mark.parametrize(
        "fields", ["", ",", "id,password", "name.first", "abilities.edit.more", "id,organisation."]
    )
    def test_an_unknown_name_is_refused_with_those_that_are_known(self, fields):
        name, detail = refused(as_user(make_platform_admin()).get(ORGANISATIONS, {"fields": fields}))
        assert name == "fields"
        assert detail

    def test_it_never_gives_a_field_that_the_resource_has_not(self):
        answer = as_user(make_platform_admin()).get("/api/v1/me/", {"fields": "email,password"})
        assert answer.status_code in (200, 422)
        assert "password" not in answer.json()


class TestParameters:
    @pytest.mark.parametrize(
        "query",
        [{"sate": "draft"}, {"format": "json"}, {"ordering": "password"}, {"ordering": "name,secret"}],
    )
    def test_a_misspelt_parameter_never_answers_every_row(self, query):
        assert refused(as_user(make_platform_admin()).get(ORGANISATIONS, query))[0] in query

    @pytest.mark.parametrize("viewset", LISTS, ids=lambda viewset: viewset.__name__)
    def test_each_list_is_narrowed_by_something(self, viewset):
        filters = getattr(viewset, "filterset_class", None) or getattr(viewset, "filterset_fields", ())
        assert filters or viewset.search_fields

    @pytest.mark.parametrize("viewset", LISTS, ids=lambda viewset: viewset.__name__)
    def test_no_list_is_ordered_by_what_may_be_missing(self, viewset):
        model = viewset.serializer_class.Meta.model
        assert [name for name in viewset.ordering_fields if model._meta.get_field(name).null] == []


class TestExport:
    def lines(self, answer):
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/x-ndjson"
        return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]

    def test_one_row_a_line_all_of_them_as_in_the_list(self):
        for _number in range(130):
            make_buyer_org()
        admin = as_user(make_platform_admin())
        rows = self.lines(admin.get(f"{ORGANISATIONS}export/", {"kind": "buyer"}))
        page = admin.get(ORGANISATIONS, {"kind": "buyer", "page_size": 100}).json()["results"]
        assert len(rows) == 130
        assert rows[:100] == page

    def test_filters_order_search_and_fields_hold(self):
        make_buyer_org(name="Zoé")
        make_supplier_org(name="Alix")
        admin = as_user(make_platform_admin())
        rows = self.lines(
            admin.get(f"{ORGANISATIONS}export/", {"kind": "supplier", "fields": "name", "search": "ali"})
        )
        assert rows == [{"name": "Alix"}]
        assert refused(admin.get(f"{ORGANISATIONS}export/", {"sate": "x"}))[0] == "sate"

    def test_only_what_the_caller_sees(self):
        """X6: the export is not a second door."""
        world = make_world()
        draft, issued = make_order(world), make_issued_order(world)
        export = "/api/v1/orders/export/"
        seen = {
            "buyer": {draft.pk, issued.pk},
            "supplier": {issued.pk},
        }
        for name, expected in seen.items():
            rows = self.lines(as_user(getattr(world, name)).get(export))
            assert {row["id"] for row in rows} == expected, name
        stranger = make_member(make_supplier_org(), Role.SUPPLIER)
        assert self.lines(as_user(stranger).get(export)) == []
        assert as_user().get(export).status_code == 401

    def test_its_memory_does_not_grow_with_its_length(self):
        admin = as_user(make_platform_admin())
        peaks = [self.peak_for(admin, many) for many in (500, 5000)]
        assert peaks[1] < peaks[0] + 1_000_000, peaks

    def peak_for(self, client, many):
        """Bytes at the worst moment of an export of at least `many` rows."""
        start = Organisation.objects.count()
        Organisation.objects.bulk_create(
            Organisation(name=f"Ville {number}", kind=OrganisationKind.BUYER, siret=f"{number:014d}")
            for number in range(start, start + many)
        )
        answer = client.get(f"{ORGANISATIONS}export/")
        tracemalloc.start()
        count = sum(1 for _line in answer.streaming_content)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count >= many
        return peak

    def test_its_queries_do_not_grow_with_its_length(self):
        world = make_world()
        costs = []
        for _round in range(2):
            for _number in range(5):
                make_issued_order(world)
            with CaptureQueriesContext(connection) as queries:
                self.lines(as_user(world.admin).get("/api/v1/orders/export/"))
            costs.append(len(queries))
        assert costs[1] <= costs[0]

"""The supplier's file through the API: written once by its keepers, read by nobody else."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from concierge import downloads, rules, services
from concierge.enums import CertificateKind
from concierge.models import Capacity, Certificate, Reference, SupplierFile, YearFigures
from concierge.selectors import FACTS
from foundation.accounts.models import Organisation
from foundation.api.fields import AbilitiesField
from foundation.api.viewsets import ReadViewSet
from foundation.clock import now
from foundation.files.responses import file_response


class YearSerializer(serializers.ModelSerializer):
    """Turnover, in euros excluding tax, and average staff of one year."""

    class Meta:
        model = YearFigures
        fields = ["year", "turnover_excl_tax", "staff"]


class CapacitySerializer(serializers.ModelSerializer):
    """What the firm can do, and what shows it."""

    class Meta:
        model = Capacity
        fields = ["id", "title", "description"]


class ReferenceSerializer(serializers.ModelSerializer):
    """A service delivered; the amount is in euros excluding tax."""

    class Meta:
        model = Reference
        fields = [
            "id",
            "client",
            "subject",
            "amount_excl_tax",
            "started_date",
            "ended_date",
            "contact_name",
            "contact_email",
        ]


class CertificateSerializer(serializers.ModelSerializer):
    """A paper; its file is at `…/certificates/{id}/`."""

    class Meta:
        model = Certificate
        fields = ["id", "kind", "title", "issuer", "issued_date", "expires_date", "name", "size", "sha256"]


class FirmSerializer(serializers.ModelSerializer):
    """The firm, by its name and SIRET."""

    class Meta:
        model = Organisation
        fields = ["id", "name", "siret"]


class SupplierFileRowSerializer(serializers.ModelSerializer):
    """A file in a list."""

    organisation = FirmSerializer()

    class Meta:
        model = SupplierFile
        fields = ["id", "organisation", "version", "updated_at"]


class SupplierFileSerializer(SupplierFileRowSerializer):
    """The file of a firm, whole."""

    figures = YearSerializer(many=True)
    capacities = CapacitySerializer(many=True)
    references = ReferenceSerializer(many=True)
    certificates = CertificateSerializer(many=True)
    abilities = AbilitiesField(edit=lambda user, file: rules.can_edit_supplier_file(user, file.organisation))

    class Meta(SupplierFileRowSerializer.Meta):
        fields = [
            *SupplierFileRowSerializer.Meta.fields,
            *FACTS,
            "figures",
            "capacities",
            "references",
            "certificates",
            "abilities",
        ]


class YearInput(YearSerializer):
    """The figures of one year, always named; nothing is below zero."""

    class Meta(YearSerializer.Meta):
        extra_kwargs = {"turnover_excl_tax": {"min_value": 0}}

    def validate(self, attrs):
        """A change of the facts is partial; a row of figures is not."""
        if "year" not in attrs:
            raise serializers.ValidationError({"year": self.fields["year"].error_messages["required"]})
        return attrs


class FactsInput(serializers.ModelSerializer):
    """The facts and the figures; an absent field does not change, a year without figures is taken out."""

    figures = YearInput(many=True, required=False)

    class Meta:
        model = SupplierFile
        fields = [*FACTS, "figures"]


class SupplierFileInput(FactsInput):
    """The same, to begin the file of a firm of the caller's."""

    organisation = serializers.PrimaryKeyRelatedField(queryset=Organisation.objects.none())

    class Meta(FactsInput.Meta):
        fields = ["organisation", *FactsInput.Meta.fields]

    def get_fields(self):
        """The firms whose file the caller keeps."""
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["organisation"].queryset = rules.firms_of(request.user)
        return fields


class CapacityInput(serializers.ModelSerializer):
    """A capacity."""

    class Meta:
        model = Capacity
        fields = ["title", "description"]
        extra_kwargs = {"description": {"default": ""}}


class ReferenceInput(serializers.ModelSerializer):
    """A reference, whole: an absent field is empty, but for the address of the contact, which is kept."""

    class Meta:
        model = Reference
        fields = ReferenceSerializer.Meta.fields[1:]
        extra_kwargs = {
            "amount_excl_tax": {"default": None, "min_value": 0},
            "ended_date": {"default": None},
            "contact_name": {"default": ""},
        }


class CertificateInput(serializers.Serializer):
    """A paper with its file."""

    kind = serializers.ChoiceField(choices=CertificateKind.choices)
    title = serializers.CharField(max_length=150, allow_blank=True, default="")
    issuer = serializers.CharField(max_length=150, allow_blank=True, default="")
    issued_date = serializers.DateField(required=False, allow_null=True, default=None)
    expires_date = serializers.DateField(required=False, allow_null=True, default=None)
    upload = serializers.FileField()


def _facts(data) -> dict:
    """The facts as the service takes them: {year: (turnover, staff)}."""
    rows = data.pop("figures", ())
    figures = {one["year"]: (one.get("turnover_excl_tax"), one.get("staff")) for one in rows}
    return {**data, "figures": figures}


@extend_schema_view(
    list=extend_schema(summary="Les dossiers des entreprises de l'appelant"),
    retrieve=extend_schema(summary="Le dossier d'une entreprise : faits, chiffres, références, pièces"),
)
class SupplierFileViewSet(ReadViewSet):
    """The supplier's file: kept by the firm, copied in its candidatures. Buyers read the copy, never the file."""

    queryset = SupplierFile.objects.none()
    visible_to = staticmethod(rules.files_visible_to)
    serializer_class = SupplierFileSerializer
    list_serializer_class = SupplierFileRowSerializer
    filterset_fields = ["organisation"]
    search_fields = ["organisation__name"]
    ordering_fields = ["updated_at"]
    ordering = "-updated_at"
    write_scope = "supplier-file:write"
    keyless_actions = frozenset({"add_certificate"})

    def prepare(self, queryset):
        """What the representation reads, in a constant number of queries."""
        queryset = queryset.select_related("organisation")
        if self.lists:
            return queryset
        return queryset.prefetch_related("figures", "capacities", "references", "certificates")

    @extend_schema(
        summary="Commencer le dossier d'une entreprise",
        request=SupplierFileInput,
        responses={201: SupplierFileSerializer},
    )
    def create(self, request, **kwargs):
        """Write the facts of a firm; the file already begun is written again."""
        if not rules.firms_of(request.user).exists():
            raise PermissionDenied
        data = _facts(self.submitted(SupplierFileInput))
        return self.created(services.file_update(**data, by=request.user, at=now()))

    @extend_schema(summary="Modifier les faits", request=FactsInput, responses=SupplierFileSerializer)
    def partial_update(self, request, **kwargs):
        """Change the facts or the figures."""
        file = self.get_object()
        data = _facts(self.submitted(FactsInput, file))
        services.file_update(organisation=file.organisation, **data, by=request.user, at=now())
        return self.answer(file)

    @extend_schema(
        summary="Ajouter une capacité", request=CapacityInput, responses={201: SupplierFileSerializer}
    )
    @action(detail=True, methods=["post"], url_path="capacities")
    def add_capacity(self, request, **kwargs):
        """Write a new capacity."""
        return self._save(services.capacity_save, CapacityInput)

    @extend_schema(summary="Récrire une capacité", request=CapacityInput, responses=SupplierFileSerializer)
    @action(detail=True, methods=["put"], url_path=r"capacities/(?P<row>\d+)")
    def capacity(self, request, row=None, **kwargs):
        """Write a capacity otherwise."""
        return self._save(services.capacity_save, CapacityInput, "capacities", row, "capacity")

    @extend_schema(summary="Retirer une capacité", responses={204: None})
    @capacity.mapping.delete
    def remove_capacity(self, request, row=None, **kwargs):
        """Take a capacity out."""
        return self._remove(services.capacity_remove, "capacities", row, "capacity")

    @extend_schema(
        summary="Ajouter une référence", request=ReferenceInput, responses={201: SupplierFileSerializer}
    )
    @action(detail=True, methods=["post"], url_path="references")
    def add_reference(self, request, **kwargs):
        """Write a new reference."""
        return self._save(services.reference_save, ReferenceInput)

    @extend_schema(summary="Récrire une référence", request=ReferenceInput, responses=SupplierFileSerializer)
    @action(detail=True, methods=["put"], url_path=r"references/(?P<row>\d+)")
    def reference(self, request, row=None, **kwargs):
        """Write a reference otherwise."""
        return self._save(services.reference_save, ReferenceInput, "references", row, "reference")

    @extend_schema(summary="Retirer une référence", responses={204: None})
    @reference.mapping.delete
    def remove_reference(self, request, row=None, **kwargs):
        """Take a reference out."""
        return self._remove(services.reference_remove, "references", row, "reference")

    @extend_schema(
        summary="Ajouter une pièce",
        request={"multipart/form-data": CertificateInput},
        responses={201: SupplierFileSerializer},
    )
    @action(detail=True, methods=["post"], url_path="certificates", parser_classes=[MultiPartParser])
    def add_certificate(self, request, **kwargs):
        """Put a paper in the file; one of a kind in force replaces the former."""
        return self._save(services.certificate_add, CertificateInput)

    @extend_schema(
        summary="Télécharger une pièce",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(detail=True, methods=["get"], url_path=r"certificates/(?P<row>\d+)", pagination_class=None)
    def certificate(self, request, row=None, **kwargs):
        """The file of a paper."""
        found = get_object_or_404(self.get_object().certificates, pk=row)
        return file_response(request, downloads.certificate_file(found))

    @extend_schema(summary="Retirer une pièce", responses={204: None})
    @certificate.mapping.delete
    def remove_certificate(self, request, row=None, **kwargs):
        """Take a paper out; the copies sealed in bids stay there."""
        return self._remove(services.certificate_remove, "certificates", row, "certificate")

    def _save(self, service, input_class, rows="", row=None, name=""):
        file = self.get_object()
        known = {name: get_object_or_404(getattr(file, rows), pk=row)} if rows else {}
        data = self.submitted(input_class)
        service(organisation=file.organisation, **known, **data, by=self.request.user, at=now())
        return self.answer(file) if rows else self.created(file)

    def _remove(self, service, rows, row, name):
        found = get_object_or_404(getattr(self.get_object(), rows), pk=row)
        service(**{name: found}, by=self.request.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)


ROUTES = [("supplier-files", SupplierFileViewSet, "supplier-file")]

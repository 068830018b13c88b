"""Bytes inside JSON."""

import base64
import binascii

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field(OpenApiTypes.BYTE)
class Base64Field(serializers.CharField):
    """Bytes in standard base64."""

    default_error_messages = {"base64": "Écrivez ces octets en base64."}

    def to_internal_value(self, data) -> bytes:
        """The bytes themselves."""
        try:
            return base64.b64decode(super().to_internal_value(data), validate=True)
        except (binascii.Error, ValueError):
            self.fail("base64")

    def to_representation(self, value) -> str:
        """Bytes of a row as text."""
        return base64.b64encode(bytes(value)).decode()

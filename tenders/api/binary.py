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


@extend_schema_field({"type": "string", "pattern": "^[0-9a-f]{64}$", "example": "5e" * 32})
class Hex32Field(serializers.RegexField):
    """Thirty-two bytes in lower-case hexadecimal: a public key, a SHA-256."""

    def __init__(self, **kwargs) -> None:
        super().__init__(r"^[0-9a-f]{64}$", **kwargs)

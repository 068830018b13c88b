"""Serializer fields shared by every stage."""

from rest_framework import serializers

from foundation.money import AmountError, parse_decimal, places_of, rounded, written


class DecimalField(serializers.DecimalField):
    """A number, read as pages and spreadsheets read it (`foundation.money.parse_decimal`); `is_signed` when it may be
    negative. Every `ModelSerializer` takes it for the decimals of its model (`ApiConfig.ready`).
    """

    def __init__(self, *args, is_signed=False, **kwargs):
        self.is_signed = is_signed
        super().__init__(*args, **kwargs)

    def to_internal_value(self, data):
        """The number as it was written."""
        # Columns named `…_excl_tax` are euros, which a text may say.
        unit = "€" if self.field_name and self.field_name.endswith("_excl_tax") else ""
        try:
            return parse_decimal(
                written(data),
                places=self.decimal_places,
                max_digits=self.max_digits,
                is_signed=self.is_signed,
                unit=unit,
            )
        except AmountError as error:
            raise serializers.ValidationError(str(error), code="invalid") from error


class UnitPriceField(DecimalField):
    """A unit price: two decimals, more when they count, up to six."""

    def __init__(self, **kwargs):
        super().__init__(max_digits=16, decimal_places=6, **kwargs)

    def to_representation(self, value):
        """« 880.00 », « 0.035 »."""
        return f"{rounded(value, places_of(value)):f}"


class LabelField(serializers.CharField):
    """The words of a choice, told by the model: `LabelField(source="get_state_display")`.

    DRF looks at the signature of a method each time it reads it; those of choices take nothing.
    """

    def get_attribute(self, instance):
        """The words."""
        return getattr(instance, self.source)()


class AbilitiesField(serializers.Field):
    """What the reader may do with the object: {"publish": true, …}, computed from functions of `rules.py`.

    `AbilitiesField(publish=rules.can_publish_tender, …)`: each is called with (user, obj).
    The client shows or hides its buttons from it and never derives a right by itself.
    """

    def __init__(self, **abilities):
        self.abilities = abilities
        super().__init__(source="*", read_only=True)

    def to_representation(self, obj):
        user = self.context["request"].user
        return {name: bool(can(user, obj)) for name, can in self.abilities.items()}

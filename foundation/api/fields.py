"""Serializer fields shared by every stage."""

from rest_framework import serializers


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

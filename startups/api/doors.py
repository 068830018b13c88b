"""What the viewsets of this app share: rights come before the body is read."""

from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from framework_agreements import rules as order_rules
from framework_agreements.models import OrderLine, PurchaseOrder


class RightsFirst:
    """Finds the object (404 for who may not see it) and refuses, before reading the body, who may not act."""

    def object_for(self, can):
        """The object, when ``can(user, object)``; a 403 problem otherwise."""
        obj = self.get_object()
        if not can(self.request.user, obj):
            raise PermissionDenied
        return obj


class OrderField(serializers.PrimaryKeyRelatedField):
    """An order the caller may read: the others do not exist for him."""

    queryset = PurchaseOrder.objects.all()

    def get_queryset(self):
        """Narrowed to what the caller reads."""
        return order_rules.orders_visible_to(self.context["request"].user).select_related("agreement")


class OrderLineField(serializers.PrimaryKeyRelatedField):
    """A line of an order the caller may read."""

    queryset = OrderLine.objects.all()

    def get_queryset(self):
        """Narrowed to what the caller reads."""
        orders = order_rules.orders_visible_to(self.context["request"].user).values("pk")
        return OrderLine.objects.filter(order__in=orders)

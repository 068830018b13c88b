"""Who reads a notification, and who is told of the addresses that refuse our messages."""

from django.db.models import QuerySet

from foundation.accounts.enums import Role
from foundation.accounts.selectors import organisation_ids
from foundation.notifications.models import Notification


def notifications_visible_to(user) -> QuerySet[Notification]:
    """Each person reads his own notifications, and nobody else's."""
    if not user.is_authenticated:
        return Notification.objects.none()
    return Notification.objects.filter(recipient=user)


def can_read_notification(user, notification: Notification) -> bool:
    """Only its recipient."""
    return user.is_authenticated and notification.recipient_id == user.pk


def administered_organisation_ids(user) -> set[int]:
    """Where this person administers members, and is told that an address refuses our messages."""
    return organisation_ids(user, Role.ORG_ADMIN)

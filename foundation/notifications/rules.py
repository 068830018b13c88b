"""Who reads a notification."""

from django.db.models import QuerySet

from foundation.notifications.models import Notification


def notifications_visible_to(user) -> QuerySet[Notification]:
    """Each person reads his own notifications, and nobody else's."""
    if not user.is_authenticated:
        return Notification.objects.none()
    return Notification.objects.filter(recipient=user)


def can_read_notification(user, notification: Notification) -> bool:
    """Only its recipient."""
    return user.is_authenticated and notification.recipient_id == user.pk

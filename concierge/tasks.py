"""Doors without a person."""

from celery import shared_task

from concierge import services
from foundation.clock import now


@shared_task(name="concierge.remind_of_certificates", ignore_result=True)
def remind_of_certificates() -> None:
    """Tell firms of the papers that end; beat calls it every hour."""
    services.certificates_remind(at=now())

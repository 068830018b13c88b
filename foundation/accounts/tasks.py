"""The worker's doors: what is told before it ends, what ends by itself."""

from celery import shared_task

from foundation import clock
from foundation.accounts import lockout, services
from foundation.accounts.approvals import services as approvals


@shared_task(name="accounts.warn_of_delegations", ignore_result=True)
def warn_of_delegations() -> None:
    """Announce the delegations that are about to end; beat calls it every hour."""
    services.delegations_warn(at=clock.now())


@shared_task(name="accounts.expire_invitations", ignore_result=True)
def expire_invitations() -> None:
    """Close the invitations whose time has passed; beat calls it every hour."""
    services.invitations_expire(at=clock.now())


@shared_task(name="accounts.forget_registrations", ignore_result=True)
def forget_registrations() -> None:
    """Forget the registrations whose address nobody proved in thirty days; beat calls it every day."""
    services.registrations_forget(at=clock.now())


@shared_task(name="accounts.lapse_approvals", ignore_result=True)
def lapse_approvals() -> None:
    """Let lapse the requests past their term; beat calls it every hour."""
    approvals.approvals_lapse(at=clock.now())


@shared_task(name="accounts.approvals_take_effect", ignore_result=True)
def approvals_take_effect() -> None:
    """Do what was confirmed from outside and that nobody of the house opposed in time; beat calls it often."""
    approvals.approvals_take_effect(at=clock.now())


@shared_task(name="accounts.forget_failures", ignore_result=True)
def forget_failures() -> None:
    """Forget the failures of sign-in that no longer lock anything; beat calls it every hour."""
    lockout.forget_old(at=clock.now())

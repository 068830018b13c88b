"""What sign-in counts and remembers: failures by key, devices by person."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SignInFailures(models.Model):
    """Failures of one key: an account as typed, a known device, a network address or the codes of a person.

    `key` is a keyed digest (foundation.accounts.lockout): the row names nobody and no address, and an address without
    an account is counted as any other. The count starts again after a quiet time or once a lock is over.
    """

    key = models.CharField(_("empreinte"), max_length=64, primary_key=True)
    failures = models.PositiveSmallIntegerField(_("échecs"), default=0)
    last_failed_at = models.DateTimeField(_("dernier échec"))
    locked_until_at = models.DateTimeField(_("suspendue jusqu’au"), null=True, blank=True)

    class Meta:
        verbose_name = _("échecs de connexion")
        verbose_name_plural = _("échecs de connexion")
        indexes = [models.Index(fields=["last_failed_at"], name="accounts_failures_by_age")]

    def __str__(self) -> str:
        return f"{self.key[:8]}… {self.failures}"


class KnownDevice(models.Model):
    """A browser from which a person signed in, recognised by a cookie of which only the digest is kept."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="known_devices")
    digest = models.CharField(_("empreinte"), max_length=64)
    label = models.CharField(_("appareil"), max_length=200)
    first_seen_at = models.DateTimeField(_("première connexion"))
    last_seen_at = models.DateTimeField(_("dernière connexion"))

    class Meta:
        verbose_name = _("appareil connu")
        verbose_name_plural = _("appareils connus")
        ordering = ["-last_seen_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="accounts_device_once"),
        ]

    def __str__(self) -> str:
        return self.label

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken


class AccessToken(AbstractAuthToken):
    """A token that lets a program act as its owner until `expiry`; only its SHA-512 digest is kept.

    The owner is a person, or the account of a `Program`. `name` says what uses it, `scopes` what it may be used
    for; `last_used_at` is true to within five minutes; `warned_at` is when its owner was told that it ends soon.
    """

    name = models.CharField(_("usage"), max_length=80)
    scopes = ArrayField(
        models.CharField(max_length=40), verbose_name=_("portées"), default=list, db_default=["read"]
    )
    last_used_at = models.DateTimeField(_("dernière utilisation"), null=True, blank=True)
    warned_at = models.DateTimeField(_("fin annoncée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("jeton d’accès")
        verbose_name_plural = _("jetons d’accès")
        ordering = ["-created"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expiry__isnull=False), name="api_accesstoken_always_expires"
            ),
        ]

    def __str__(self):
        return self.name


class Program(models.Model):
    """A program of an organisation: an account without password that holds some roles there and none elsewhere.

    Its administrator opens and closes it. It acts by its tokens only, and the journal names it, not a person.
    """

    user = models.OneToOneField(
        "accounts.User", verbose_name=_("compte"), on_delete=models.PROTECT, related_name="program"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("nom"), max_length=80)
    created_by = models.ForeignKey(
        "accounts.User", verbose_name=_("ouvert par"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("ouvert le"))
    closed_at = models.DateTimeField(_("fermé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=models.Q(closed_at__isnull=True),
                name="api_program_one_open_of_each_name",
            ),
        ]

    def __str__(self):
        return self.name


class KeptAnswer(models.Model):
    """What was answered to a POST that bore an `Idempotency-Key`, for a day; `fingerprint` tells its demand."""

    user = models.ForeignKey(
        "accounts.User", verbose_name=_("appelant"), on_delete=models.CASCADE, related_name="+"
    )
    key = models.CharField(_("clé"), max_length=255)
    fingerprint = models.CharField(_("empreinte de la demande"), max_length=64)
    status = models.PositiveSmallIntegerField(_("statut"))
    headers = models.JSONField(_("en-têtes"), default=dict)
    body = models.TextField(_("réponse"), blank=True)
    created_at = models.DateTimeField(_("répondue le"), db_index=True)

    class Meta:
        verbose_name = _("réponse gardée")
        verbose_name_plural = _("réponses gardées")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="api_keptanswer_unique")]

    def __str__(self):
        return self.key

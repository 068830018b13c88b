"""Who asked to be told: of the changes of one consultation, or of the new ones that answer a search."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenders.enums import AlertPace
from tenders.models.notices import Tender


class Follower(models.Model):
    """Somebody told of the changes of a consultation: a person with an account, or an address that its owner proved.

    An address is told nothing before `confirmed_at`.
    """

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="followers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    email = models.EmailField(_("adresse électronique"), max_length=254, blank=True)
    asked_at = models.DateTimeField(_("demandé le"))
    confirmed_at = models.DateTimeField(_("confirmé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("inscrit à une consultation")
        verbose_name_plural = _("inscrits à une consultation")
        ordering = ["tender", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "user"], name="follower_user_once"),
            models.UniqueConstraint(
                fields=["tender", "email"], condition=Q(user__isnull=True), name="follower_address_once"
            ),
            models.CheckConstraint(
                name="follower_is_a_person_or_an_address",
                condition=Q(user__isnull=False, email="", confirmed_at__isnull=False)
                | (Q(user__isnull=True) & ~Q(email="")),
            ),
        ]

    def __str__(self):
        return f"{self.tender_id} ← {self.user_id or self.email}"


class SavedSearch(models.Model):
    """A search of the public list whose owner is told of what newly answers it.

    `criteria` holds the parameters of the address, as they were typed. `looked_at`: up to when it was answered.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("nom de l’alerte"), max_length=120)
    criteria = models.JSONField(_("critères"), default=dict)
    pace = models.CharField(_("rythme"), max_length=10, choices=AlertPace, default=AlertPace.AT_ONCE)
    created_at = models.DateTimeField(_("créée le"))
    looked_at = models.DateTimeField(_("regardée jusqu’au"))

    class Meta:
        verbose_name = _("recherche enregistrée")
        verbose_name_plural = _("recherches enregistrées")
        ordering = ["user", "name", "id"]
        indexes = [models.Index(fields=["pace", "looked_at"], name="search_due")]
        constraints = [
            models.UniqueConstraint(fields=["user", "criteria"], name="search_saved_once"),
            models.CheckConstraint(name="search_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self):
        return self.name


class SearchHit(models.Model):
    """A consultation of which the owner of a search was told: never twice, whatever runs again."""

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="hits")
    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="+")
    told_at = models.DateTimeField(_("annoncée le"))

    class Meta:
        verbose_name = _("résultat annoncé")
        constraints = [models.UniqueConstraint(fields=["search", "tender"], name="search_tells_once")]

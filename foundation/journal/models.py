"""The journal: lines that nobody can change, and the chain that shows it if somebody did."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

APPEND_ONLY = [
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
    pgtrigger.Trigger(
        name="no_truncate",
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        func="RAISE EXCEPTION 'the journal is append-only';",
    ),
]


class Entry(models.Model):
    """One act: who, as what, did what, on which object, why, and digests of the object before and after.

    `body` is the canonical JSON of all other fields; the chain is computed on it, so a change of any column shows.
    """

    actor = models.ForeignKey(
        "accounts.User", verbose_name=_("auteur"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    role = models.CharField(_("rôle"), max_length=20, blank=True)
    action = models.CharField(_("acte"), max_length=80)
    object_type = models.CharField(_("type d'objet"), max_length=80)
    object_id = models.CharField(_("objet"), max_length=40)
    reason = models.TextField(_("motif"), blank=True)
    at = models.DateTimeField(_("instant déclaré"))
    before_digest = models.CharField(_("empreinte avant"), max_length=64, blank=True)
    after_digest = models.CharField(_("empreinte après"), max_length=64, blank=True)
    body = models.TextField(_("forme canonique"))

    class Meta:
        verbose_name = _("ligne du journal")
        verbose_name_plural = _("lignes du journal")
        indexes = [models.Index(fields=["object_type", "object_id", "id"], name="journal_entry_object")]
        triggers = APPEND_ONLY


class Link(models.Model):
    """The place of an entry in the chain, given by PostgreSQL as the transaction commits.

    `leaf_hash` = SHA-256(0x00 ‖ line), the leaf of RFC 9162, so that a Merkle tree can follow on the same leaves;
    `chain_hash` = SHA-256(previous chain_hash ‖ leaf_hash). `line` holds the body, the index and the database's clock.
    """

    index = models.BigIntegerField(_("rang"), primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="link")
    recorded_at = models.DateTimeField(_("horloge de la base"))
    line = models.TextField(_("ligne"))
    leaf_hash = models.CharField(_("empreinte de la ligne"), max_length=64)
    chain_hash = models.CharField(_("empreinte de la chaîne"), max_length=64)

    class Meta:
        verbose_name = _("maillon du journal")
        verbose_name_plural = _("maillons du journal")
        ordering = ["index"]
        triggers = APPEND_ONLY

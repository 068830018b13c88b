"""The journal: lines that nobody can change, and what shows it if somebody did."""

import pgtrigger
from django.db import models
from django.urls import reverse
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

    `principal` is the person for whom the actor acted, when the right came only from a delegation. `facts` are told in
    clear, for whoever compares rows with the journal; nothing of a sealed bid is among them. `rows` are digests of the
    rows that the act left, by the name of each commitment (`foundation.journal.commitments`). `body` is the canonical
    JSON of all other fields; the chain is computed on it, so a change of any column shows.
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
    principal = models.ForeignKey(
        "accounts.User",
        verbose_name=_("pour le compte de"),
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
    facts = models.JSONField(_("faits en clair"), null=True)
    rows = models.JSONField(_("empreintes des lignes de tables"), default=dict)
    body = models.TextField(_("forme canonique"))

    class Meta:
        verbose_name = _("ligne du journal")
        verbose_name_plural = _("lignes du journal")
        indexes = [models.Index(fields=["object_type", "object_id", "id"], name="journal_entry_object")]
        triggers = APPEND_ONLY


class Link(models.Model):
    """The place of an entry in the chain, given by PostgreSQL as the transaction commits.

    `leaf_hash` = SHA-256(0x00 ‖ line), the leaf of RFC 9162 on which the tree of `Node` grows; `chain_hash` =
    SHA-256(previous chain_hash ‖ leaf_hash). `line` holds the body, the index, the database's clock and 122 random
    bits (`salt`), so that nobody finds a line again by guessing from its published leaf.
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


class Node(models.Model):
    """A complete subtree of the Merkle tree: the hash above the leaves [index·2^level, (index+1)·2^level).

    Level 0 is `Link.leaf_hash`; nodes are written when a checkpoint is made, never while somebody works.
    """

    pk = models.CompositePrimaryKey("level", "index")
    level = models.PositiveSmallIntegerField(_("étage"))
    index = models.BigIntegerField(_("rang dans l'étage"))
    hash = models.BinaryField(_("empreinte"), max_length=32)

    class Meta:
        verbose_name = _("nœud de l'arbre du journal")
        verbose_name_plural = _("nœuds de l'arbre du journal")
        triggers = APPEND_ONLY


class SigningKey(models.Model):
    """A public key that signed: `verifier_key` is its published form, kept for as long as what it signed."""

    verifier_key = models.CharField(_("clé publique"), max_length=300, unique=True)
    is_development = models.BooleanField(_("clé de développement"))
    first_used_at = models.DateTimeField(_("a signé depuis le"))

    class Meta:
        verbose_name = _("clé de signature")
        verbose_name_plural = _("clés de signature")
        ordering = ["-id"]
        triggers = APPEND_ONLY


class Checkpoint(models.Model):
    """What the platform signed: at `made_at` the journal had `size` lines and this root.

    `note` is the signed text (C2SP tlog-checkpoint), `verifier_key` the public key that checks it. With a new key,
    the last size is signed again: one row for each size and key.
    """

    size = models.PositiveBigIntegerField(_("nombre de lignes"))
    root = models.CharField(_("racine"), max_length=64)
    note = models.TextField(_("note signée"))
    verifier_key = models.CharField(_("clé publique"), max_length=300)
    is_development = models.BooleanField(_("clé de développement"))
    made_at = models.DateTimeField(_("fait le"))

    class Meta:
        verbose_name = _("point de contrôle")
        verbose_name_plural = _("points de contrôle")
        ordering = ["-size", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["size", "verifier_key"], name="journal_checkpoint_once_for_a_key"
            ),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="journal_checkpoint_of_something"),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return _("Point de contrôle de %(size)s lignes") % {"size": self.size}

    def get_absolute_url(self) -> str:
        """The public page."""
        return reverse("journal:checkpoint", kwargs={"pk": self.pk})


class TimeStamp(models.Model):
    """A token of RFC 3161 on a checkpoint's note, checked before it was stored.

    `authority` is the name in the certificate that signed; `is_qualified` is what the installation declares of it
    (eIDAS, article 42), never true for the development authority.
    """

    checkpoint = models.ForeignKey(
        Checkpoint, verbose_name=_("point de contrôle"), on_delete=models.PROTECT, related_name="timestamps"
    )
    token = models.BinaryField(_("jeton"))
    stamped_at = models.DateTimeField(_("instant certifié"))
    authority = models.CharField(_("autorité"), max_length=300)
    is_qualified = models.BooleanField(_("qualifié"))
    is_development = models.BooleanField(_("autorité de développement"))

    class Meta:
        verbose_name = _("horodatage")
        verbose_name_plural = _("horodatages")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(is_qualified=True, is_development=True),
                name="journal_timestamp_of_development_is_not_qualified",
            )
        ]
        triggers = APPEND_ONLY

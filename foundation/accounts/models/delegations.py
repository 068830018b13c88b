"""Roles lent for a time by who holds them."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from foundation.accounts import perimeters
from foundation.accounts.enums import Role
from foundation.accounts.legal import DELEGABLE_ROLES, DELEGATION_LONGEST
from foundation.accounts.models.people import Membership, Organisation, User


class Period(models.Func):
    """The range [starts_at, ends_at) as PostgreSQL knows it."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class DelegationQuerySet(models.QuerySet):
    """Delegations in time and in breadth."""

    def of_whole_roles(self) -> "DelegationQuerySet":
        """Those that no object limits."""
        return self.filter(perimeter_type="")

    def in_force(self) -> "DelegationQuerySet":
        """Those that open a right at this very instant, by the database's clock.

        The principal still holds the role, both accounts are open, and the delegate is still of the house.
        """
        members = Membership.objects.filter(organisation=models.OuterRef("organisation"))
        return self.filter(
            models.Exists(members.filter(user=models.OuterRef("principal"), role=models.OuterRef("role"))),
            models.Exists(members.filter(user=models.OuterRef("delegate"))),
            starts_at__lte=Now(),
            ends_at__gt=Now(),
            revoked_at__isnull=True,
            principal__is_active=True,
            delegate__is_active=True,
        )


class Delegation(models.Model):
    """One role of `principal` in `organisation`, lent to `delegate` from `starts_at` until just before `ends_at`.

    Without perimeter, everything that the role opens; with one, what lies inside that object only
    (foundation.accounts.perimeters). Its name is kept as it was read by who chose it.

    It opens nothing once revoked, nor when the principal lost the role. Only a role held by membership can be lent:
    what was received by delegation is not passed on, PostgreSQL refuses it.
    """

    principal = models.ForeignKey(
        User, verbose_name=_("mandant"), on_delete=models.PROTECT, related_name="delegations_given"
    )
    delegate = models.ForeignKey(
        User, verbose_name=_("délégataire"), on_delete=models.PROTECT, related_name="delegations_received"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="delegations"
    )
    role = models.CharField(_("rôle"), max_length=20, choices=Role.choices)
    perimeter_type = models.CharField(_("nature du périmètre"), max_length=60, blank=True, db_default="")
    perimeter_id = models.CharField(_("objet du périmètre"), max_length=40, blank=True, db_default="")
    perimeter_label = models.CharField(_("périmètre"), max_length=250, blank=True, db_default="")
    reason = models.CharField(_("motif"), max_length=300, blank=True)
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    given_at = models.DateTimeField(_("donnée le"))
    revoked_at = models.DateTimeField(_("révoquée le"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        User,
        verbose_name=_("révoquée par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    warned_at = models.DateTimeField(_("fin annoncée le"), null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("délégation")
        verbose_name_plural = _("délégations")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(principal=models.F("delegate")), name="delegation_to_another_person"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at"))
                & models.Q(ends_at__lte=models.F("starts_at") + DELEGATION_LONGEST),
                name="delegation_has_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in DELEGABLE_ROLES]),
                name="delegation_role_may_be_lent",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | models.Q(revoked_at__isnull=False),
                name="delegation_revoked_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(perimeter_type="", perimeter_id="")
                | (~models.Q(perimeter_type="") & ~models.Q(perimeter_id="")),
                name="delegation_perimeter_whole",
            ),
            ExclusionConstraint(
                name="delegation_given_once_in_perimeter",
                expressions=[
                    ("principal", RangeOperators.EQUAL),
                    ("delegate", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("perimeter_type", RangeOperators.EQUAL),
                    ("perimeter_id", RangeOperators.EQUAL),
                    (Period("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(revoked_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["delegate", "ends_at"],
                name="delegation_of_delegate",
                condition=models.Q(revoked_at__isnull=True),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_one_s_own_role",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM accounts_membership
                        WHERE user_id = NEW.principal_id AND organisation_id = NEW.organisation_id AND role = NEW.role
                    ) THEN
                        RAISE EXCEPTION 'a role is lent only by who holds it: a delegation is never passed on'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.ReadOnly(
                name="only_revoked",
                fields=[
                    "principal",
                    "delegate",
                    "organisation",
                    "role",
                    "perimeter_type",
                    "perimeter_id",
                    "perimeter_label",
                    "starts_at",
                    "ends_at",
                    "given_at",
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal} → {self.delegate}, {self.extent}, {self.organisation}"

    @property
    def extent(self) -> str:
        """What is lent, in French: the role, and the object that limits it if any."""
        role = str(self.get_role_display())
        return f"{role}, {self.perimeter_label}" if self.perimeter_type else role

    @property
    def perimeter_url(self) -> str:
        """The page of the object that limits it; empty when there is none."""
        kind = perimeters.find(self.perimeter_type)
        return kind.page(self.perimeter_id) if kind else ""

"""People, organisations and the roles that tie them."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siret as siret_number

from foundation.accounts.enums import OrganisationKind, Role


def validate_siret(value: str) -> None:
    """Refuse a SIRET whose length or check digits are wrong, or whose check digits are right and that no register
    gives (all zeros, one digit repeated), by a ValidationError with a French sentence.
    """
    try:
        digits = siret_number.validate(value)
    except NumberError:
        digits = ""
    if len(set(digits[:9])) < 2:
        raise ValidationError(
            _("Ce SIRET n’existe pas : vérifiez les 14 chiffres, par exemple sur un avis de situation."),
            code="invalid_siret",
        )


class UserManager(BaseUserManager):
    """Users are known by their e-mail address, in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """A new user; without a password the account cannot sign in until one is chosen."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str) -> "User":
        """The user with this address, whatever its case."""
        return self.get(email=username.strip().lower())


class User(AbstractBaseUser):
    """A person. What they may do comes from their memberships only: there is no superuser.

    `is_program`: the account of a program of an organisation, which acts by token, signs nothing, reads no mail.
    """

    email = models.EmailField(_("adresse électronique"), max_length=254)
    full_name = models.CharField(_("nom complet"), max_length=150)
    is_active = models.BooleanField(_("compte ouvert"), default=True)
    is_program = models.BooleanField(_("compte d’un programme"), default=False, db_default=False)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)
    last_organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("dernière organisation choisie"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")
        ordering = ["full_name", "id"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def is_erased(self) -> bool:
        """Whether the person left and what named him was erased; the row stays, because the journal names it."""
        return self.email.endswith("@efface.invalid")

    def get_full_name(self) -> str:
        """The name shown on screens and documents."""
        return str(self)


class Organisation(models.Model):
    """An administration, a firm or another body, known by the SIRET of its establishment."""

    name = models.CharField(_("nom"), max_length=200)
    kind = models.CharField(_("nature"), max_length=20, choices=OrganisationKind.choices)
    siret = models.CharField(
        _("SIRET"),
        max_length=14,
        unique=True,
        validators=[validate_siret],
        error_messages={"unique": _("Une organisation porte déjà ce SIRET.")},
    )
    address = models.CharField(_("adresse"), max_length=250, blank=True)
    postal_code = models.CharField(_("code postal"), max_length=10, blank=True)
    city = models.CharField(_("commune"), max_length=120, blank=True)
    is_demonstration = models.BooleanField(_("donnée de démonstration"), default=False)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(siret__regex=r"^\d{14}$"), name="organisation_siret_14_digits"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=OrganisationKind.values), name="organisation_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One role of one person in one organisation."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("rôle"), max_length=20, choices=Role.choices)
    created_at = models.DateTimeField(_("donné le"), auto_now_add=True)

    class Meta:
        verbose_name = _("rôle")
        verbose_name_plural = _("rôles")
        ordering = ["organisation__name", "role"]
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="membership_unique"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.organisation}"

"""Forms of sign-in (over allauth's, in our look) and of the pages on people and organisations."""

from datetime import datetime, time, timedelta

from allauth.account import forms as allauth
from allauth.account.models import EmailAddress
from django import forms as django_forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.accounts import perimeters, rules, selectors, services
from foundation.accounts.enums import OrganisationKind
from foundation.accounts.models import User, validate_siret
from foundation.screens import forms

PASSWORD_HINT = _(
    "Douze caractères au moins, par exemple quatre mots sans rapport. Ni que des chiffres, ni votre nom, "
    "ni un mot de passe courant."
)
"""What AUTH_PASSWORD_VALIDATORS asks, in one breath."""


class SiretField(django_forms.CharField):
    """A SIRET, however it is spaced; the sentence says where to find the right one."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("SIRET"))
        kwargs.setdefault("help_text", _("14 chiffres, par exemple 130 025 265 00013."))
        kwargs.setdefault("widget", django_forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(**kwargs)

    def clean(self, value):
        siret = "".join(super().clean(value).split())
        if siret:
            validate_siret(siret)
        return siret


class OrganisationFields(django_forms.Form):
    """What is asked about an organisation, by its own people or by the platform administrator."""

    name = django_forms.CharField(label=_("Nom de l’organisation"), max_length=200)
    siret = SiretField()
    address = django_forms.CharField(label=_("Adresse"), max_length=250, required=False)
    postal_code = django_forms.CharField(label=_("Code postal"), max_length=10, required=False)
    city = django_forms.CharField(label=_("Commune"), max_length=120, required=False)


class OrganisationForm(forms.Form, OrganisationFields):
    """A new organisation, by the platform administrator."""

    kind = django_forms.ChoiceField(label=_("Nature"), choices=OrganisationKind.choices)


class ProfileForm(forms.Form):
    """One's own name."""

    full_name = django_forms.CharField(
        label=_("Nom complet"), max_length=150, widget=django_forms.TextInput(attrs={"autocomplete": "name"})
    )


def _roles_to_give(organisation, by):
    """The roles that `by` may give here."""
    return [(role.value, role.label) for role in rules.roles_to_give(by, organisation)]


class MemberForm(forms.Form):
    """One more role for a member."""

    role = django_forms.ChoiceField(label=_("Rôle"))

    def __init__(self, *args, organisation, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _roles_to_give(organisation, by)


class RolesForm(forms.Form):
    """The roles given to who asked to be let in."""

    roles = django_forms.MultipleChoiceField(label=_("Rôles"), widget=django_forms.CheckboxSelectMultiple)

    def __init__(self, *args, organisation, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = _roles_to_give(organisation, by)


class InvitationForm(RolesForm):
    """Who is invited, and the roles offered."""

    email = django_forms.EmailField(label=_("Adresse électronique"), max_length=254)
    full_name = django_forms.CharField(
        label=_("Nom complet"), max_length=150, help_text=_("La personne pourra le corriger.")
    )
    field_order = ["email", "full_name", "roles"]


class FirmForm(forms.Form, OrganisationFields):
    """A firm to register, or to join when its SIRET is known."""

    message = django_forms.CharField(
        label=_("Message aux administrateurs"),
        max_length=300,
        required=False,
        help_text=_("Lu seulement si l’entreprise est déjà inscrite : dites qui vous êtes."),
    )
    field_order = ["siret", "name", "address", "postal_code", "city", "message"]


class NewAccountForm(forms.Form):
    """The name and the password of who accepts an invitation without an account yet."""

    full_name = django_forms.CharField(
        label=_("Votre nom complet"),
        max_length=150,
        widget=django_forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password1 = django_forms.CharField(
        label=_("Mot de passe"),
        help_text=PASSWORD_HINT,
        strip=False,
        widget=django_forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = django_forms.CharField(
        label=_("Mot de passe, une seconde fois"),
        strip=False,
        widget=django_forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, email, **kwargs):
        super().__init__(*args, **kwargs)
        self._email = email

    def clean(self):
        """The password is typed twice alike, and is not one of those that are guessed."""
        data = super().clean()
        if data.get("password1") and data.get("password1") != data.get("password2"):
            self.add_error("password2", _("Les deux mots de passe diffèrent."))
        elif data.get("password1"):
            person = User(email=self._email, full_name=data.get("full_name", ""))
            try:
                validate_password(data["password1"], person)
            except ValidationError as error:
                self.add_error("password1", error)
        return data


class ReasonForm(forms.Form):
    """Why an account is closed or opened again; kept in the journal."""

    reason = django_forms.CharField(label=_("Motif"), max_length=300)


class ColleagueField(django_forms.ModelChoiceField):
    """Someone of one's organisations, told from a namesake by the address."""

    def label_from_instance(self, obj):
        return f"{obj.full_name} ({obj.email})"


class DelegationForm(forms.Form):
    """Which of one's own roles are lent, to whom, from which day to which day."""

    roles = django_forms.MultipleChoiceField(
        label=_("Rôles délégués"),
        widget=django_forms.CheckboxSelectMultiple,
        help_text=_("Dans une organisation à la fois."),
    )
    perimeter = django_forms.ChoiceField(
        label=_("Périmètre"),
        required=False,
        help_text=_("Tout, ou un seul projet, consultation ou accord-cadre, avec ce qu’il contient."),
    )
    delegate = ColleagueField(
        label=_("À qui"), queryset=User.objects.none(), empty_label=_("Choisir une personne")
    )
    starts_at = forms.DateField(label=_("Du"), help_text=_("Dès maintenant si c’est aujourd’hui."))
    ends_at = forms.DateField(label=_("Au"), help_text=_("Jour compris."))
    reason = django_forms.CharField(
        label=_("Motif"),
        max_length=300,
        required=False,
        help_text=_("Par exemple : congés. Lu par vous deux et gardé."),
    )

    def __init__(self, *args, by, today, **kwargs):
        super().__init__(*args, **kwargs)
        self._held = {f"{one.organisation_id}:{one.role}": one for one in rules.roles_to_lend(by)}
        self.fields["roles"].choices = [
            (key, f"{one.get_role_display()}, {one.organisation}") for key, one in self._held.items()
        ]
        houses = list({one.organisation_id: one.organisation for one in self._held.values()}.values())
        self.fields["perimeter"].choices = [("", _("Tout ce que le rôle permet")), *_perimeters(by, houses)]
        self.fields["delegate"].queryset = selectors.colleagues(by)
        self.fields["starts_at"].initial = timezone.localdate(today)

    def clean_roles(self):
        """The roles as the service takes them; they all belong to one organisation."""
        chosen = [self._held[key] for key in self.cleaned_data["roles"]]
        if len({one.organisation_id for one in chosen}) > 1:
            raise ValidationError(_("Faites une délégation pour chaque organisation."))
        self.cleaned_data["organisation"] = chosen[0].organisation
        return [one.role for one in chosen]

    def clean_perimeter(self):
        """(kind, key), or None for the whole role."""
        chosen = self.cleaned_data["perimeter"]
        return tuple(chosen.split(":", 1)) if chosen else None

    def clean_starts_at(self):
        """From the first midnight of Paris."""
        return _midnight(self.cleaned_data["starts_at"])

    def clean_ends_at(self):
        """Until the midnight after the last day."""
        return _midnight(self.cleaned_data["ends_at"] + timedelta(days=1))


def _perimeters(by, houses):
    """What a role may be limited to, by kind: the latest first, fifty of each in each organisation."""
    for kind in perimeters.kinds():
        rows = [row for house in houses for row in kind.offered(by, house)[:50]]
        if rows:
            yield str(kind.label), [(f"{kind.code}:{row.pk}", str(row)) for row in rows]


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time()))


def _plain(form, **labels):
    """Our words on allauth's fields: no placeholder in place of a label, no link inside a hint."""
    for name, label in labels.items():
        if name in form.fields:
            field = form.fields[name]
            field.label = label
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)
    if "password1" in form.fields:
        form.fields["password1"].help_text = PASSWORD_HINT
    # A field already asked for has kept the former words.
    form._bound_fields_cache.clear()


class LoginForm(forms.Look, allauth.LoginForm):
    """Sign-in by e-mail and password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(
            self, login=_("Adresse électronique"), password=_("Mot de passe"), remember=_("Rester connecté")
        )


class ReauthenticateForm(forms.Look, allauth.ReauthenticateForm):
    """The password again, before a sensitive act."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self, password=_("Mot de passe"))


class ResetPasswordForm(forms.Look, allauth.ResetPasswordForm):
    """The address to which the link is sent."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self, email=_("Adresse électronique"))


class ResetPasswordKeyForm(forms.Look, allauth.ResetPasswordKeyForm):
    """A new password, from the link of the message."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(
            self, password1=_("Nouveau mot de passe"), password2=_("Nouveau mot de passe, une seconde fois")
        )

    def save(self):
        super().save()
        # The link went to this address and came back: it is confirmed.
        EmailAddress.objects.update_or_create(
            user=self.user, email=self.user.email, defaults={"verified": True, "primary": True}
        )


class ChangePasswordForm(forms.Look, allauth.ChangePasswordForm):
    """The present password, then the new one twice."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(
            self,
            oldpassword=_("Mot de passe actuel"),
            password1=_("Nouveau mot de passe"),
            password2=_("Nouveau mot de passe, une seconde fois"),
        )


class SetPasswordForm(forms.Look, allauth.SetPasswordForm):
    """A first password, for somebody who signed in without one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(
            self, password1=_("Nouveau mot de passe"), password2=_("Nouveau mot de passe, une seconde fois")
        )


class SupplierSignupForm(forms.Look, allauth.SignupForm, OrganisationFields):
    """A firm and the person who registers it."""

    full_name = django_forms.CharField(
        label=_("Votre nom complet"),
        max_length=150,
        widget=django_forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = [
        "name",
        "siret",
        "address",
        "postal_code",
        "city",
        "full_name",
        "email",
        "password1",
        "password2",
    ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(
            self,
            email=_("Votre adresse électronique"),
            password1=_("Mot de passe"),
            password2=_("Mot de passe, une seconde fois"),
        )

    def register(self, at):
        """Call the service with what was typed. Raises Refusal."""
        asked = {name: self.cleaned_data[name] for name in (*services.PROFILE_FIELDS, "full_name", "email")}
        return services.supplier_register(**asked, password=self.cleaned_data["password1"], at=at)

    def save(self, request):
        """What allauth calls once the form is valid: the user, with the address to confirm."""
        user = self.register(self.at)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
        return user

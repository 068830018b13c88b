"""What accounts, sign-in, messages and the journal hold of a person."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.accounts import sessions
from foundation.accounts.enums import Role
from foundation.accounts.models import Approval, Delegation, Invitation, JoinRequest
from foundation.accounts.personal import registry
from foundation.accounts.personal.registry import Section
from foundation.errors import Reason
from foundation.journal import registry as acts
from foundation.journal.models import Entry
from foundation.notifications.models import Notification, OutboxEmail, Preference

AT_ONCE = 500
"""Rows read at a time."""
PROOF = _(
    "preuve des actes d’une procédure d’achat public : RGPD art. 17.3 b et e ; dossiers conservés cinq ans au moins"
    " (art. R2184-12 du code de la commande publique)"
)


def _values(queryset, *fields):
    return queryset.order_by("pk").values(*fields).iterator(chunk_size=AT_ONCE)


def account_rows(user):
    """The account itself."""
    yield {
        "adresse": user.email,
        "nom": user.full_name,
        "ouvert": user.is_active,
        "cree_le": user.created_at,
        "derniere_connexion": user.last_login,
    }


def role_rows(user):
    """The roles held."""
    for row in _values(user.memberships, "organisation__name", "role", "created_at"):
        yield {
            "organisation": row["organisation__name"],
            "role": str(Role(row["role"]).label),
            "depuis": row["created_at"],
        }


def delegation_rows(user):
    """The roles lent and received."""
    fields = ("principal__full_name", "delegate__full_name", "organisation__name", "role", "perimeter_label")
    mine = Delegation.objects.filter(Q(principal=user) | Q(delegate=user))
    return _values(mine, *fields, "reason", "starts_at", "ends_at", "revoked_at")


def act_rows(user):
    """What he did, what was done in his name, and what was done to his account, in words."""
    mine = Q(actor=user) | Q(principal=user) | Q(object_type=user._meta.label, object_id=str(user.pk))
    entries = Entry.objects.filter(mine).select_related("organisation").order_by("pk")
    for entry in entries.iterator(chunk_size=AT_ONCE):
        yield {
            "le": entry.at,
            "acte": acts.words(entry.action) if acts.is_declared(entry.action) else entry.action,
            "objet": f"{entry.object_type} {entry.object_id}",
            "en_tant_que": str(Role(entry.role).label) if entry.role else "",
            "organisation": str(entry.organisation or ""),
            "motif": entry.reason,
        }


def _erase_sign_in(user):
    """The keys of the account: none opens it any more."""
    sessions.close_all(user)
    UserSession.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    user.known_devices.all().delete()


def _erase_messages(user):
    Notification.objects.filter(recipient=user).delete()
    OutboxEmail.objects.filter(recipient=user).delete()
    Preference.objects.filter(recipient=user).delete()


def _erase_invitations(user):
    Invitation.objects.filter(email=user.email).update(
        email=f"compte{user.pk}@efface.invalid", full_name=_now("Personne effacée")
    )


def _sole_administrator(user):
    """A house is not left without administrator."""
    for row in user.memberships.filter(role__in=[Role.ORG_ADMIN, Role.PLATFORM_ADMIN]).select_related(
        "organisation"
    ):
        others = row.organisation.memberships.filter(role=row.role, user__is_active=True).exclude(user=user)
        if not others.exists():
            yield Reason(
                _now("Cette personne administre seule %(house)s : nommez d’abord un autre administrateur.")
                % {"house": row.organisation},
                code="conflict",
            )


def _belonging() -> list[Section]:
    """The account, what it belongs to and what opens it: the account first, whose address the others are found by."""
    return [
        Section(
            "compte", _("Compte"), account_rows, kept_because=_("sans nom ni adresse : le journal le désigne")
        ),
        Section(
            "adresses",
            _("Adresses électroniques"),
            lambda user: _values(EmailAddress.objects.filter(user=user), "email", "verified", "primary"),
            lambda user: EmailAddress.objects.filter(user=user).delete(),
        ),
        Section("roles", _("Rôles"), role_rows, lambda user: user.memberships.all().delete()),
        Section("delegations", _("Délégations"), delegation_rows, kept_because=PROOF),
        Section(
            "sessions",
            _("Sessions ouvertes"),
            lambda user: _values(
                UserSession.objects.filter(user=user), "ip", "user_agent", "created_at", "last_seen_at"
            ),
            _erase_sign_in,
        ),
        Section(
            "appareils",
            _("Appareils connus"),
            lambda user: _values(user.known_devices, "label", "first_seen_at", "last_seen_at"),
            lambda user: user.known_devices.all().delete(),
        ),
        Section(
            "invitations",
            _("Invitations reçues"),
            lambda user: _values(
                Invitation.objects.filter(email=user.email),
                "organisation__name",
                "full_name",
                "roles",
                "sent_at",
            ),
            _erase_invitations,
        ),
        Section(
            "rattachements",
            _("Demandes de rattachement"),
            lambda user: _values(
                JoinRequest.objects.filter(user=user), "organisation__name", "message", "state", "asked_at"
            ),
            lambda user: JoinRequest.objects.filter(user=user).update(message=""),
        ),
    ]


def _traces() -> list[Section]:
    """What was asked, told and done."""
    return [
        Section(
            "confirmations",
            _("Demandes à confirmer, faites ou décidées"),
            lambda user: _values(
                Approval.objects.filter(
                    Q(asked_by=user) | Q(decided_by=user) | Q(facts__change__user=user.pk)
                ),
                "action",
                "object_label",
                "facts",
                "state",
                "reason",
                "asked_at",
                "decided_at",
                "decision_reason",
            ),
            kept_because=PROOF,
        ),
        Section(
            "preferences",
            _("Choix des messages"),
            lambda user: _values(Preference.objects.filter(recipient=user), "kind", "pace", "chosen_at"),
            lambda user: Preference.objects.filter(recipient=user).delete(),
        ),
        Section(
            "messages",
            _("Messages reçus"),
            lambda user: _values(
                Notification.objects.filter(recipient=user), "title", "url", "created_at", "read_at"
            ),
            _erase_messages,
        ),
        Section("actes", _("Actes écrits au journal"), act_rows, kept_because=PROOF),
    ]


def declare() -> None:
    """Fill the registry."""
    registry.register_obstacle(_sole_administrator)
    registry.register(*_belonging(), *_traces())

"""The team of a purchase project."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from foundation.notifications import services as notifications
from needs.enums import TeamRole
from needs.models import TeamMember
from needs.selectors import person_with_email
from needs.services.locking import project_to_edit


@transaction.atomic
def member_add(*, project, email, role, by, at) -> TeamMember:
    """Bring somebody into the team, by the address of his account, whatever organisation he is of.

    Raises ``Refusal`` on ``email`` when nobody has this address, or when he already is of the team.
    """
    project = project_to_edit(project, by=by)
    user = person_with_email(email)
    if user is None:
        raise Refusal(
            _(
                "Aucun compte n'utilise cette adresse : vérifiez-la, ou demandez à la personne de créer "
                "d'abord son compte."
            ),
            field="email",
        )
    if project.members.filter(user=user).exists():
        raise Refusal(
            _("%(name)s fait déjà partie de l'équipe.") % {"name": user.full_name},
            field="email",
            code="conflict",
        )
    member = TeamMember.objects.create(project=project, user=user, role=TeamRole(role), joined_at=at)
    if user != by:
        _tell(member, by=by, at=at)
    _record(member, "needs.member_add", by=by, at=at)
    return member


@transaction.atomic
def member_remove(*, member, by, at) -> None:
    """Take somebody out of the team; raises ``Refusal`` when the team would be empty."""
    project = project_to_edit(member.project, by=by)
    if project.members.count() == 1:
        raise Refusal(
            _("Une équipe garde au moins un membre : ajoutez quelqu'un avant de retirer cette personne."),
            code="conflict",
        )
    member = project.members.select_related("user").get(pk=member.pk)
    member.delete()
    _record(member, "needs.member_remove", by=by, at=at)


def _tell(member, *, by, at) -> None:
    project = member.project
    notifications.notify(
        kind="needs.team_joined",
        recipients=[member.user],
        obj=project,
        context={
            "project": project.title,
            "reference": project.reference,
            "organisation": project.organisation.name,
            "role": str(member.get_role_display()),
            "author": by.full_name,
        },
        url=reverse("needs:detail", args=[project.pk]),
        at=at,
        event=f"member {member.pk}",
    )


def _record(member, action, *, by, at) -> None:
    project = member.project
    journal.record(
        by=by,
        action=action,
        obj=project,
        at=at,
        after={"user": str(member.user_id), "role": member.role},
        organisation=project.organisation,
    )

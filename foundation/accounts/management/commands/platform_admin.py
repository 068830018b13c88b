"""`manage.py platform_admin`: the first two people of an installation, who then open the accounts of the others."""

import os
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from foundation.accounts import services
from foundation.accounts.enums import OrganisationKind, Role
from foundation.accounts.models import Membership, Organisation
from foundation.clock import now
from foundation.errors import Refusal


class Command(BaseCommand):
    """Refused once two platform administrators exist: what one of them gives, the other confirms from the screens."""

    help = (
        "Ouvre un des deux premiers comptes d'administration de la plateforme"
        " (mot de passe demandé, ou JALON_ADMIN_PASSWORD)."
    )

    def add_arguments(self, parser) -> None:
        """Who, and the organisation that runs the platform."""
        parser.add_argument("email")
        parser.add_argument("full_name")
        parser.add_argument("--organisation", required=True, help="organisation qui exploite la plateforme")
        parser.add_argument("--siret", required=True)

    def handle(self, *args, email, full_name, organisation, siret, **options) -> None:
        """Raises CommandError with the reason."""
        if Membership.objects.filter(role=Role.PLATFORM_ADMIN, user__is_active=True).count() >= 2:
            raise CommandError(
                "La plateforme a déjà deux administrateurs : demandez-leur un rôle depuis les écrans."
            )
        password = os.environ.get("JALON_ADMIN_PASSWORD") or getpass("Mot de passe : ")
        try:
            validate_password(password)
            with transaction.atomic():
                self._found(email, full_name, password, organisation, siret)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{email} administre la plateforme : connectez-vous.")

    def _found(self, email: str, full_name: str, password: str, organisation: str, siret: str) -> None:
        at = now()
        known = Organisation.objects.filter(siret=siret, kind=OrganisationKind.OTHER).first()
        house = known or services.organisation_create(
            kind=OrganisationKind.OTHER, name=organisation, siret=siret, by=None, at=at
        )
        user = services.user_create(
            email=email, full_name=full_name, password=password, email_verified=True, by=None, at=at
        )
        for role in (Role.ORG_ADMIN, Role.PLATFORM_ADMIN):
            services.membership_add(organisation=house, user=user, role=role, by=None, at=at)

"""`manage.py second_factor_reset`: for somebody who lost both the telephone and the recovery codes."""

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation import clock
from foundation.accounts.models import User
from foundation.accounts.second_factor.services import second_factor_reset


class Command(BaseCommand):
    """Remove the second factor of an account: the next sign-in asks to enrol again."""

    help = (
        "Retire le second facteur d'un compte dont le titulaire a perdu le téléphone et les codes de secours."
    )

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="Qui l'a demandé, et comment il a été reconnu.")

    def handle(self, *args, email, reason, **options):
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(_("Aucun compte ne porte cette adresse."))
        url = reverse("mfa_index")
        if not second_factor_reset(user=user, reason=reason, url=url, at=clock.now()):
            raise CommandError(_("Ce compte n’a pas de second facteur."))
        self.stdout.write(_("Le second facteur est retiré ; la prochaine connexion en demandera un autre."))

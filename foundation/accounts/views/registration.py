"""A firm registers itself: its person, its SIRET, the proof of the address."""

from allauth.account.views import SignupView
from django.utils.translation import gettext as _

from foundation import clock
from foundation.accounts.forms import SupplierSignupForm
from foundation.errors import Refusal


class SupplierSignupView(SignupView):
    """A firm registers; what the service refuses is shown beside its field."""

    form_class = SupplierSignupForm
    extra_context = {"breadcrumbs": [(_("Accueil"), "/"), (_("Créer un compte fournisseur"), None)]}

    def get_form_class(self):
        """Ours, whatever the settings of allauth."""
        return self.form_class

    def form_valid(self, form):
        form.at = clock.now()
        try:
            return super().form_valid(form)
        except Refusal as refusal:
            refusal.add_to(form)
            return self.form_invalid(form)


supplier_signup = SupplierSignupView.as_view()

"""Second factor and fresh sign-in at French addresses, with the names that allauth expects."""

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from django.urls import path

from foundation.accounts.second_factor import views

urlpatterns = [
    path("verifier/", account_views.reauthenticate, name="account_reauthenticate"),
    path("verifier/code/", mfa_views.reauthenticate, name="mfa_reauthenticate"),
    path("connexion/code/", mfa_views.authenticate, name="mfa_authenticate"),
    path("second-facteur/", views.index, name="mfa_index"),
    path("second-facteur/activer/", views.enrol, name="mfa_activate_totp"),
    path("second-facteur/activer/qr.svg", views.qr_code, name="mfa_totp_qr"),
    path("second-facteur/retirer/", views.remove, name="mfa_deactivate_totp"),
    path("second-facteur/codes/", views.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-facteur/codes/telecharger/", views.download_codes, name="mfa_download_recovery_codes"),
    path("second-facteur/codes/nouveaux/", views.renew_codes, name="mfa_generate_recovery_codes"),
]

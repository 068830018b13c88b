"""Sign-in through the provider, at French addresses."""

from django.urls import path

from foundation.accounts.openid import views

urlpatterns = [
    path("", views.link, name="proconnect_link"),
    path("delier/", views.unlink, name="proconnect_unlink"),
    path("connexion/", views.login, name="proconnect_login"),
    path("retour/", views.callback, name="proconnect_callback"),
    path("abandon/", views.cancelled, name="socialaccount_login_cancelled"),
    path("rejoindre/", views.join, name="proconnect_join"),
]

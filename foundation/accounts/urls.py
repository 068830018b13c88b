from django.urls import path

from foundation.accounts.views import delegations, organisations, people

app_name = "accounts"

urlpatterns = [
    path("profil/", people.profile, name="profile"),
    path("delegations/", delegations.delegation_list, name="delegation_list"),
    path("delegations/donner/", delegations.delegation_give, name="delegation_give"),
    path("delegations/<int:pk>/revoquer/", delegations.delegation_revoke, name="delegation_revoke"),
    path("organisations/", organisations.organisation_list, name="organisation_list"),
    path("organisations/nouvelle/", organisations.organisation_create, name="organisation_create"),
    path("organisations/<int:pk>/", organisations.organisation_detail, name="organisation_detail"),
    path("organisations/<int:pk>/membres/ajouter/", organisations.member_add, name="member_add"),
    path(
        "organisations/<int:pk>/membres/<int:membership_pk>/retirer/",
        organisations.member_remove,
        name="member_remove",
    ),
    path("personnes/", people.user_list, name="user_list"),
    path("personnes/<int:pk>/", people.user_detail, name="user_detail"),
    path("personnes/<int:pk>/fermer/", people.user_deactivate, name="user_deactivate"),
    path("personnes/<int:pk>/rouvrir/", people.user_activate, name="user_activate"),
]

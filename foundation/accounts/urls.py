from django.urls import path

from foundation.accounts import views

app_name = "accounts"

urlpatterns = [
    path("profil/", views.profile, name="profile"),
    path("organisations/", views.organisation_list, name="organisation_list"),
    path("organisations/nouvelle/", views.organisation_create, name="organisation_create"),
    path("organisations/<int:pk>/", views.organisation_detail, name="organisation_detail"),
    path("organisations/<int:pk>/membres/ajouter/", views.member_add, name="member_add"),
    path(
        "organisations/<int:pk>/membres/<int:membership_pk>/retirer/",
        views.member_remove,
        name="member_remove",
    ),
    path("personnes/", views.user_list, name="user_list"),
    path("personnes/<int:pk>/", views.user_detail, name="user_detail"),
    path("personnes/<int:pk>/fermer/", views.user_deactivate, name="user_deactivate"),
    path("personnes/<int:pk>/rouvrir/", views.user_activate, name="user_activate"),
]

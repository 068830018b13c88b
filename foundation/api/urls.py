from django.urls import path

from foundation.api import token_views as views

app_name = "tokens"

urlpatterns = [
    path("", views.token_list, name="list"),
    path("nouveau/", views.token_create, name="create"),
    path("<str:token_key>/revoquer/", views.token_revoke, name="revoke"),
    path("organisations/<int:pk>/programmes/", views.program_list, name="program_list"),
    path("organisations/<int:pk>/programmes/nouveau/", views.program_open, name="program_open"),
    path("programmes/<int:pk>/jeton/", views.program_token_create, name="program_token_create"),
    path(
        "programmes/<int:pk>/jetons/<str:token_key>/revoquer/",
        views.program_token_revoke,
        name="program_token_revoke",
    ),
    path("programmes/<int:pk>/fermer/", views.program_close, name="program_close"),
]

from django.urls import path

from foundation.api import views

app_name = "tokens"

urlpatterns = [
    path("", views.token_list, name="list"),
    path("nouveau/", views.token_create, name="create"),
    path("<str:token_key>/revoquer/", views.token_revoke, name="revoke"),
]

"""Addresses of signed links."""

from django.urls import path

from foundation.files import views

app_name = "files"

urlpatterns = [path("<str:token>/", views.download, name="download")]

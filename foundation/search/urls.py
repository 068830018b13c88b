"""Address of the results."""

from django.urls import path

from foundation.search import views

app_name = "search"

urlpatterns = [path("", views.results, name="results")]

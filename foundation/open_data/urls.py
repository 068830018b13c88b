from django.urls import path

from foundation.open_data import views

app_name = "open_data"

urlpatterns = [
    path("", views.home, name="home"),
    path("ocds/releases.json", views.releases, name="releases"),
    path("ocds/records.json", views.records, name="records"),
    path("ocds/releases.jsonl", views.releases_lines, name="releases_lines"),
]

from django.urls import path

from procurement.operations import views

app_name = "operations"

urlpatterns = [
    path("metrics", views.metrics, name="metrics"),
    path("exploitation/", views.state, name="state"),
    path("exploitation/taches/", views.tasks, name="tasks"),
]

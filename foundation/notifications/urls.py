from django.urls import path

from foundation.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.notification_list, name="list"),
    path("tout-lire/", views.read_all, name="read-all"),
    path("<int:pk>/ouvrir/", views.notification_open, name="open"),
]

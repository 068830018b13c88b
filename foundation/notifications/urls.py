from django.urls import path

from foundation.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.notification_list, name="list"),
    path("tout-lire/", views.read_all, name="read-all"),
    path("pastille/", views.badge, name="badge"),
    path("mes-messages/", views.preferences, name="preferences"),
    path("exemples/<str:code>/", views.example, name="example"),
    path("adresses/", views.address_list, name="addresses"),
    path("mon-adresse/verifier/", views.address_check, name="address-check"),
    path("mon-adresse/<str:token>/", views.address_confirm, name="address-confirm"),
    path("desabonnement/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("<int:pk>/ouvrir/", views.notification_open, name="open"),
]

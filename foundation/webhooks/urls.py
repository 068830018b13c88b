from django.urls import path

from foundation.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.endpoint_list, name="list"),
    path("nouvelle/", views.endpoint_create, name="create"),
    path("evenements/", views.event_list, name="events"),
    path("envois/<uuid:pk>/", views.delivery_detail, name="delivery"),
    path("envois/<uuid:pk>/refaire/", views.delivery_replay, name="delivery-replay"),
    path("<uuid:pk>/", views.endpoint_detail, name="detail"),
    path("<uuid:pk>/modifier/", views.endpoint_update, name="update"),
    path("<uuid:pk>/secret/", views.secret_rotate, name="rotate"),
    path("<uuid:pk>/essai/", views.test_send, name="test"),
    path("<uuid:pk>/pause/", views.endpoint_pause, name="pause"),
    path("<uuid:pk>/reprise/", views.endpoint_resume, name="resume"),
    path("<uuid:pk>/retirer/", views.endpoint_delete, name="delete"),
    path("<uuid:pk>/refaire/", views.deliveries_replay, name="replay"),
]

from django.urls import path

from foundation.documents import views

app_name = "documents"
urlpatterns = [
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/telecharger/", views.download, name="download"),
    path("<uuid:pk>/reessayer/", views.retry, name="retry"),
]

"""Pages of the supplier's file, under /dossier-fournisseur/."""

from django.urls import path

from concierge import views

app_name = "concierge"
urlpatterns = [
    path("", views.home, name="home"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/entreprise/", views.facts, name="facts"),
    path("<int:pk>/capacites/ajouter/", views.capacity, name="capacity_add"),
    path("<int:pk>/capacites/<int:row_pk>/", views.capacity, name="capacity"),
    path("<int:pk>/capacites/<int:row_pk>/retirer/", views.capacity_remove, name="capacity_remove"),
    path("<int:pk>/references/ajouter/", views.reference, name="reference_add"),
    path("<int:pk>/references/<int:row_pk>/", views.reference, name="reference"),
    path("<int:pk>/references/<int:row_pk>/retirer/", views.reference_remove, name="reference_remove"),
    path("<int:pk>/pieces/ajouter/", views.certificate_add, name="certificate_add"),
    path("<int:pk>/pieces/<int:row_pk>/", views.certificate_file, name="certificate"),
    path("<int:pk>/pieces/<int:row_pk>/retirer/", views.certificate_remove, name="certificate_remove"),
]

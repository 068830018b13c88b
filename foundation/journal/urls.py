from django.urls import path

from foundation.journal import views

app_name = "journal"

urlpatterns = [
    path("", views.home, name="home"),
    path("points-de-controle/<int:pk>/", views.checkpoint, name="checkpoint"),
    path("points-de-controle/<int:pk>/note.txt", views.note, name="note"),
    path("horodatages/<int:pk>/jeton.tst", views.token, name="token"),
    path("autorite-d-horodatage.pem", views.authority_file, name="authority"),
    path("jalon_verify.py", views.verifier_file, name="verifier"),
    path("lignes/<int:index>/", views.line, name="line"),
    path("lignes/<int:index>/recu.json", views.receipt, name="receipt"),
    path("lignes/<int:index>/extrait.json", views.extract, name="extract"),
    path("lignes/<int:index>/sceller/", views.seal, name="seal"),
]

from django.urls import path

from foundation.documents.views import appearance, conservation, documents, gathering

app_name = "documents"
urlpatterns = [
    path("modeles/", appearance.appearances, name="appearances"),
    path("modeles/<int:pk>/", appearance.appearance, name="appearance"),
    path("modeles/<int:pk>/en-tete/", appearance.letterhead, name="letterhead"),
    path("modeles/<int:pk>/clauses/<str:kind>/", appearance.clauses, name="clauses"),
    path("series/<uuid:pk>/", gathering.batch, name="batch"),
    path("series/<uuid:pk>/dossier.zip", gathering.batch_zip, name="batch_zip"),
    path("dossiers/<str:code>/<str:pk>/", gathering.dossier, name="dossier"),
    path("dossiers/<str:code>/<str:pk>/dossier.zip", gathering.dossier_zip, name="dossier_zip"),
    path("conservation/", conservation.conservation, name="conservation"),
    path("<uuid:pk>/", documents.detail, name="detail"),
    path("<uuid:pk>/telecharger/", documents.download, name="download"),
    path("<uuid:pk>/reessayer/", documents.retry, name="retry"),
    path("<uuid:pk>/retenir/", conservation.hold, name="hold"),
    path("<uuid:pk>/liberer/", conservation.release, name="release"),
]

"""Every door of the platform. Pages speak French, the API English."""

from django.urls import include, path

urlpatterns = [
    path("", include("foundation.screens.urls")),
    path("compte/", include("foundation.accounts.urls")),
    path("compte/jetons/", include("foundation.api.urls")),
    path("compte/", include("foundation.accounts.signin_urls")),
    path("compte/", include("foundation.accounts.second_factor.urls")),
    path("compte/proconnect/", include("foundation.accounts.openid.urls")),
    path("preuves/", include("foundation.journal.urls")),
    path("compte/envois/", include("foundation.webhooks.urls")),
    path("a-confirmer/", include("foundation.accounts.approvals.urls")),
    path("documents/", include("foundation.documents.urls")),
    path("notifications/", include("foundation.notifications.urls")),
    path("fichiers/", include("foundation.files.urls")),
    path("recherche/", include("foundation.search.urls")),
    path("donnees/", include("foundation.open_data.urls")),
    path("projets-d-achat/", include("needs.urls")),
    path("dossier-fournisseur/", include("concierge.urls")),
    path("consultations/", include("tenders.urls")),
    path("accords-cadres/", include("framework_agreements.urls")),
    path("startups/", include("startups.urls")),
    path("", include("procurement.operations.urls")),
    path("api/v1/", include("procurement.api_urls")),
]

handler400 = "foundation.screens.views.bad_request"
handler403 = "foundation.screens.views.forbidden"
handler404 = "foundation.screens.views.not_found"
handler500 = "foundation.screens.views.server_error"

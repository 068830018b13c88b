"""/api/v1/: the routes of each stage, plus the root, the schema, the reference and the problem pages.

Each app's `api.py` ends with `ROUTES = [(prefix, viewset, basename), …]`; an app joins by a line below.
"""

from django.urls import include, path, re_path
from drf_spectacular.utils import extend_schema
from rest_framework.routers import APIRootView, DefaultRouter

from concierge import api as concierge
from foundation.accounts import api as accounts
from foundation.accounts.approvals import api as approvals
from foundation.api import views
from foundation.documents import api as documents
from foundation.journal import api as journal
from foundation.notifications import api as notifications
from foundation.search import api as search
from foundation.webhooks import api as webhooks
from framework_agreements import api as framework_agreements
from needs import api as needs
from startups import api as startups
from tenders import api as tenders

app_name = "api"


@extend_schema(exclude=True)
class ApiRoot(APIRootView):
    """Les ressources de l'API et leur adresse."""


class Router(DefaultRouter):
    """JSON only: no format suffix in addresses."""

    APIRootView = ApiRoot
    include_format_suffixes = False


router = Router()
for app in (
    accounts,
    approvals,
    journal,
    documents,
    notifications,
    search,
    webhooks,
    needs,
    concierge,
    tenders,
    framework_agreements,
    startups,
):
    for prefix, viewset, basename in app.ROUTES:
        router.register(prefix, viewset, basename=basename)

urlpatterns = [
    path("schema/", views.SchemaView.as_view(), name="schema"),
    path("docs/", views.docs_page, name="docs"),
    path("problems/<slug:code>", views.problem_page, name="problem"),
    path("", include(router.urls)),
    re_path(r"^.*$", views.UnknownAddress.as_view(), name="unknown"),
]

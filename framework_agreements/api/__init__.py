"""The API of agreements, work units and orders."""

from framework_agreements.api.views import AgreementViewSet, OrderViewSet, WorkUnitViewSet

ROUTES = [
    ("framework-agreements", AgreementViewSet, "framework-agreement"),
    ("work-units", WorkUnitViewSet, "work-unit"),
    ("orders", OrderViewSet, "order"),
]

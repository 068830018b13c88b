"""The API and its schema."""

from .environment import env

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "foundation.api.authentication.TokenAuthentication",
        "foundation.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["foundation.api.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "foundation.api.pagination.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": [
        "foundation.api.filters.FilterBackend",
        "rest_framework.filters.SearchFilter",
        "foundation.api.filters.OrderingFilter",
    ],
    "DEFAULT_METADATA_CLASS": "foundation.api.metadata.Metadata",
    "DEFAULT_SCHEMA_CLASS": "foundation.api.schema.AutoSchema",
    "EXCEPTION_HANDLER": "foundation.api.errors.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": ["foundation.api.throttling.CallerThrottle"],
    # The format is negotiated by Accept only: `?format=` would be a second way to say it.
    "URL_FORMAT_OVERRIDE": None,
    "NUM_PROXIES": env.int("TRUSTED_PROXY_COUNT", default=0),
    "PAGE_SIZE": 20,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
API_RATES = {
    "anonymous": env.int("API_RATE_ANONYMOUS", default=240),
    "person": env.int("API_RATE_PERSON", default=1200),
    "program": env.int("API_RATE_PROGRAM", default=3000),
}
"""Requests a minute: by address when anonymous, by account otherwise."""
_API_ENUMS = {
    "foundation.accounts": [
        "ApprovalState",
        "InvitationState",
        "JoinRequestState",
        "OrganisationKind",
        "Role",
    ],
    "foundation.webhooks": ["DeliveryState", "EndpointState"],
    "foundation.documents": ["DocumentState"],
    "needs": ["ProjectState", "TeamRole", "ServicePhase", "InvestmentForm"],
    "tenders": [
        "TenderState",
        "Phase",
        "Procedure",
        "Technique",
        "CriterionKind",
        "RoundKind",
        "RoundState",
        "BidState",
        "PartKind",
        "UploadState",
        "UploadEventKind",
        "PaperKind",
        "Stage",
        "Piece",
        "Grouping",
        "CandidatureState",
        "RejectionGround",
        "ExclusionGround",
        "ReversalGround",
        "ContractState",
        "PieceState",
        "MeetingState",
        "LowOfferState",
    ],
    "concierge": ["CertificateKind", "LegalForm", "FirmSize"],
    "framework_agreements": [
        "AgreementState",
        "AllocationRule",
        "Phase",
        "Complexity",
        "Trigger",
        "Moment",
        "OrderState",
        "CeilingScope",
    ],
    "startups": ["Phase", "IterationState", "Decision", "StoryState", "ImpactFilter"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Jalon",
    "DESCRIPTION": "Achat public agile de services numériques : du besoin à la livraison admise.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "LICENSE": {"name": "AGPL-3.0-or-later"},
    "COMPONENT_SPLIT_REQUEST": True,
    # Two stages may have choices under the same field name: each is named after its app.
    "ENUM_NAME_OVERRIDES": {
        f"{module.split('.')[-1]}.{name}": f"{module}.enums.{name}"
        for module, names in _API_ENUMS.items()
        for name in names
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "foundation.api.schema.complete",
    ],
}
KNOX_TOKEN_MODEL = "api.AccessToken"  # noqa: S105  a model, not a secret

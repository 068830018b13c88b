"""The API of accounts: who am I, the organisations one belongs to, who comes in, who stands in for whom."""

from foundation.accounts.api.belonging import InvitationViewSet, JoinRequestViewSet
from foundation.accounts.api.delegations import DelegationViewSet
from foundation.accounts.api.organisations import MeViewSet, OrganisationViewSet

ROUTES = [
    ("me", MeViewSet, "me"),
    ("organisations", OrganisationViewSet, "organisation"),
    ("invitations", InvitationViewSet, "invitation"),
    ("join-requests", JoinRequestViewSet, "join-request"),
    ("delegations", DelegationViewSet, "delegation"),
]

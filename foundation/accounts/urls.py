from django.urls import path

from foundation.accounts.personal import views as personal
from foundation.accounts.views import delegations, invitations, joining, organisations, people, sessions

app_name = "accounts"

urlpatterns = [
    path("profil/", people.profile, name="profile"),
    path("mes-donnees/", personal.my_data, name="my_data"),
    path("mes-donnees/mes-donnees.json", personal.my_data_download, name="my_data_download"),
    path("personnes/<int:pk>/effacer/", personal.erasure_ask, name="erasure_ask"),
    path("sessions/", sessions.session_list, name="session_list"),
    path("sessions/fermer-les-autres/", sessions.sessions_close_others, name="sessions_close_others"),
    path("sessions/<int:pk>/fermer/", sessions.session_close, name="session_close"),
    path("delegations/", delegations.delegation_list, name="delegation_list"),
    path("delegations/donner/", delegations.delegation_give, name="delegation_give"),
    path("delegations/<int:pk>/revoquer/", delegations.delegation_revoke, name="delegation_revoke"),
    path("entreprise/", joining.firm_enter, name="firm_enter"),
    path("demandes/<int:pk>/accepter/", joining.join_request_accept, name="join_request_accept"),
    path("demandes/<int:pk>/refuser/", joining.join_request_refuse, name="join_request_refuse"),
    path("demandes/<int:pk>/retirer/", joining.join_request_withdraw, name="join_request_withdraw"),
    path("invitation/<str:link>/", invitations.invitation_answer, name="invitation_answer"),
    path("invitations/<int:pk>/accepter/", invitations.invitation_accept, name="invitation_accept"),
    path("invitations/<int:pk>/decliner/", invitations.invitation_decline, name="invitation_decline"),
    path("invitations/<int:pk>/renvoyer/", invitations.invitation_send_again, name="invitation_send_again"),
    path("invitations/<int:pk>/revoquer/", invitations.invitation_revoke, name="invitation_revoke"),
    path("organisations/", organisations.organisation_list, name="organisation_list"),
    path("organisations/choisir/", organisations.organisation_choose, name="organisation_choose"),
    path("organisations/nouvelle/", organisations.organisation_create, name="organisation_create"),
    path("organisations/<int:pk>/", organisations.organisation_detail, name="organisation_detail"),
    path("organisations/<int:pk>/inviter/", invitations.invitation_send, name="invitation_send"),
    path("organisations/<int:pk>/membres/<int:user_pk>/roles/", organisations.member_add, name="member_add"),
    path(
        "organisations/<int:pk>/membres/<int:membership_pk>/retirer/",
        organisations.member_remove,
        name="member_remove",
    ),
    path("personnes/", people.user_list, name="user_list"),
    path("personnes/<int:pk>/", people.user_detail, name="user_detail"),
    path("personnes/<int:pk>/fermer/", people.user_deactivate, name="user_deactivate"),
    path("personnes/<int:pk>/rouvrir/", people.user_activate, name="user_activate"),
]

"""Pages of consultations, under /consultations/."""

from django.urls import path

from tenders.views import analysis, custody, deposit, drafting, managing, margin, public, reports, schedules

app_name = "tenders"
urlpatterns = [
    path("", public.tender_list, name="list"),
    path("procedures/", margin.procedures, name="procedures"),
    path("nos-consultations/", managing.mine, name="mine"),
    path("nouvelle/", drafting.tender_start, name="start"),
    path("nouvelle/<int:project_pk>/", drafting.tender_create, name="create"),
    path("ma-cle/", custody.custodian_key, name="custodian_key"),
    path("mes-reponses/", deposit.answers, name="answers"),
    path("reponses/<uuid:bid_pk>/", deposit.bid_detail, name="bid"),
    path("reponses/<uuid:bid_pk>/retirer/", deposit.bid_withdraw, name="withdraw"),
    path("<int:pk>/", public.tender_detail, name="detail"),
    path("<int:pk>/documents/<int:document_pk>/", public.tender_document, name="document"),
    path("<int:pk>/suivi/", managing.manage, name="manage"),
    path("<int:pk>/sans-suite/", managing.cancel, name="cancel"),
    path("<int:pk>/redaction/identite/", drafting.identity, name="identity"),
    path("<int:pk>/redaction/verifications/", margin.checks, name="checks"),
    path("<int:pk>/redaction/lots/", drafting.lots, name="lots"),
    path("<int:pk>/redaction/lots/<int:lot_pk>/", drafting.lot_update, name="lot_update"),
    path("<int:pk>/redaction/lots/<int:lot_pk>/retirer/", drafting.lot_remove, name="lot_remove"),
    path("<int:pk>/redaction/criteres/", schedules.criteria, name="criteria"),
    path("<int:pk>/redaction/criteres/<int:lot_pk>/", schedules.lot_criteria, name="lot_criteria"),
    path(
        "<int:pk>/redaction/criteres/<int:lot_pk>/reprendre/<int:other_pk>/",
        schedules.criteria_copy,
        name="criteria_copy",
    ),
    path("<int:pk>/redaction/prix/", schedules.prices, name="prices"),
    path("<int:pk>/redaction/prix/<int:lot_pk>/", schedules.lot_prices, name="lot_prices"),
    path("<int:pk>/redaction/prix/<int:lot_pk>/coller/", schedules.prices_paste, name="prices_paste"),
    path("<int:pk>/redaction/pieces/", drafting.files, name="files"),
    path("<int:pk>/redaction/pieces/<int:document_pk>/retirer/", drafting.file_remove, name="file_remove"),
    path("<int:pk>/redaction/depositaires/", drafting.custodians, name="custodians"),
    path("<int:pk>/publier/", drafting.publish, name="publish"),
    path("<int:pk>/repondre/", deposit.answer, name="answer"),
    path("<int:pk>/ouverture/", custody.opening, name="opening"),
    path("<int:pk>/analyse/", analysis.analysis, name="analysis"),
    path("<int:pk>/analyse/rapport/", reports.analysis_report, name="analysis_report"),
    path("<int:pk>/analyse/courriers/", reports.letters, name="letters"),
    path("<int:pk>/analyse/<int:lot_pk>/", analysis.lot_analysis, name="lot_analysis"),
    path("<int:pk>/analyse/<int:lot_pk>/rendre/", analysis.scores_submit, name="scores_submit"),
    path("<int:pk>/offres/<int:offer_pk>/noter/", analysis.score, name="score"),
    path("<int:pk>/plis/<uuid:part_pk>/", analysis.opened_file, name="opened_file"),
    path("<int:pk>/attribution/<int:lot_pk>/", analysis.award, name="award"),
    path("<int:pk>/attribution/", analysis.decide, name="decide"),
]

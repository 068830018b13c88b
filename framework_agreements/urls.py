"""Pages of framework agreements and their orders, under /accords-cadres/."""

from django.urls import path

from framework_agreements.views import administration, catalogue, drafts, orders, public, reports

app_name = "framework_agreements"
urlpatterns = [
    path("", public.agreement_list, name="list"),
    path("nouveau/", administration.agreement_create, name="create"),
    path("attributions/<int:tender_pk>/reprendre/", administration.award_take, name="award_take"),
    path("<int:pk>/", public.agreement_detail, name="agreement"),
    path("<int:pk>/modifier/", administration.agreement_update, name="update"),
    path("<int:pk>/lots/ajouter/", administration.lot_add, name="lot_add"),
    path("<int:pk>/beneficiaires/ajouter/", administration.beneficiary_add, name="beneficiary_add"),
    path("<int:pk>/activer/", administration.agreement_activate, name="activate"),
    path("<int:pk>/reconduire/", administration.agreement_renew, name="renew"),
    path("<int:pk>/avancement/tableur/", reports.steering_sheet, name="steering_sheet"),
    path("<int:pk>/terminer/", administration.agreement_end, name="end"),
    path("lots/<int:pk>/", catalogue.lot_catalogue, name="lot"),
    path("lots/<int:pk>/catalogue/", administration.catalogue_load, name="catalogue_load"),
    path("lots/<int:pk>/titulaires/ajouter/", administration.holder_add, name="holder_add"),
    path("lots/<int:pk>/commander/", drafts.order_create, name="order_create"),
    path("titulaires/<int:pk>/prix/", administration.prices, name="prices"),
    path("unites/<int:pk>/", catalogue.work_unit, name="work_unit"),
    path("bons-de-commande/", orders.order_list, name="orders"),
    path("bons-de-commande/nouvelle/", drafts.order_start, name="order_start"),
    path("bons-de-commande/avancement/", orders.steering, name="steering"),
    path("bons-de-commande/<int:pk>/", orders.order_detail, name="order"),
    path("bons-de-commande/<int:pk>/modifier/", drafts.order_update, name="order_update"),
    path("bons-de-commande/<int:pk>/emettre/", orders.order_issue, name="order_issue"),
    path("bons-de-commande/<int:pk>/accuser-reception/", orders.order_acknowledge, name="order_acknowledge"),
    path("bons-de-commande/<int:pk>/solder/", orders.order_complete, name="order_complete"),
    path("bons-de-commande/<int:pk>/abandonner/", orders.order_cancel, name="order_cancel"),
    path("bons-de-commande/<int:pk>/avancement/", orders.order_progress, name="order_progress"),
]

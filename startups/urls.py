"""Pages of startups, under /startups/."""

from django.urls import path

from startups.views import impact, iterations, portfolio, stories

app_name = "startups"
urlpatterns = [
    path("", portfolio.startup_list, name="list"),
    path("iterations/", iterations.iteration_list, name="iterations"),
    path("nouvelle/", portfolio.startup_create, name="create"),
    path("incubateurs/nouveau/", portfolio.incubator_create, name="incubator_create"),
    path("<slug:slug>/", portfolio.startup_detail, name="detail"),
    path("<slug:slug>/fiche-produit/", portfolio.startup_update, name="update"),
    path("<slug:slug>/phase/", portfolio.phase_change, name="phase"),
    path("<slug:slug>/bon-de-commande/", portfolio.order_link, name="order_link"),
    path("<slug:slug>/impact/indicateur/", impact.indicator_add, name="indicator_add"),
    path("<slug:slug>/impact/<int:indicator_pk>/mesure/", impact.measure_record, name="measure_record"),
    path("<slug:slug>/iterations/planifier/", iterations.iteration_plan, name="iteration_plan"),
    path("<slug:slug>/iterations/<int:number>/", iterations.iteration_detail, name="iteration"),
    path(
        "<slug:slug>/iterations/<int:number>/commencer/", iterations.iteration_start, name="iteration_start"
    ),
    path(
        "<slug:slug>/iterations/<int:number>/annuler/", iterations.iteration_cancel, name="iteration_cancel"
    ),
    path(
        "<slug:slug>/iterations/<int:number>/demonstration/",
        iterations.iteration_demonstrate,
        name="iteration_demonstrate",
    ),
    path(
        "<slug:slug>/iterations/<int:number>/proces-verbal/",
        iterations.iteration_decide,
        name="iteration_decide",
    ),
    path("<slug:slug>/iterations/<int:number>/recits/ajouter/", stories.story_add, name="story_add"),
    path(
        "<slug:slug>/iterations/<int:number>/recits/<int:story_pk>/retirer/",
        stories.story_remove,
        name="story_remove",
    ),
    path(
        "<slug:slug>/iterations/<int:number>/recits/<int:story_pk>/presenter/",
        stories.story_present,
        name="story_present",
    ),
    path(
        "<slug:slug>/iterations/<int:number>/recits/<int:story_pk>/valider/",
        stories.story_validate,
        name="story_validate",
    ),
    path(
        "<slug:slug>/iterations/<int:number>/recits/<int:story_pk>/refuser/",
        stories.story_refuse,
        name="story_refuse",
    ),
    path(
        "<slug:slug>/iterations/<int:number>/livrables/<int:deliverable_pk>/remettre/",
        stories.deliverable_deliver,
        name="deliverable_deliver",
    ),
]

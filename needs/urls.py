"""Pages of the purchase project, under /projets-d-achat/."""

from django.urls import path

from needs.views import projects, team

app_name = "needs"
urlpatterns = [
    path("", projects.project_list, name="list"),
    path("nouveau/", projects.project_create, name="create"),
    path("<int:pk>/", projects.project_detail, name="detail"),
    path("<int:pk>/presentation/", projects.project_update, name="update"),
    path("<int:pk>/besoin/", projects.brief_write, name="brief"),
    path("<int:pk>/pret/", projects.project_make_ready, name="make_ready"),
    path("<int:pk>/reprendre/", projects.project_take_back, name="take_back"),
    path("<int:pk>/clore/", projects.project_close, name="close"),
    path("<int:pk>/equipe/ajouter/", team.member_add, name="member_add"),
    path("<int:pk>/equipe/<int:member_pk>/retirer/", team.member_remove, name="member_remove"),
    path("<int:pk>/strategie/ajouter/", team.line_add, name="line_add"),
    path("<int:pk>/strategie/<int:line_pk>/", team.line_update, name="line_update"),
    path("<int:pk>/strategie/<int:line_pk>/retirer/", team.line_remove, name="line_remove"),
]

from django.urls import path

from foundation.accounts.approvals import views

app_name = "approvals"

urlpatterns = [
    path("", views.approval_list, name="list"),
    path("<int:pk>/", views.approval_detail, name="detail"),
    path("<int:pk>/confirmer/", views.approval_confirm, name="confirm"),
    path("<int:pk>/refuser/", views.approval_refuse, name="refuse"),
    path("<int:pk>/s-opposer/", views.approval_oppose, name="oppose"),
]

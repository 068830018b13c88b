"""Pages of consultations."""

app_name = "tenders"
urlpatterns = []

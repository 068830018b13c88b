from django.urls import path

from foundation.screens.views import dashboard, health, machines, public, style_guide

app_name = "screens"

urlpatterns = [
    path("", public.home, name="home"),
    path("tableau-de-bord/", dashboard.dashboard, name="dashboard"),
    path("aide/", public.help_page, name="help"),
    path("accessibilite/", public.accessibility, name="accessibility"),
    path("mentions-legales/", public.legal, name="legal"),
    path("plan-du-site/", public.site_map, name="site_map"),
    path("guide-de-style/", style_guide.style_guide, name="style_guide"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/security.txt", machines.security, name="security"),
]

"""What this app puts in the menu and on the dashboard of firms."""

from django.utils.translation import gettext_lazy as _

from concierge import rules, selectors
from concierge.enums import CertificateStanding
from foundation.clock import now
from foundation.screens.registry import NavItem, Panel, register_nav, register_panel


def _panel(user) -> dict | None:
    if not rules.keeps_a_file(user):
        return None
    organisation = rules.firms_of(user).first()
    if organisation is None:
        return None
    file, today = selectors.supplier_file(organisation), selectors.day_of(now())
    points = selectors.points(file, today)
    papers = [(one, one.standing(today)) for one in file.certificates.all()] if file else []
    return {
        "organisation": organisation,
        "met": sum(point.met for point in points),
        "total": len(points),
        "missing": [point for point in points if not point.met],
        "ending": [one for one, standing in papers if standing != CertificateStanding.VALID],
    }


def declare() -> None:
    """Fill the shell's registries."""
    register_nav(
        NavItem(
            label=_("Dossier fournisseur"), url_name="concierge:home", visible=rules.keeps_a_file, order=34
        )
    )
    register_panel(
        Panel(
            code="concierge.supplier_file",
            title=_("Le dossier de mon entreprise"),
            template="concierge/panels/supplier_file.html",
            context=_panel,
            order=34,
        )
    )

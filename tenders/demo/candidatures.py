"""The candidatures of the demonstration, examined through the services."""

from datetime import timedelta

from tenders import selectors, services
from tenders.models import ComplementItem


def ask_what_misses(tender, by, at) -> None:
    """Admit the complete candidatures; ask the others for what misses, all until the same noon."""
    rows = selectors.candidature_table(tender, at)
    wanted = [
        services.Wanted(row.candidature.pk, check.piece, check.label) for row in rows for check in row.missing
    ]
    for row in rows:
        if not row.missing:
            services.candidature_admit(candidature=row.candidature, by=by, at=at)
    if wanted:
        services.complements_ask(
            tender=tender,
            wanted=wanted,
            due_at=at + timedelta(days=6),
            message="Merci de compléter votre dossier : il sera repris dans vos prochaines candidatures.",
            by=by,
            at=at,
        )


def admit_all(tender, by, at) -> None:
    """Admit every candidature and close the list."""
    for row in selectors.candidature_table(tender, at):
        services.candidature_admit(candidature=row.candidature, by=by, at=at)
    services.candidatures_settle(tender=tender, by=by, at=at)


def complete_one(tender, by, at) -> None:
    """A candidate answers the first thing asked from his firm."""
    item = ComplementItem.objects.filter(request__tender=tender, candidature__bid__deposited_by=by).first()
    if item:
        words = "Voir nos comptes publiés ; effectif moyen de sept personnes en 2025."
        services.complement_answer(item=item, words=words, by=by, at=at)

"""Stage 3: consultations and sealed bids."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TendersConfig(AppConfig):
    """Declares what this stage adds to the journal, the documents, the messages and the state machines."""

    name = "tenders"
    verbose_name = _("Consultations")

    def ready(self) -> None:
        """Fill the registries of the foundation."""
        from foundation.api import scopes
        from foundation.journal import registry as journal
        from tenders import (
            approvals,
            documents,
            downloads,
            events,
            notifications,
            perimeters,
            personal,
            screens,
            search,
            second_persons,
            verification,
            webhooks,
        )

        journal.declare(events.ACTIONS)
        verification.declare()
        self._follow()
        approvals.declare()
        second_persons.declare()
        documents.declare()
        downloads.declare()
        notifications.declare()
        perimeters.declare()
        personal.declare()
        webhooks.declare()
        screens.declare()
        search.declare()
        scopes.declare(
            {
                "tenders:write": _("Préparer les consultations"),
                "tenders:decide": _("Publier, abandonner et attribuer les consultations"),
                "tenders:open": _("Déclarer ses intérêts et contribuer à l’ouverture des plis"),
                "tenders:follow": _("Être prévenu des modifications d’une consultation"),
                "bids:write": _("Déposer et retirer un pli"),
                "scores:write": _("Noter les offres"),
            }
        )

    def _follow(self) -> None:
        """Who reads which history, and the tables that PostgreSQL enforces."""
        from foundation.journal import registry as journal
        from foundation.workflow import guard
        from tenders import rules
        from tenders.models import (
            Answer,
            Bid,
            Candidature,
            Contract,
            LowOfferReview,
            NegotiationMeeting,
            Question,
            RequestedPiece,
            Review,
            Round,
            Tender,
            UploadSession,
        )
        from tenders.rules import public
        from tenders.workflow import (
            ANSWER,
            BID,
            CANDIDATURE,
            CONTRACT,
            LOW_OFFER,
            MEETING,
            PIECE_CHECK,
            REVIEW,
            ROUND,
            TENDER,
        )
        from tenders.workflow.uploads import UPLOAD

        journal.show_history(Tender, rules.works_for_buyer)
        journal.show_history(Bid, rules.can_follow_bid)
        journal.show_history(Candidature, rules.can_examine_candidature)
        journal.show_history(Question, public.can_follow_question)
        journal.show_history(Answer, public.can_follow_answer)
        guard(Tender, TENDER)
        guard(Review, REVIEW)
        guard(Round, ROUND)
        guard(Bid, BID)
        guard(UploadSession, UPLOAD)
        guard(LowOfferReview, LOW_OFFER)
        guard(NegotiationMeeting, MEETING)
        guard(Contract, CONTRACT)
        guard(RequestedPiece, PIECE_CHECK)
        guard(Answer, ANSWER)
        guard(Candidature, CANDIDATURE)

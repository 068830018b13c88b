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
        from foundation.workflow import guard
        from tenders import (
            approvals,
            documents,
            downloads,
            events,
            notifications,
            perimeters,
            rules,
            screens,
            search,
            second_persons,
            webhooks,
        )
        from tenders.models import (
            Answer,
            Bid,
            Contract,
            LowOfferReview,
            NegotiationMeeting,
            Question,
            RequestedPiece,
            Review,
            Round,
            Tender,
        )
        from tenders.workflow import (
            ANSWER,
            BID,
            CONTRACT,
            LOW_OFFER,
            MEETING,
            PIECE_CHECK,
            REVIEW,
            ROUND,
            TENDER,
        )

        journal.declare(events.ACTIONS)
        journal.show_history(Tender, rules.works_for_buyer)
        journal.show_history(Bid, rules.can_follow_bid)
        guard(Tender, TENDER)
        guard(Review, REVIEW)
        guard(Round, ROUND)
        guard(Bid, BID)
        approvals.declare()
        guard(LowOfferReview, LOW_OFFER)
        guard(NegotiationMeeting, MEETING)
        guard(Contract, CONTRACT)
        guard(RequestedPiece, PIECE_CHECK)
        second_persons.declare()
        journal.show_history(Question, rules.can_follow_question)
        journal.show_history(Answer, rules.can_follow_answer)
        guard(Answer, ANSWER)
        documents.declare()
        downloads.declare()
        notifications.declare()
        perimeters.declare()
        webhooks.declare()
        screens.declare()
        search.declare()
        scopes.declare(
            {
                "tenders:write": _("Préparer les consultations"),
                "tenders:decide": _("Publier, abandonner et attribuer les consultations"),
                "tenders:open": _("Déclarer ses intérêts et contribuer à l’ouverture des plis"),
                "bids:write": _("Déposer et retirer un pli"),
                "scores:write": _("Noter les offres"),
            }
        )

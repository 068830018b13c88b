"""The state machines of consultations and bids."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.clock import database_now
from foundation.errors import Reason
from foundation.workflow import Transition, Workflow
from tenders import legal, rules
from tenders.checklist import publication_reasons
from tenders.enums import BidState, RoundState, TenderState


def round_deadline_is_past(round, at):
    """The deadline is read on the database's clock: neither the web server's nor the caller's (L20)."""
    yield from _sealed_until(round.due_at)


def deadline_is_past(tender, at):
    """The announced deadline is that of the round in force."""
    yield from _sealed_until(tender.submission_due_at)


def _sealed_until(due_at):
    if database_now() < due_at:
        yield Reason(
            _("Les plis restent scellés jusqu'à la date limite de réception des offres : revenez après."),
            article=legal.CONFIDENTIALITY.cited,
            code="too_early",
        )


def deadline_is_ahead(bid, at):
    """A bid is replaced or withdrawn until the deadline only."""
    if database_now() >= bid.round.due_at:
        yield Reason(
            _("La date limite est passée : le pli ne peut plus être retiré ni remplacé."),
            article=legal.LATE_BIDS.cited,
            code="too_late",
        )


def consultation_goes_on(round, at):
    """The bids of a consultation that was given up stay sealed."""
    if round.tender.state not in (TenderState.PUBLISHED, TenderState.OPENED):
        yield Reason(_("La consultation est close : ses plis restent scellés."), code="conflict")


def has_reason_to_cancel(tender, at):
    """Giving up is explained to all candidates (R2185-2)."""
    if not tender.cancel_reason.strip():
        yield Reason(
            _("Écrivez le motif : il est publié et envoyé aux candidats."),
            field="cancel_reason",
            article=legal.ART.format("R2185-2"),
        )


def every_lot_is_settled(tender, at):
    """Each lot has its holders proposed, or the reason why it has none."""
    for lot in tender.lots.prefetch_related("awards"):
        if not lot.awards.all() and not lot.unawarded_reason:
            yield Reason(
                _("Lot %(number)s : proposez un titulaire ou écrivez pourquoi le lot n'est pas attribué.")
                % {"number": lot.number}
            )


TENDER = Workflow(
    gettext_lazy("Consultation"),
    TenderState,
    (
        Transition(
            name="publish",
            label=gettext_lazy("Publier"),
            sources=(TenderState.DRAFT,),
            target=TenderState.PUBLISHED,
            who=rules.can_publish_tender,
            conditions=(publication_reasons,),
        ),
        Transition(
            name="open",
            label=gettext_lazy("Ouvrir les plis"),
            sources=(TenderState.PUBLISHED,),
            target=TenderState.OPENED,
            who=rules.can_contribute_to_opening,
            conditions=(deadline_is_past,),
        ),
        Transition(
            name="award",
            label=gettext_lazy("Décider l'attribution"),
            sources=(TenderState.OPENED,),
            target=TenderState.AWARDED,
            who=rules.can_decide_award,
            conditions=(every_lot_is_settled,),
        ),
        Transition(
            name="cancel",
            label=gettext_lazy("Déclarer sans suite"),
            sources=(TenderState.DRAFT, TenderState.PUBLISHED, TenderState.OPENED),
            target=TenderState.CANCELLED,
            who=rules.can_cancel_tender,
            conditions=(has_reason_to_cancel,),
        ),
    ),
)


ROUND = Workflow(
    gettext_lazy("Tour de dépôt"),
    RoundState,
    (
        Transition(
            name="open",
            label=gettext_lazy("Ouvrir les plis"),
            sources=(RoundState.SEALED,),
            target=RoundState.OPENED,
            who=rules.can_open_round,
            conditions=(consultation_goes_on, round_deadline_is_past),
        ),
    ),
)


def _platform_only(user, bid) -> bool:
    """The platform alone moves a bid so, in the course of another service."""
    return False


BID = Workflow(
    gettext_lazy("Pli"),
    BidState,
    (
        Transition(
            name="replace",
            label=gettext_lazy("Remplacer"),
            sources=(BidState.DEPOSITED,),
            target=BidState.REPLACED,
            who=_platform_only,
            conditions=(deadline_is_ahead,),
        ),
        Transition(
            name="withdraw",
            label=gettext_lazy("Retirer"),
            sources=(BidState.DEPOSITED,),
            target=BidState.WITHDRAWN,
            who=rules.can_withdraw_bid,
            conditions=(deadline_is_ahead,),
        ),
        Transition(
            name="open",
            label=gettext_lazy("Ouvrir"),
            sources=(BidState.DEPOSITED,),
            target=BidState.OPENED,
            who=_platform_only,
        ),
        Transition(
            name="mark_unreadable",
            label=gettext_lazy("Constater illisible"),
            sources=(BidState.DEPOSITED,),
            target=BidState.UNREADABLE,
            who=_platform_only,
        ),
    ),
)

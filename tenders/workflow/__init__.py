"""The state machines of consultations and bids."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.clock import database_now
from foundation.errors import Reason
from foundation.workflow import Transition, Workflow
from tenders import legal, rules
from tenders.checklist.review import may_be_published
from tenders.enums import (
    AnswerState,
    BidState,
    CancelGround,
    ContractState,
    LowOfferState,
    MeetingState,
    PieceState,
    RoundState,
    TenderState,
)
from tenders.rules import public
from tenders.workflow.candidatures import CANDIDATURE as CANDIDATURE
from tenders.workflow.candidatures import candidatures_were_settled
from tenders.workflow.review import REVIEW as REVIEW


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
    """Giving up is explained to all candidates (R2185-2), and « infructueuse » is said of what was received."""
    if not tender.cancel_reason.strip():
        yield Reason(
            _("Écrivez le motif : il est publié et envoyé aux candidats."),
            field="cancel_reason",
            article=legal.NO_CONTRACT_TOLD.cited,
        )
    if tender.cancel_ground == CancelGround.NO_BID and not _nobody_answered(tender):
        yield Reason(
            _("« Aucune réponse » se constate après la date limite, quand aucun pli n'est arrivé à temps."),
            field="cancel_ground",
            article=legal.NO_USEFUL_BID.cited,
        )
    if tender.cancel_ground == CancelGround.NO_FIT_BID and tender.state != TenderState.OPENED:
        yield Reason(
            _("Les offres se jugent une fois les plis ouverts : choisissez un autre motif, ou attendez."),
            field="cancel_ground",
            article=legal.NO_USEFUL_BID.cited,
        )


def _nobody_answered(tender) -> bool:
    """Past the deadline, no bid in force. Told of no other bid than those that the buyer already counts."""
    if tender.published_at is None or database_now() < tender.submission_due_at:
        return False
    return not tender.bids.filter(state__in=[BidState.DEPOSITED, BidState.OPENED]).exists()


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
            conditions=(may_be_published,),
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
            conditions=(candidatures_were_settled, every_lot_is_settled),
        ),
        Transition(
            name="reopen",
            label=gettext_lazy("Reprendre l'analyse après un retrait d'attribution"),
            sources=(TenderState.AWARDED,),
            target=TenderState.OPENED,
            who=rules.can_reverse_award,
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


def answer_came_or_time_is_up(review, at):
    """The firm had its say, or its time is up, before its prices are judged (L2152-6, R2152-3)."""
    if review.state == LowOfferState.ASKED and at < review.due_at:
        yield Reason(
            _("Attendez la réponse de l'entreprise, ou la fin du délai que vous lui avez donné."),
            article=legal.ART.format("R2152-3"),
            code="too_early",
        )


def decision_has_reason(review, at):
    """Accepted or rejected, the file says why."""
    if not review.decision_reason.strip():
        yield Reason(_("Écrivez ce qui justifie, ou non, ces prix."), field="reason")


LOW_OFFER = Workflow(
    gettext_lazy("Offre paraissant anormalement basse"),
    LowOfferState,
    (
        Transition(
            name="answer",
            label=gettext_lazy("Justifier ses prix"),
            sources=(LowOfferState.ASKED,),
            target=LowOfferState.ANSWERED,
            who=rules.can_answer_low_offer,
        ),
        Transition(
            name="accept",
            label=gettext_lazy("Tenir le prix pour justifié"),
            sources=(LowOfferState.ASKED, LowOfferState.ANSWERED),
            target=LowOfferState.ACCEPTED,
            who=rules.can_decide_low_offer,
            conditions=(answer_came_or_time_is_up, decision_has_reason),
        ),
        Transition(
            name="reject",
            label=gettext_lazy("Rejeter l'offre comme anormalement basse"),
            sources=(LowOfferState.ASKED, LowOfferState.ANSWERED),
            target=LowOfferState.REJECTED,
            who=rules.can_decide_low_offer,
            conditions=(answer_came_or_time_is_up, decision_has_reason),
        ),
    ),
)


def _platform_only(user, bid) -> bool:
    """The platform alone moves a bid so, in the course of another service."""
    return False


MEETING = Workflow(
    gettext_lazy("Réunion de négociation"),
    MeetingState,
    (
        Transition(
            name="invite",
            label=gettext_lazy("Inviter"),
            sources=(MeetingState.PREPARED,),
            target=MeetingState.INVITED,
            who=rules.can_hear_candidate,
        ),
        Transition(
            name="plan",
            label=gettext_lazy("Choisir un créneau"),
            sources=(MeetingState.INVITED, MeetingState.PLANNED),
            target=MeetingState.PLANNED,
            who=rules.can_speak_for_candidate,
        ),
        Transition(
            name="decline",
            label=gettext_lazy("Maintenir son offre sans réunion"),
            sources=(MeetingState.INVITED,),
            target=MeetingState.DECLINED,
            who=rules.can_speak_for_candidate,
        ),
        Transition(
            name="share",
            label=gettext_lazy("Partager le compte rendu"),
            sources=(MeetingState.PLANNED, MeetingState.SHARED),
            target=MeetingState.SHARED,
            who=rules.can_hear_candidate,
        ),
        Transition(
            name="sign",
            label=gettext_lazy("Contresigner le compte rendu"),
            sources=(MeetingState.SHARED,),
            target=MeetingState.SIGNED,
            who=rules.can_speak_for_candidate,
        ),
    ),
)


def wait_is_over(contract, at):
    """A formal procedure leaves the rejected firms time to go to the judge (L41)."""
    if at < contract.signable_at:
        day = date_format(contract.signable_at.astimezone(legal.PARIS), "j F Y")
        yield Reason(
            _("Le contrat ne peut pas être signé avant le %(day)s : le délai de suspension court.")
            % {"day": day},
            article=legal.STANDSTILL_DAYS[-1].cited,
            code="too_early",
        )


def no_challenge_is_pending(contract, at):
    """A challenge before the judge freezes the signature."""
    if contract.award.lot.tender.challenges.filter(ended_at__isnull=True).exists():
        yield Reason(
            _("Un référé précontractuel est en cours : la signature attend la décision du juge."),
            article=legal.CHALLENGE.cited,
            code="conflict",
        )


def every_piece_is_accepted(contract, at):
    """The holder gave what was asked."""
    left = contract.pieces.exclude(state=PieceState.ACCEPTED).values_list("label", flat=True)
    if left:
        yield Reason(_("Pièces encore attendues ou à vérifier : %(names)s.") % {"names": ", ".join(left)})


CONTRACT = Workflow(
    gettext_lazy("Contrat"),
    ContractState,
    (
        Transition(
            name="sign",
            label=gettext_lazy("Signer"),
            sources=(ContractState.TO_SIGN,),
            target=ContractState.SIGNED,
            who=rules.can_sign_contract,
            conditions=(wait_is_over, no_challenge_is_pending, every_piece_is_accepted),
        ),
        Transition(
            name="serve",
            label=gettext_lazy("Notifier au titulaire"),
            sources=(ContractState.SIGNED,),
            target=ContractState.SERVED,
            who=rules.can_serve_contract,
        ),
        Transition(
            name="cancel",
            label=gettext_lazy("Abandonner"),
            sources=(ContractState.TO_SIGN, ContractState.SIGNED),
            target=ContractState.CANCELLED,
            who=_platform_only,
        ),
    ),
)


def refusal_is_explained(piece, at):
    """A firm is told why its document does not do."""
    if not piece.refusal_reason.strip():
        yield Reason(_("Écrivez ce qui ne va pas dans cette pièce."), field="reason")


PIECE_CHECK = Workflow(
    gettext_lazy("Pièce de l'attributaire"),
    PieceState,
    (
        Transition(
            name="send",
            label=gettext_lazy("Déposer"),
            sources=(PieceState.ASKED, PieceState.RECEIVED, PieceState.REFUSED),
            target=PieceState.RECEIVED,
            who=rules.can_send_piece,
        ),
        Transition(
            name="accept",
            label=gettext_lazy("Accepter"),
            sources=(PieceState.RECEIVED,),
            target=PieceState.ACCEPTED,
            who=rules.can_check_piece,
        ),
        Transition(
            name="refuse",
            label=gettext_lazy("Refuser"),
            sources=(PieceState.RECEIVED,),
            target=PieceState.REFUSED,
            who=rules.can_check_piece,
            conditions=(refusal_is_explained,),
        ),
    ),
)


BID = Workflow(
    gettext_lazy("Pli"),
    BidState,
    (
        Transition(
            name="replace",
            label=gettext_lazy("Remplacer"),
            sources=(BidState.DEPOSITED, BidState.BACKUP),
            target=BidState.REPLACED,
            who=_platform_only,
            conditions=(deadline_is_ahead,),
        ),
        Transition(
            name="withdraw",
            label=gettext_lazy("Retirer"),
            sources=(BidState.DEPOSITED, BidState.BACKUP),
            target=BidState.WITHDRAWN,
            who=rules.can_withdraw_bid,
            conditions=(deadline_is_ahead,),
        ),
        Transition(
            name="open",
            label=gettext_lazy("Ouvrir"),
            sources=(BidState.DEPOSITED, BidState.BACKUP),
            target=BidState.OPENED,
            who=_platform_only,
        ),
        Transition(
            name="set_aside",
            label=gettext_lazy("Écarter, dangereux"),
            sources=(BidState.OPENED,),
            target=BidState.UNREADABLE,
            who=_platform_only,
        ),
        Transition(
            name="mark_unreadable",
            label=gettext_lazy("Constater illisible"),
            sources=(BidState.DEPOSITED, BidState.BACKUP),
            target=BidState.UNREADABLE,
            who=_platform_only,
        ),
    ),
)


def answer_is_whole(answer, at):
    """Both the question as it is published and its answer are written."""
    if not answer.question.strip() or not answer.text.strip():
        yield Reason(_("Une réponse en préparation n’est pas complète : écrivez sa question et son texte."))


ANSWER = Workflow(
    gettext_lazy("Réponse à une question"),
    AnswerState,
    (
        Transition(
            name="publish",
            label=gettext_lazy("Publier"),
            sources=(AnswerState.DRAFT,),
            target=AnswerState.PUBLISHED,
            who=public.can_publish_answer,
            conditions=(answer_is_whole,),
        ),
    ),
)

"""Backup copies (« copies de sauvegarde », R2132-11 and annexe 6): kept closed, opened in two cases only, traced."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.files.enums import Verdict
from foundation.files.selectors import inspections_of
from foundation.journal import services as journal
from tenders import legal, rules, selectors
from tenders.enums import BackupCase, BidState, PartKind, RoundState, UploadState
from tenders.models import Bid, UploadSession
from tenders.services.files import inspection_ask
from tenders.services.locking import locked_tender
from tenders.services.opening import opened_key
from tenders.services.unsealing import open_bid
from tenders.workflow import BID


@transaction.atomic
def backup_open(*, bid: Bid, case: str, reason: str, by, at) -> Bid:
    """Open a backup copy in place of the bid that it doubles; the check of its files, asked for at once, discards it in
    its turn when it is harmful.

    Raises Refusal: not one of the two cases, no reason, not between the opening and the award.
    """
    locked_tender(bid.tender)
    bid = (
        Bid.objects.select_for_update(of=("self",))
        .select_related("tender__buyer", "round__key")
        .get(pk=bid.pk)
    )
    if not rules.can_open_backup(by, bid):
        raise Refusal(
            _("Un acheteur ouvre la copie, entre l'ouverture des plis et l'attribution."), code="forbidden"
        )
    if bid.state != BidState.BACKUP or bid.round.state != RoundState.OPENED:
        raise Refusal(_("Cette copie n'est plus à ouvrir."), code="conflict")
    if not reason.strip():
        raise Refusal(_("Écrivez pourquoi : la trace de l'ouverture reste au dossier."), field="reason")
    main = selectors.doubled_bid(bid)
    if not holds(case, bid, main):
        raise Refusal(
            _(
                "Une copie de sauvegarde s'ouvre dans deux cas seulement : un programme malveillant dans le pli, ou un "
                "pli incomplet, hors délai ou illisible dont l'envoi avait commencé avant la date limite."
            ),
            field="case",
            article=legal.BACKUP_COPY.cited,
        )
    _set_aside(main, at)
    bid.backup_case, bid.backup_reason = case, reason
    bid.save(update_fields=["backup_case", "backup_reason"])
    open_bid(bid, opened_key(bid.round), at)
    _record(bid, by, at)
    inspection_ask(list(bid.parts.filter(kind=PartKind.FILE).values_list("pk", flat=True)))
    return bid


def holds(case: str, copy: Bid, main: Bid | None) -> bool:
    """Whether the case of annexe 6 is really that of this bid: by what the checks found, by the evidence of sending."""
    if case == BackupCase.MALWARE:
        return main is not None and main.state == BidState.OPENED and _is_harmful(main)
    if case == BackupCase.NOT_OPENED:
        failed = main is None or main.state in (BidState.LATE, BidState.UNREADABLE)
        return failed and _began_in_time(copy, main)
    return False


def _is_harmful(bid: Bid) -> bool:
    said = inspections_of(bid.parts.filter(kind=PartKind.FILE))
    return any(inspection.verdict == Verdict.DANGEROUS for inspection in said.values())


def _began_in_time(copy: Bid, main: Bid | None) -> bool:
    """An unreadable bid arrived in time; otherwise the first sign of its sending came before the deadline.

    A sending that ended as a bid, then withdrawn or replaced, is none: the firm took it back itself.
    """
    if main is not None and main.state == BidState.UNREADABLE:
        return True
    unfinished = Q(bidder=copy.bidder, round=copy.round) & ~Q(state=UploadState.DEPOSITED)
    sent = Q(pk=main.pk) if main else unfinished
    return UploadSession.objects.filter(sent, opened_at__lt=copy.round.due_at).exists()


def _set_aside(main: Bid | None, at) -> None:
    if main is not None and main.state == BidState.OPENED:
        BID.apply(main, "set_aside", by=None, at=at)
        main.save(update_fields=["state"])


def _record(bid: Bid, by, at) -> None:
    journal.record(
        by=by,
        action="tenders.backup_open",
        obj=bid,
        at=at,
        reason=f"{bid.get_backup_case_display()}. {bid.backup_reason}",
        after={"case": bid.backup_case, "state": bid.state},
        organisation=bid.tender.buyer,
    )

"""Backup copies (« copies de sauvegarde », R2132-11 and annexe 6): kept closed, opened in two cases only, traced."""

from uuid import UUID

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
from tenders.services.unsealing import mark_unreadable, open_bid, require_storage
from tenders.workflow import BID


@transaction.atomic
def backup_ask(*, bid: Bid, case: str, reason: str, by, at) -> Bid:
    """Ask the custodians to open a backup copy in place of the bid that it doubles: its key is with them alone.

    Raises Refusal: not one of the two cases, no reason, not between the opening and the award.
    """
    locked_tender(bid.tender)
    bid = _locked(bid)
    if not rules.can_open_backup(by, bid):
        raise Refusal(
            _("Un acheteur demande l'ouverture de la copie, entre l'ouverture des plis et l'attribution."),
            code="forbidden",
        )
    if bid.state != BidState.BACKUP or bid.round.state != RoundState.OPENED or bid.backup_case:
        raise Refusal(_("Cette copie n'est plus à ouvrir."), code="conflict")
    if not reason.strip():
        raise Refusal(_("Écrivez pourquoi : la trace de l'ouverture reste au dossier."), field="reason")
    if not holds(case, bid, selectors.doubled_bid(bid)):
        raise Refusal(
            _(
                "Une copie de sauvegarde s'ouvre dans deux cas seulement : un programme malveillant dans le pli, ou un "
                "pli incomplet, hors délai ou illisible dont l'envoi avait commencé avant la date limite."
            ),
            field="case",
            article=legal.BACKUP_COPY.cited,
        )
    bid.backup_case, bid.backup_reason = case, reason
    bid.save(update_fields=["backup_case", "backup_reason"])
    _record("tenders.backup_ask", bid, by, at)
    return bid


def _locked(bid: Bid) -> Bid:
    rows = Bid.objects.select_for_update(of=("self",)).select_related("tender__buyer", "round", "key")
    return rows.get(pk=bid.pk)


def backups_open(bids: list[Bid], keys: dict[UUID, bytes], custodians: list, at) -> None:
    """Open the copies that were asked for, with the keys that the custodians rebuilt, each in the place of the bid that
    it doubles; the check of its files, asked for at once, discards it when it is harmful. Called under the lock of the
    consultation.
    """
    require_storage(bids)
    for copy in bids:
        bid = _locked(copy)
        if bid.pk not in keys:
            mark_unreadable(bid, "shares", at)
            continue
        _set_aside(selectors.doubled_bid(bid), at)
        open_bid(bid, keys[bid.pk], at)
        _record("tenders.backup_open", bid, None, at, [custodian.pk for custodian in custodians])
        inspection_ask(list(bid.parts.filter(kind=PartKind.FILE).values_list("pk", flat=True)))


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
        journal.record(
            by=None, action="tenders.bid_set_aside", obj=main, at=at, organisation=main.tender.buyer
        )


def _record(action: str, bid: Bid, by, at, custodians: list | None = None) -> None:
    journal.record(
        by=by,
        action=action,
        obj=bid,
        at=at,
        reason=f"{bid.get_backup_case_display()}. {bid.backup_reason}",
        after={"case": bid.backup_case, "state": bid.state, "custodians": custodians or []},
        organisation=bid.tender.buyer,
    )

"""What changes after the publication: corrigenda, later deadlines. Each is numbered, published, told to everybody."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.approvals import services as approvals
from foundation.clock import database_now
from foundation.errors import Reason, Refusal
from foundation.journal import services as journal
from tenders import events, legal, ocds, rules, selectors, webhooks
from tenders.enums import ChangeKind
from tenders.models import Change, Tender, TenderDocument
from tenders.notifications import tell_changed
from tenders.services.documents import document_store
from tenders.services.drafting import complete_places
from tenders.services.locking import locked_tender
from tenders.services.papers import papers_issue
from tenders.services.rounds import deadline_move
from tenders.snapshots import words_of

EXTEND_DEADLINE = "tenders.extend_deadline"
CORRECTED_FIELDS = ("title", "description", "cpv_code", "department_codes")
"""What a corrigendum may say otherwise. Lots, criteria, prices, procedure and maximum stay as announced."""


@transaction.atomic
def corrigendum_publish(
    *, tender, reason: str, fields: dict | None = None, added=(), replaced=None, withdrawn=(), by, at
) -> Change:
    """Publish what is said otherwise, before and after, and tell everybody concerned.

    `fields`: notice fields of `CORRECTED_FIELDS` → new value. `added`: pairs (title, upload). `replaced`: file of the
    consultation → upload that takes its place. `withdrawn`: files taken out; they stay readable. Raises Refusal: not
    a buyer, the deadline is past, no reason, nothing changes, a file that the checks refuse.
    """
    tender = _to_change(tender, by)
    facts = _notice_facts(tender, fields or {})
    if reasons := list(complete_places(tender)):
        raise Refusal.of(reasons)
    facts += _file_facts(tender, added, replaced or {}, withdrawn, at)
    if not facts:
        raise Refusal(_("Rien ne change : corrigez un texte, ou ajoutez, remplacez ou retirez une pièce."))
    tender.save()
    return publish_change(
        tender,
        kind=ChangeKind.CORRIGENDUM,
        reason=_reason(reason),
        article=legal.EXTENSION.cited,
        facts=facts,
        action="tenders.corrigendum",
        by=by,
        at=at,
    )


def _to_change(tender: Tender, by) -> Tender:
    """The locked consultation, if it may still change: published, and its deadline ahead on the database's clock."""
    tender = locked_tender(tender)
    if not rules.can_correct_tender(by, tender):
        raise Refusal(
            _("Seuls les acheteurs modifient une consultation publiée, avant son ouverture."),
            code="forbidden",
        )
    if database_now() >= tender.submission_due_at:
        raise Refusal(
            _(
                "La date limite est passée : la consultation ne change plus. Déclarez-la sans suite au besoin."
            ),
            code="too_late",
            article=legal.LATE_BIDS.cited,
        )
    return tender


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Refusal(_("Écrivez le motif : il est publié et envoyé aux entreprises."), field="reason")
    return reason.strip()


def _notice_facts(tender: Tender, fields: dict) -> list[dict]:
    unknown = set(fields) - set(CORRECTED_FIELDS)
    if unknown:
        raise TypeError(f"a corrigendum does not change: {sorted(unknown)}")
    facts = []
    for name, value in fields.items():
        before = getattr(tender, name)
        if value == before:
            continue
        if not value:
            raise Refusal(_("Un rectificatif corrige ce qui était annoncé, il ne le vide pas."), field=name)
        setattr(tender, name, value)
        label = str(Tender._meta.get_field(name).verbose_name)
        facts.append(_fact(label[:1].upper() + label[1:], words_of(before), words_of(value)))
    return facts


def _fact(label: str, before: str, after: str) -> dict:
    return {"label": label, "before": before, "after": after}


def _file_facts(tender: Tender, added, replaced: dict, withdrawn, at) -> list[dict]:
    facts = []
    for title, upload in added:
        new = document_store(tender, title, upload, at)
        facts.append(_fact(_("Pièce ajoutée"), "", _file_words(new)))
    for named, upload in replaced.items():
        former = _take_out(tender, named, at)
        new = document_store(tender, former.title, upload, at)
        facts.append(_fact(_("Pièce remplacée"), _file_words(former), _file_words(new)))
    for named in withdrawn:
        facts.append(_fact(_("Pièce retirée"), _file_words(_take_out(tender, named, at)), ""))
    return facts


def _file_words(document: TenderDocument) -> str:
    return _("%(title)s (%(name)s, empreinte %(sha256)s…)") % {
        "title": document.title,
        "name": document.name,
        "sha256": document.sha256[:12],
    }


def _take_out(tender: Tender, document: TenderDocument, at) -> TenderDocument:
    found = tender.documents.select_for_update(of=("self",)).filter(pk=document.pk).first()
    if found is None:
        raise Refusal(_("Cette pièce n'est plus dans le dossier : rechargez la page."), code="conflict")
    found.withdrawn_at = at
    found.save(update_fields=["withdrawn_at"])
    return found


@transaction.atomic
def extension_ask(*, tender, due_at, reason: str, by, at):
    """Ask that the deadline moves later; somebody else confirms it (S4). Raises Refusal. Returns the request."""
    tender = _to_change(tender, by)
    _demand_later(tender, due_at)
    change = {"due_at": due_at.isoformat(), "reason": _reason(reason)}
    return approvals.approval_ask(
        action=EXTEND_DEADLINE,
        obj=tender,
        change=change,
        organisation=tender.buyer,
        reason=reason,
        by=by,
        at=at,
    )


def _demand_later(tender: Tender, due_at) -> None:
    if due_at is None or due_at <= tender.submission_due_at:
        raise Refusal.of(
            [
                Reason(
                    _("Une date limite annoncée ne se rapproche jamais : choisissez-en une plus tardive."),
                    field="due_at",
                    article=legal.EXTENSION.cited,
                )
            ]
        )


def extension_publish(*, tender, due_at, reason: str, by, confirmed_by, at) -> Change:
    """Move the deadline and republish it to everybody, in the transaction of the confirmation. Raises Refusal."""
    tender = _to_change(tender, by)
    _demand_later(tender, due_at)
    before = tender.submission_due_at
    deadline_move(selectors.round_in_force(tender), due_at, by, at)
    tender.submission_due_at = due_at
    return publish_change(
        tender,
        kind=ChangeKind.EXTENSION,
        reason=reason,
        article=legal.EXTENSION.cited,
        facts=[_fact(_("Date limite de réception des offres"), words_of(before), words_of(due_at))],
        action="tenders.extend",
        by=by,
        confirmed_by=confirmed_by,
        at=at,
    )


def publish_change(
    tender: Tender, *, kind, reason, article, facts, action, by, at, confirmed_by=None
) -> Change:
    """Number a change, make it public and tell everybody concerned. Called under the lock of the consultation."""
    change = Change.objects.create(
        tender=tender,
        number=1 + tender.changes.count(),
        kind=kind,
        reason=reason,
        article=article,
        facts=facts,
        decided_by=by,
        confirmed_by=confirmed_by,
        published_at=at,
    )
    if kind != ChangeKind.CANCELLATION:
        papers_issue(tender, by, at)
        tell_changed(change, at)
        webhooks.tell_changed(change, at)
        ocds.publish(tender, tag="tenderAmendment", at=at)
    events.emit(events.TenderChanged(tender.pk, change.pk))
    journal.record(
        by=by,
        action=action,
        obj=tender,
        at=at,
        reason=reason,
        before={"number": change.number - 1, "facts": [[fact["label"], fact["before"]] for fact in facts]},
        after={"number": change.number, "kind": kind, "facts": facts},
        organisation=tender.buyer,
    )
    return change

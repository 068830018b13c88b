"""Pages that anyone reads: the list, a consultation, its documents."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from foundation.clock import now
from foundation.documents.selectors import documents_about
from foundation.files.responses import file_response
from foundation.files.views import to_signed_link
from foundation.money import format_euros
from tenders import downloads, nomenclatures, rules, selectors
from tenders import whole_file as whole
from tenders.filters import TenderListFilter, asked
from tenders.identities import fingerprint
from tenders.models import Tender, TenderDocument
from tenders.selectors import finding
from tenders.views.announced import announced_rules
from tenders.views.doors import page_of, public_crumbs, visible_tender


@require_safe
def tender_list(request):
    """The published consultations that answer the filters of the address; misspelt words find the nearest titles."""
    wanted = TenderListFilter(request.GET or None, Tender.objects.public())
    page = page_of(request, finding.for_cards(wanted.qs))
    criteria = wanted.criteria
    is_near = criteria.get("q", "") != "" and page.paginator.count == 0
    if is_near:
        page = page_of(request, finding.for_cards(wanted.found(wanted.queryset, nearly=True)))
    context = {
        "form": wanted.form,
        "page_obj": page,
        "count_words": _count_words(page.paginator),
        "is_filtered": bool(criteria),
        "search": urlencode(asked(request.GET)),
        "is_near": is_near and page.paginator.count > 0,
        "mine_url": reverse("tenders:mine") if rules.works_on_tenders(request.user) else "",
        "breadcrumbs": [(_("Consultations"), None)],
    }
    return render(request, "tenders/list.html", context)


def _count_words(paginator) -> str:
    if paginator.is_capped:
        return _("Plus de %(count)d consultations : précisez votre recherche") % {"count": paginator.count}
    words = ngettext("%(count)d consultation", "%(count)d consultations", paginator.count)
    return words % {"count": paginator.count} if paginator.count else _("Aucune consultation")


@require_safe
def tender_detail(request, pk):
    """A consultation as the public reads it, with what this reader may do next."""
    tender, at = get_object_or_404(selectors.announced_to(request.user), pk=pk), now()
    shown = published(request.user, tender)
    context = {
        "tender": tender,
        "lots": tender.lots.all(),
        "facts": tender_facts(tender),
        **shown,
        "whole": whole.whole_file(tender, shown["papers"]) if tender.published_at else None,
        "follows": selectors.follows(request.user, tender),
        "answer_count": tender.answer_count,
        "questions_due_at": selectors.questions_due_at(tender),
        "takes_questions": selectors.takes_questions(tender, at),
        **_custody(tender),
        "is_receiving": tender.is_receiving(at),
        "manage_url": _manage_url(request.user, tender),
        "breadcrumbs": [*public_crumbs(), (tender.reference, None)],
        **_answer(request.user, tender, at),
    }
    return render(request, "tenders/detail.html", context)


def _custody(tender) -> dict:
    """The keys that firms seal for, and the signed state of the journal once the round is over."""
    seats = selectors.published_seats(tender) if tender.published_at else []
    round = seats[0].custody.round if seats else None
    return {
        "fingerprints": [fingerprint(seat.custodian_key.public_key) for seat in seats],
        "closing": selectors.closing_checkpoint(round) if round and round.closed_at else None,
    }


def published(user, tender) -> dict:
    """What was published of a consultation, in the words of the page: files, papers and acts, changes, results."""
    papers = selectors.public_papers(tender)
    documents = documents_about([tender, *papers], user)
    changes = list(tender.changes.all())
    withdrawn = TenderDocument.ever_announced.filter(tender=tender, withdrawn_at__isnull=False)
    return {
        "documents": tender.documents.all(),
        "papers": selectors.documented(papers, documents),
        "visible_documents": documents[tender],
        "changes": changes,
        "withdrawn": withdrawn if changes else (),
        "results": selectors.published_results(tender),
    }


def _manage_url(user, tender) -> str:
    return reverse("tenders:manage", args=[tender.pk]) if rules.works_for_buyer(user, tender) else ""


def _answer(user, tender, at) -> dict:
    """The bids of this reader, and where he answers."""
    address = reverse("tenders:answer", args=[tender.pk])
    own = list(selectors.own_bids(user, tender)) if rules.answers_tenders(user) else []
    if not tender.is_receiving(at):
        return {"own_bids": own}
    if not user.is_authenticated:
        login = f"{reverse('account_login')}?{urlencode({'next': address})}"
        return {"own_bids": [], "answer_url": login, "answer_label": _("Se connecter pour répondre")}
    if not rules.answers_tenders(user):
        return {"own_bids": own}
    label = _("Remplacer ma réponse") if own else _("Répondre en ligne")
    return {"own_bids": own, "answer_url": address, "answer_label": label}


def _places(tender) -> list[str]:
    """The places of execution by name; a département whose communes are named goes without saying."""
    if not tender.commune_codes:
        return nomenclatures.place_names(tender.department_codes, [])
    named = [nomenclatures.communes().get(code) for code in tender.commune_codes]
    around = {place.department for place in named if place}
    departments = [code for code in tender.department_codes if code not in around]
    return nomenclatures.place_names(departments, tender.commune_codes)


def tender_facts(tender) -> list[tuple]:
    """What a reader looks for first, term by term."""
    amount = tender.maximum_value_excl_tax
    months = tender.duration_months
    facts = [
        (_("Acheteur"), tender.buyer),
        (_("Procédure"), tender.get_procedure_display()),
        (_("Technique d'achat"), tender.get_technique_display()),
        (_("Durée"), ngettext("%d mois", "%d mois", months) % months if months else ""),
        (_("Lieu d'exécution"), ", ".join(_places(tender)) or _("Indifférent")),
        (_("Code CPV"), f"{tender.cpv_code} {nomenclatures.cpv_label(tender.cpv_code)}".strip()),
    ]
    facts += announced_rules(tender)
    if amount:
        facts.insert(4, (_("Montant maximum"), f"{format_euros(amount)} HT"))
    if tender.published_at:
        facts.append((_("Publiée le"), date_format(localtime(tender.published_at), "j F Y")))
    return facts


@require_safe
def tender_document(request, pk, document_pk):
    """A file of the consultation: sent to anyone once published, behind a signed link while it is a draft."""
    tender = visible_tender(request, pk, wanted=())
    document = get_object_or_404(TenderDocument.ever_announced, tender=tender, pk=document_pk)
    document.tender = tender
    if tender.published_at:
        return file_response(request, downloads.document_file(document))
    return to_signed_link(request, downloads.DOCUMENT, document.pk)


@require_safe
def whole_file(request, pk):
    """Every file of a published consultation in one zip, for anyone, without an account (P15)."""
    tender = visible_tender(request, pk, wanted=("documents",))
    papers = selectors.with_documents(request.user, selectors.public_papers(tender))
    found = whole.whole_file(tender, papers) if tender.published_at else None
    if found is None:
        raise Http404
    return file_response(request, found)

"""One request to the page of an answer: shown, shown again to be verified, or deposited once."""

import uuid

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.clock import now
from foundation.screens.doors import submitted
from tenders import rules, selectors, services
from tenders.models import Bid, UploadSession
from tenders.profiles import BID_FILE
from tenders.views import device, recap, uploads
from tenders.views.answering import answer_form
from tenders.views.copies import keep_copy
from tenders.views.doors import public_crumbs

NUMBER = "depot"
DEPOSIT = "deposer"
STALE = 409


def deposit_number(request) -> uuid.UUID | None:
    """The one-time number of the form, in its address."""
    try:
        return uuid.UUID(request.GET.get(NUMBER, ""))
    except ValueError:
        return None


def deposited(request, number) -> str:
    """The receipt of the deposit that this form already made, or nothing."""
    own = Bid.objects.filter(pk=number, deposited_by=request.user) if number else Bid.objects.none()
    return receipt_address(own.get()) if own.exists() else ""


def receipt_address(bid) -> str:
    """Where the receipt of a deposit that was just made stands."""
    return reverse("tenders:bid", args=[bid.pk]) + "?nouveau=1"


def take_number(envelope, number) -> None:
    """A sending that has not begun takes the number of the form, unless it is somebody's already."""
    taken = Bid.objects.filter(pk=number).exists() or UploadSession.objects.filter(pk=number).exists()
    if number and envelope.session is None and not taken:
        envelope.bid_id = number


class AnswerPage:
    """What the page of an answer knows in one request."""

    def __init__(self, request, tender, bidder, envelope) -> None:
        self.request, self.tender, self.bidder, self.envelope = request, tender, bidder, envelope
        self.in_force = selectors.bid_in_force(tender, bidder)
        self.arrived = {str(part.id) for part in envelope.parts if not part.stored}
        self.form = answer_form(request, tender, bidder, envelope)
        self.recap = None

    def shown(self, *, differences=()):
        """The page; files that came with the form are kept, sealed."""
        services.upload_keep(envelope=self.envelope, by=self.request.user)
        self.envelope.discard()
        context = self._context() | {"differences": differences}
        return render(
            self.request, "tenders/deposit/answer.html", context, status=STALE if differences else None
        )

    def posted(self):
        """Deposit what was read again; show the rest, with what is wrong or what is to be read."""
        if not self.form.is_bound:
            return self.shown()
        found = recap.differences(self.request, self.envelope, self.in_force, self.arrived)
        if found:
            return self.shown(differences=found)
        if self._may_deposit():
            bid = submitted(self.request, self.form, lambda _data: self._deposit())
            if bid:
                self._name_parts()
                return keep_copy(redirect(receipt_address(bid)), bid, self.envelope)
        elif self.form.is_valid():
            self.recap = True
        return self.shown()

    def _may_deposit(self) -> bool:
        """The button of the recap was pressed, and the answer is still the one that it showed."""
        if DEPOSIT not in self.request.POST or self.arrived or not self.form.is_valid():
            return False
        if recap.loses_files(self.in_force, self._files()) and recap.WITHOUT_FILES not in self.request.POST:
            message = _("Cochez la case : ce pli n'a pas de fichier, celui qu'il remplace en avait.")
            self.form.add_error(None, message)
        return self.request.POST.get(recap.READ) == recap.read_again(self.form)

    def _deposit(self):
        return services.bid_deposit(
            envelope=self.envelope,
            prices=self.form.prices,
            candidature=self.form.candidature,
            is_backup=self.form.cleaned_data.get("is_backup", False),
            answers=self.form.answers,
            by=self.request.user,
        )

    def _name_parts(self) -> None:
        """The form gives back the names that the browser alone still knows."""
        for part in self.envelope.parts:
            part.name = part.name or self.request.POST.get(f"nom-{part.id}", "")[:255]

    def _files(self) -> list[dict]:
        return uploads.sent_files(self.envelope, self.request.POST)

    def _context(self) -> dict:
        files = self._files()
        return {
            "sent": files,
            "recap": recap.recap(self.form, files) if self.recap else None,
            "loses_files": recap.loses_files(self.in_force, files),
            "replaced": device.replaced_words(self.in_force) if self.in_force else "",
            "words": device.answer_words(self.in_force),
            "upload_api": uploads.api_addresses(self.envelope, self.bidder),
            "number": self.envelope.bid_id,
            "session": self.envelope.session.pk if self.envelope.session else "",
            "replaces": str(self.in_force.pk) if self.in_force else "",
            "replaces_files": recap.loses_files(self.in_force, ()),
            "round": self.envelope.round,
            "tender": self.tender,
            "form": self.form,
            "bidder": self.bidder,
            "bidders": rules.bidders_for(self.request.user),
            "in_force": self.in_force,
            "is_late": not self.envelope.round.is_receiving(now()),
            "accepted_types": BID_FILE.words,
            "max_bytes": BID_FILE.max_bytes,
            "breadcrumbs": public_crumbs(_("Répondre"), self.tender),
        }

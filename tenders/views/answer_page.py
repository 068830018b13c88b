"""One request to the page of an answer: shown, shown again to be verified, or deposited once."""

import uuid

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.clock import now
from foundation.errors import Refusal
from tenders import rules, selectors, services
from tenders.enums import SealedBy
from tenders.forms.deposit import SEALED
from tenders.models import Bid, UploadSession
from tenders.profiles import bid_profile
from tenders.views import device, recap, uploads
from tenders.views.answering import answer_form
from tenders.views.copies import keep_copy, name_parts
from tenders.views.doors import public_crumbs

NUMBER = "depot"
DEPOSIT = "deposer"
STALE = 409
ELSEWHERE = {SealedBy.DEVICE, SealedBy.PROGRAM}


def deposit_number(request) -> uuid.UUID | None:
    """The one-time number of the form, in its address."""
    try:
        return uuid.UUID(request.GET.get(NUMBER, ""))
    except ValueError:
        return None


def receipt_address(bid, how="nouveau") -> str:
    """Where the receipt of a deposit stands: just made (« nouveau »), or made before by this sending (« deja »)."""
    return reverse("tenders:bid", args=[bid.pk]) + f"?{how}=1"


def take_number(envelope, number) -> None:
    """A sending that has not begun takes the number of the form, unless it is somebody's already."""
    taken = Bid.objects.filter(pk=number).exists() or UploadSession.objects.filter(pk=number).exists()
    if number and envelope.session is None and not taken:
        envelope.bid_id = number


class AnswerPage:
    """What the page of an answer knows in one request."""

    def __init__(self, request, tender, bidder, envelope) -> None:
        self.request, self.tender, self.bidder, self.envelope = request, tender, bidder, envelope
        self.form = answer_form(request, tender, bidder, envelope)
        # The body is read, and its files sealed, once the form has looked at it.
        self.arrived = {str(part.id) for part in envelope.parts if not part.stored}
        self.in_force = selectors.bid_in_force(tender, bidder)
        self.is_read_again = False
        self.status = None

    def shown(self, *, differences=()):
        """The page; files that came with the form are kept, sealed."""
        if not self._is_sealed_elsewhere():
            form = self.request.POST.get(recap.FORM, "")[:32]
            services.upload_keep(envelope=self.envelope, by=self.request.user, form=form)
        self.envelope.discard()
        context = self._context() | {"differences": differences}
        status = STALE if differences else self.status
        return render(self.request, "tenders/deposit/answer.html", context, status=status)

    def posted(self):
        """Deposit what was read again; show the rest, with what is wrong or what is to be read."""
        if not self.form.is_bound:
            return self.shown()
        if SEALED in self.request.POST:
            return self._deposited(self._sealed)
        found = self._differences()
        if found:
            return self.shown(differences=found)
        if self._may_deposit():
            return self._deposited(self._in_clear)
        self.is_read_again = self.form.is_valid() and self._tried(self._checked) is not None
        return self.shown()

    def _checked(self) -> bool:
        """What the deposit would refuse is told now: the recap is the last word."""
        services.answer_check(
            envelope=self.envelope,
            prices=self.form.prices,
            candidature=self.form.candidature,
            answers=self.form.answers,
            by=self.request.user,
        )
        return True

    def _is_sealed_elsewhere(self) -> bool:
        session = self.envelope.session
        return session is not None and session.sealed_by in ELSEWHERE

    def _differences(self) -> list[str]:
        if self._is_sealed_elsewhere():
            words = _(
                "Un envoi que votre appareil scelle lui-même est en cours : rouvrez cette page avec les scripts du "
                "navigateur, ou abandonnez cet envoi ci-dessous, puis joignez vos fichiers de nouveau."
            )
            return [words]
        return recap.differences(self.request, self.envelope, self.in_force, self.arrived)

    def _may_deposit(self) -> bool:
        """The button of the recap was pressed, and the answer is still the one that it showed."""
        if DEPOSIT not in self.request.POST or self.arrived or not self.form.is_valid():
            return False
        if recap.loses_files(self.in_force, self._files()) and recap.WITHOUT_FILES not in self.request.POST:
            self.form.add_error(None, str(recap.TICK))
        return self.request.POST.get(recap.READ) == recap.read_again(self.form)

    def _deposited(self, call):
        """The receipt's address, or the page with what the service refuses."""
        bid = self._tried(call) if self.form.is_valid() else None
        if bid is None:
            return self.shown()
        return keep_copy(redirect(receipt_address(bid)), bid, self.envelope)

    def _tried(self, call):
        try:
            with self.form.told_beside():
                return call()
        except Refusal as refusal:
            refusal.add_to(self.form)
            self.status = STALE if refusal.code == "conflict" else None
            return None

    def _sealed(self):
        """What the device sealed; None when the page must ask first."""
        sealed, seen = self.form.cleaned_data[SEALED]
        if recap.loses_files(self.in_force, seen.files) and recap.WITHOUT_FILES not in self.request.POST:
            self.form.add_error(None, str(recap.TICK))
            return None
        return self._bid(prices={}, answers=None, sealed=sealed, seen=seen)

    def _in_clear(self):
        name_parts(self.envelope, self.request.POST)
        held = {part.id for part in self.envelope.parts}
        seen = services.Seen(frozenset(held), self.in_force.pk if self.in_force else None)
        return self._bid(prices=self.form.prices, answers=self.form.answers, sealed=None, seen=seen)

    def _bid(self, *, prices, answers, sealed, seen):
        is_backup = self.form.cleaned_data.get("is_backup", False)
        return services.bid_deposit(
            envelope=self.envelope,
            prices=prices,
            candidature=self.form.candidature,
            is_backup=is_backup,
            answers=answers,
            sealed=sealed,
            # A copy doubles the bid in force: it replaces another copy at most.
            seen=None if is_backup else seen,
            by=self.request.user,
        )

    def _files(self) -> list[dict]:
        return uploads.sent_files(self.envelope, self.request.POST)

    def _context(self) -> dict:
        files, session = self._files(), self.envelope.session
        profile = bid_profile(self.tender)
        return {
            "sent": files,
            "recap": recap.recap(self.form, files) if self.is_read_again else None,
            "loses_files": recap.loses_files(self.in_force, files),
            "replaces_files": recap.loses_files(self.in_force, ()),
            "replaced": device.replaced_words(self.in_force) if self.in_force else "",
            "replaces": str(self.in_force.pk) if self.in_force else "",
            "words": device.answer_words(self.in_force, profile),
            "upload_api": uploads.api_addresses(self.envelope, self.bidder),
            "number": self.envelope.bid_id,
            "form_number": uuid.uuid4().hex,
            "session": session.pk if session else "",
            "is_sealed_elsewhere": self._is_sealed_elsewhere(),
            "round": self.envelope.round,
            "seats": device.fingerprints(self.envelope.seats),
            "tender": self.tender,
            "form": self.form,
            "bidder": self.bidder,
            "bidders": rules.bidders_for(self.request.user),
            "in_force": self.in_force,
            "newcomer": rules.newcomer_reasons(self.request.user, [self.in_force] if self.in_force else []),
            "is_late": not self.envelope.round.is_receiving(now()),
            "accepted_types": profile.words,
            "max_bytes": profile.max_bytes,
            "breadcrumbs": public_crumbs(_("Répondre"), self.tender),
        }

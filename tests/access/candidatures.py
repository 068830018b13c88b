"""Candidatures: read by those who read the offers, examined by the buyers, completed by their firm only."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.clock import now
from tenders import services
from tenders.models import Candidature, ComplementItem
from tests.access.matrix import EVERYONE, Row, both
from tests.access.tenders import (
    BIDDER,
    BUYERS,
    BUYERS_PEOPLE,
    OFFER_READERS,
    draft,
    drafted,
    opened,
    opened_tender,
    publish,
    published,
)
from tests.tenders.factories import PDF, make_candidature, open_bids, settle_candidatures


def schedule(world):
    """The schedule of a published consultation."""
    return {**published(world), "number": 1}


def schedule_of_a_draft(world):
    """The schedule of a draft."""
    return {**draft(world), "number": 1}


def candidature(world):
    """The firm's candidature, to be examined."""
    tender = opened_tender(world)
    return {"pk": tender.pk, "candidature_pk": Candidature.objects.get(bid__tender=tender).pk}


def decided(world):
    """The firm's candidature, admitted."""
    kwargs = candidature(world)
    found = Candidature.objects.get(pk=kwargs["candidature_pk"])
    services.candidature_admit(candidature=found, by=world.user("buyer@own"), at=now())
    return kwargs


def all_decided(world):
    """A consultation whose list may be closed."""
    return {"pk": decided(world)["pk"]}


def _asked(world) -> Candidature:
    found = Candidature.objects.get(pk=candidature(world)["candidature_pk"])
    services.complements_ask(
        tender=found.bid.tender,
        wanted=[services.Wanted(found.pk, "insurance", "L'attestation")],
        due_at=now() + timedelta(days=2),
        by=world.user("buyer@own"),
        at=now(),
    )
    return found


def asked(world):
    """The firm's bid, whose candidature is to be completed."""
    return {"bid_pk": _asked(world).bid_id}


def answered(world):
    """A file that completes the firm's candidature."""
    found = _asked(world)
    item = ComplementItem.objects.get(candidature=found)
    upload = SimpleUploadedFile("attestation.pdf", PDF)
    by = world.user("supplier@firm")
    return {"answer_pk": services.complement_answer(item=item, upload=upload, by=by, at=now()).pk}


def listed(world):
    """The closed list of a procedure in two steps, whose offers are not asked yet."""
    words = "Une conception innovante est demandée (art. R2124-3, 1°)."
    notice = {"procedure": "negotiated", "procedure_justification": words}
    tender = publish(world, drafted(world, **notice))
    make_candidature(tender, by=world.user("supplier@firm"), bidder=world.firm)
    tender = open_bids(tender)
    settle_candidatures(tender)
    return {"pk": tender.pk}


ROWS = {
    "tenders:schedule": [
        Row(allowed=EVERYONE, make=schedule),
        Row(allowed=BUYERS_PEOPLE, make=schedule_of_a_draft),
    ],
    "tenders:candidatures": Row(allowed=OFFER_READERS, make=opened),
    "tenders:candidature": Row(allowed=OFFER_READERS, make=candidature),
    "tenders:candidatures_complete": both(allowed=BUYERS, make=opened),
    "tenders:candidatures_settle": Row(allowed=BUYERS, make=all_decided, method="post"),
    "tenders:offers_ask": both(allowed=BUYERS, make=listed),
    "tenders:candidature_admit": Row(allowed=BUYERS, make=candidature, method="post"),
    "tenders:candidature_exclude": both(allowed=BUYERS, make=candidature),
    "tenders:candidature_reconsider": Row(allowed=BUYERS, make=decided, method="post"),
    "tenders:complements": both(allowed=BIDDER, make=asked),
    "tenders:complement_file": Row(allowed=OFFER_READERS | BIDDER, make=answered, ok={302}),
}

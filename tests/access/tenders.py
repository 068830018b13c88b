"""Pages of consultations: public once published, sealed until opened, read by the buyer's people after."""

from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.accounts.enums import Role
from foundation.clock import now
from tenders import services
from tenders.models import SealedPart, Tender
from tests.access.matrix import EVERYONE, Row, both
from tests.accounts.factories import make_member
from tests.needs.factories import make_project
from tests.tenders import factories
from tests.tenders.factories import (
    PASSPHRASE,
    PDF,
    QUIET,
    make_bid,
    make_custodian,
    make_draft,
    open_bids,
    score_all,
)

BUYERS = frozenset({"buyer@own*"})
ANY_BUYER = BUYERS | {"buyer@other"}
DECIDERS = frozenset({"signatory@own*"})
EVALUATORS = frozenset({"evaluator@own*"})
OFFER_READERS = BUYERS | DECIDERS | EVALUATORS | {"custodian@own*", "auditor@own*"}
BUYERS_PEOPLE = OFFER_READERS | {"prescriber@own*", "reservist@own*"}
BUYERS_PEOPLE_ANYWHERE = BUYERS_PEOPLE | {pattern.replace("own*", "other") for pattern in BUYERS_PEOPLE}
SUPPLIERS = frozenset({"supplier@firm", "supplier@rival"})
BIDDER = frozenset({"supplier@firm"})


def project(world):
    """A project on which a consultation may start."""
    return {"project_pk": make_project(organisation=world.own, by=world.user("buyer@own"), at=world.at).pk}


def drafted(world, **fields):
    """A draft of the buyer, without custodians."""
    return make_draft(organisation=world.own, by=world.user("buyer@own"), custodians=0, at=world.at, **fields)


def draft(world):
    """A draft."""
    return {"pk": drafted(world).pk}


def by_invitation(world):
    """A draft that publishes no notice, with one firm invited."""
    tender = drafted(world, **QUIET)
    services.firm_invite(tender=tender, firm=world.firm, by=tender.created_by, at=world.at)
    return {"pk": tender.pk}


def with_a_firm(world):
    """The same, and a firm."""
    return {**by_invitation(world), "firm_pk": world.firm.pk}


def invited_round(world):
    """Published to the firm alone."""
    tender = make_draft(organisation=world.own, by=world.user("buyer@own"), at=world.at, **QUIET)
    services.firm_invite(tender=tender, firm=world.firm, by=tender.created_by, at=world.at)
    return {"pk": factories.publish(tender).pk}


def lot(world):
    """A lot of a draft."""
    tender = drafted(world)
    return {"pk": tender.pk, "lot_pk": tender.lots.get().pk}


def criterion(world):
    """A criterion of a draft."""
    tender = drafted(world)
    lot = tender.lots.get()
    return {"pk": tender.pk, "lot_pk": lot.pk, "criterion_pk": lot.criteria.first().pk}


def two_lots(world):
    """Two lots of a draft."""
    first, second = (tender := drafted(world, lots=2)).lots.all()
    return {"pk": tender.pk, "lot_pk": first.pk, "other_pk": second.pk}


def with_a_file(tender):
    """A file added to a draft."""
    upload = SimpleUploadedFile("cctp.pdf", PDF)
    return services.document_add(tender=tender, title="CCTP", upload=upload, by=tender.created_by, at=now())


def file_of_a_draft(world):
    """A file of a draft."""
    document = with_a_file(drafted(world))
    return {"pk": document.tender_id, "document_pk": document.pk}


def publish(world, tender):
    """Published, with the custodian of the matrix and another."""
    named = world.user("custodian@own")
    services.custodian_key_create(passphrase=PASSPHRASE, by=named, at=world.at)
    people = [named, make_custodian(world.own, at=world.at)]
    services.custodians_set(tender=tender, custodians=people, by=tender.created_by, at=world.at)
    return factories.publish(tender, at=world.at)


def published(world):
    """A consultation that receives answers."""
    return {"pk": publish(world, drafted(world)).pk}


def public_file(world):
    """A file of a published consultation."""
    document = with_a_file(drafted(world))
    publish(world, document.tender)
    return {"pk": document.tender_id, "document_pk": document.pk}


def sealed(world):
    """A bid of the firm, sealed."""
    tender = publish(world, drafted(world))
    return make_bid(tender, by=world.user("supplier@firm"), bidder=world.firm)


def bid(world):
    """A sealed bid."""
    return {"bid_pk": sealed(world).pk}


def opened_tender(world):
    """An opened consultation with the firm's bid."""
    return open_bids(sealed(world).tender)


def opened(world):
    """The same."""
    return {"pk": opened_tender(world).pk}


def opened_lot(world):
    """Its lot."""
    tender = opened_tender(world)
    return {"pk": tender.pk, "lot_pk": tender.lots.get().pk}


def opened_offer(world):
    """The firm's offer."""
    tender = opened_tender(world)
    return {"pk": tender.pk, "offer_pk": tender.lots.get().offers.get().pk}


def opened_file(world):
    """A file of the firm's bid."""
    tender = opened_tender(world)
    part = SealedPart.objects.get(bid__tender=tender, kind="file")
    return {"pk": tender.pk, "part_pk": part.pk}


def to_decide(world):
    """A consultation whose award is proposed."""
    tender = opened_tender(world)
    score_all(tender)
    lot = tender.lots.get()
    services.lot_award(lot=lot, offers=list(lot.offers.all()), by=tender.created_by, at=now())
    return {"pk": tender.pk}


def in_review(world):
    """A version under review, whose reviewers did not write it."""
    drafter = make_member(world.own, Role.BUYER)
    tender = make_draft(organisation=world.own, by=drafter, at=world.at)
    services.review_ask(tender=tender, by=drafter, at=world.at)
    return {"pk": tender.pk}


def with_a_remark(world):
    """A remark on a version under review."""
    tender = Tender.objects.get(**in_review(world))
    review = tender.reviews.get()
    by = world.user("signatory@own")
    comment = services.review_comment(review=review, section="lots", text="À revoir.", by=by, at=world.at)
    return {"pk": tender.pk, "comment_pk": comment.pk}


ROWS = {
    "tenders:list": Row(allowed=EVERYONE),
    "tenders:mine": Row(allowed=BUYERS_PEOPLE_ANYWHERE),
    "tenders:start": Row(allowed=ANY_BUYER),
    "tenders:create": both(allowed=BUYERS, make=project),
    "tenders:custodian_key": both(allowed={"custodian@own*", "custodian@other"}),
    "tenders:answers": Row(allowed=SUPPLIERS),
    "tenders:bid": Row(allowed=BIDDER, make=bid),
    "tenders:withdraw": both(allowed=BIDDER, make=bid),
    "tenders:detail": [
        Row(allowed=EVERYONE, make=published),
        Row(allowed=BUYERS_PEOPLE, make=draft),
        Row(allowed=BUYERS_PEOPLE | BIDDER, make=invited_round),
    ],
    "tenders:invited": Row(allowed=BUYERS, make=by_invitation),
    "tenders:invite": Row(allowed=BUYERS, method="post", make=with_a_firm),
    "tenders:uninvite": Row(allowed=BUYERS, method="post", make=with_a_firm),
    "tenders:document": [
        Row(allowed=EVERYONE, make=public_file),
        Row(allowed=BUYERS_PEOPLE, make=file_of_a_draft, ok={302}),
    ],
    "tenders:manage": Row(allowed=BUYERS_PEOPLE, make=published),
    "tenders:cancel": both(allowed=BUYERS | DECIDERS, make=published),
    "tenders:formulas": Row(allowed=EVERYONE),
    "tenders:scope": [
        Row(allowed=BUYERS, make=draft),
        Row(method="post", allowed=BUYERS, make=draft, data={"cpv": "72262000"}),
    ],
    "tenders:lot_limits": both(allowed=BUYERS, make=draft),
    "tenders:criterion_notation": both(allowed=BUYERS, make=criterion),
    "tenders:impact": Row(allowed=BUYERS, make=draft),
    "tenders:lot_impact": both(allowed=BUYERS, make=lot),
    "tenders:impact_add": Row(method="post", allowed=BUYERS, make=lot),
    "tenders:procedures": Row(allowed=EVERYONE),
    "tenders:checks": Row(method="post", allowed=BUYERS, make=draft),
    "tenders:corrigendum": both(allowed=BUYERS, make=published),
    "tenders:extension": both(allowed=BUYERS, make=published),
    "tenders:review": Row(allowed=BUYERS_PEOPLE, make=in_review),
    "tenders:review_ask": Row(allowed=BUYERS, make=draft, method="post"),
    "tenders:review_comment": Row(allowed=BUYERS | DECIDERS, make=in_review, method="post"),
    "tenders:review_approve": Row(allowed=BUYERS | DECIDERS, make=in_review, method="post"),
    "tenders:review_send_back": Row(allowed=BUYERS | DECIDERS, make=in_review, method="post"),
    "tenders:review_reopen": Row(allowed=BUYERS, make=in_review, method="post"),
    "tenders:comment_settle": Row(allowed=BUYERS, make=with_a_remark, method="post"),
    "tenders:identity": both(allowed=BUYERS, make=draft),
    "tenders:lots": both(allowed=BUYERS, make=draft),
    "tenders:lot_update": both(allowed=BUYERS, make=lot),
    "tenders:lot_remove": Row(allowed=BUYERS, make=lot, method="post"),
    "tenders:criteria": Row(allowed=BUYERS, make=draft),
    "tenders:lot_criteria": both(allowed=BUYERS, make=lot),
    "tenders:criteria_copy": Row(allowed=BUYERS, make=two_lots, method="post"),
    "tenders:prices": both(allowed=BUYERS, make=draft),
    "tenders:lot_prices": both(allowed=BUYERS, make=lot),
    "tenders:prices_paste": Row(allowed=BUYERS, make=lot, method="post"),
    "tenders:files": both(allowed=BUYERS, make=draft),
    "tenders:file_remove": Row(allowed=BUYERS, make=file_of_a_draft, method="post"),
    "tenders:custodians": both(allowed=BUYERS, make=draft),
    "tenders:publish": both(allowed=BUYERS, make=draft),
    "tenders:answer": [*both(allowed=SUPPLIERS, make=published), *both(allowed=BIDDER, make=invited_round)],
    "tenders:opening": [
        Row(allowed=BUYERS_PEOPLE, make=published),
        Row(allowed={"custodian@own"}, make=published, method="post"),
    ],
    "tenders:analysis": Row(allowed=OFFER_READERS, make=opened),
    "tenders:lot_analysis": Row(allowed=OFFER_READERS, make=opened_lot),
    "tenders:analysis_report": Row(allowed=BUYERS, make=opened, method="post"),
    "tenders:letters": Row(allowed=BUYERS, make=to_decide, method="post"),
    "tenders:scores_submit": Row(allowed=EVALUATORS, make=opened_lot, method="post"),
    "tenders:score": both(allowed=EVALUATORS, make=opened_offer),
    "tenders:opened_file": Row(allowed=OFFER_READERS | BIDDER, make=opened_file, ok={302}),
    "tenders:award": both(allowed=BUYERS, make=opened_lot),
    "tenders:decide": both(allowed=DECIDERS, make=to_decide),
}

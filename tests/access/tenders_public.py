"""What the public does with consultations: download, be told, keep searches, read feeds."""

from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.clock import now
from tenders import follow_links, services
from tenders.models import Follower, Tender
from tests.access.matrix import EVERYONE, SIGNED_IN, Row, both
from tests.access.tenders import SUPPLIERS, public_file, published
from tests.tenders.factories import PDF

KEEPER = {"buyer@own"}
ANSWERERS = frozenset({"buyer@own*", "prescriber@own*"})


def _token(path: str, place: int = -2) -> str:
    return path.split("/")[place]


def asked(world):
    """An address that waits for its proof."""
    tender = Tender.objects.get(pk=published(world)["pk"])
    services.address_follow(tender=tender, email="lea@exemple.fr", at=now())
    return Follower.objects.get()


def confirm(world):
    """The link that proves it."""
    return {"token": _token(follow_links.confirm_path(asked(world)))}


def leave(world):
    """The link that stops."""
    return {"token": _token(follow_links.leave_path(asked(world)), -3)}


def kept(world):
    """A search that the buyer keeps."""
    by = world.user("buyer@own")
    return services.search_save(name="Portails", criteria={"q": "portail"}, pace="daily", by=by, at=now())


def search(world):
    """Its key."""
    return {"search_pk": kept(world).pk}


def stop(world):
    """The link of its messages."""
    return {"token": _token(follow_links.stop_path(kept(world)))}


def whole_file(world):
    """A published consultation with a file."""
    return {"pk": public_file(world)["pk"]}


def tender_of(world):
    """A published consultation of the buyer."""
    return Tender.objects.get(pk=published(world)["pk"])


def asked_by_the_firm(world):
    """A question of the firm, with a file."""
    tender, by = tender_of(world), world.user("supplier@firm")
    piece = SimpleUploadedFile("plan.pdf", PDF)
    return services.question_ask(
        tender=tender, firm=world.firm, text="La reprise ?", uploads=[piece], by=by, at=now()
    )


def question_file(world):
    """That file."""
    question = asked_by_the_firm(world)
    return {"pk": question.tender_id, "question_pk": question.pk, "position": 1}


def prepared(world):
    """An answer that is ready."""
    tender = tender_of(world)
    return services.answer_write(
        tender=tender, questions=[], question="Le lieu ?", text="Paris.", by=world.user("buyer@own"), at=now()
    )


def draft_answer(world):
    """Its key."""
    answer = prepared(world)
    return {"pk": answer.tender_id, "answer_pk": answer.pk}


def ready(world):
    """Its consultation."""
    return {"pk": prepared(world).tender_id}


def api_question(world):
    """A question of the firm."""
    return {"pk": asked_by_the_firm(world).pk}


def api_answer(world):
    """A published answer."""
    answer = prepared(world)
    services.answers_publish(tender=answer.tender, by=world.user("buyer@own"), at=now())
    return {"pk": answer.pk}


def api_question_file(world):
    """A file of a question of the firm."""
    return {**api_question(world), "position": 1}


def api_draft_answer(world):
    """An answer that is prepared."""
    return {"pk": prepared(world).pk}


def answer_to_write(world):
    """What is sent to prepare an answer."""
    return {"tender": tender_of(world).pk, **WORDS}


def question_of_the_firm(world):
    """What is sent to ask."""
    return {"tender": tender_of(world).pk, "text": "La reprise ?"}


def simulated(world):
    """A deposit that the supplier made to practise."""
    by = world.user("supplier@firm")
    envelope = services.practice_envelope(by=by)
    prices = {1: {"E-1": "1200", "E-2": "650"}}
    return {"deposit_pk": services.practice_deposit(envelope=envelope, prices=prices, by=by).pk}


WORDS = {"question": "Le lieu ?", "text": "Lyon."}
ROWS = {
    "tenders:practice": both(allowed=EVERYONE),
    "tenders:practice_deposit": both(allowed=SIGNED_IN),
    "tenders:practice_receipt": Row(allowed={"supplier@firm"}, make=simulated),
    "tenders:questions": Row(allowed=EVERYONE, make=published),
    "tenders:question_ask": both(allowed=SUPPLIERS, make=published),
    "tenders:question_file": Row(allowed={"supplier@firm", *ANSWERERS}, make=question_file, ok={302}),
    "tenders:answers_prepare": Row(allowed=ANSWERERS, make=published),
    "tenders:answer_write": both(allowed=ANSWERERS, make=published),
    "tenders:answer_change": both(allowed=ANSWERERS, make=draft_answer),
    "tenders:answer_remove": Row(method="post", allowed=ANSWERERS, make=draft_answer),
    "tenders:answers_publish": Row(method="post", allowed=ANSWERERS, make=ready),
    "api:tender-answer-list": [
        Row(allowed=EVERYONE),
        Row(method="post", allowed=ANSWERERS, data=answer_to_write),
    ],
    "api:tender-answer-detail": [
        Row(allowed=EVERYONE, make=api_answer),
        Row(method="put", allowed=ANSWERERS, make=api_draft_answer, data=WORDS),
        Row(method="delete", allowed=ANSWERERS, make=api_draft_answer),
    ],
    "api:tender-question-create-with-files": Row(method="post", allowed=SUPPLIERS, ok={415}),
    "api:tender-question-file": Row(allowed={"supplier@firm", *ANSWERERS}, make=api_question_file),
    "api:tender-question-list": [
        Row(allowed=EVERYONE),
        Row(method="post", allowed=SUPPLIERS, data=question_of_the_firm),
    ],
    "api:tender-question-detail": Row(allowed={"supplier@firm", *ANSWERERS}, make=api_question),
    "tenders:feed": Row(allowed=EVERYONE),
    "tenders:whole_file": Row(allowed=EVERYONE, make=whole_file),
    "tenders:follow": [
        Row(allowed=EVERYONE, make=published, ok={200, 302}),
        Row(method="post", allowed=EVERYONE, make=published, data={"email": "lea@exemple.fr"}),
    ],
    "tenders:unfollow": Row(method="post", allowed=SIGNED_IN, make=published),
    "tenders:follow_confirm": both(allowed=EVERYONE, make=confirm),
    "tenders:follow_leave": both(allowed=EVERYONE, make=leave),
    "tenders:searches": Row(allowed=SIGNED_IN),
    "tenders:search_save": both(allowed=SIGNED_IN),
    "tenders:search_change": both(allowed=KEEPER, make=search),
    "tenders:search_remove": Row(method="post", allowed=KEEPER, make=search),
    "tenders:search_stop": both(allowed=EVERYONE, make=stop),
}

"""The worker's door to the documents."""

from celery import shared_task

from foundation import clock
from foundation.documents import selectors, services


@shared_task(name="documents.render", acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def render_document(document_id: str) -> None:
    """Lay out one document; harmless when it is already done or in other hands."""
    services.document_render(document_id=document_id, at=clock.now())


@shared_task(name="documents.sweep", ignore_result=True)
def sweep_documents() -> None:
    """Lay out what the bell forgot: lost messages, dead workers, attempts whose time has come."""
    for document_id in selectors.documents_to_render(at=clock.now()).values_list("pk", flat=True)[:200]:
        render_document.delay(str(document_id))


@shared_task(name="documents.purge", ignore_result=True)
def purge_documents() -> None:
    """Every night: write the class of documents that have none, take away the content of those past their term."""
    services.terms_complete(at=clock.now())
    services.documents_purge(at=clock.now())

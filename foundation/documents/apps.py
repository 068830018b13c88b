from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "foundation.documents"
    label = "documents"
    verbose_name = _("documents")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from foundation.documents import downloads, preview, rules, screens, verification
        from foundation.documents.journal_actions import ACTIONS
        from foundation.documents.models import Document
        from foundation.documents.workflow import WORKFLOW
        from foundation.journal import registry as journal
        from foundation.workflow import guard

        guard(Document, WORKFLOW)
        journal.declare(ACTIONS)
        verification.declare()
        journal.show_history(Document, rules.can_read_document_history)
        preview.declare()
        screens.declare()
        downloads.declare()

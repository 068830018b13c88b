"""What the journal says of documents, of what is printed on them and of how long they stay."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "documents.request": _("a demandé le document"),
    "documents.render": _("a mis en page le document"),
    "documents.retry": _("a demandé un nouvel essai de mise en page"),
    "documents.batch_request": _("a demandé une série de documents"),
    "documents.letterhead_save": _("a enregistré un en-tête"),
    "documents.clauses_save": _("a enregistré des clauses"),
    "documents.term_start": _("a fait courir la durée de conservation"),
    "documents.hold": _("a retenu le document au-delà de sa durée de conservation"),
    "documents.release": _("a levé la retenue du document"),
    "documents.purge": _("a éliminé le contenu du document au terme de sa conservation"),
}

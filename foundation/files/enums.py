"""What an inspection concludes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Verdict(TextChoices):
    """What is told of a file that the platform may no longer refuse: it was already received."""

    CLEAN = "clean", _("rien à signaler")
    DOUBTFUL = "doubtful", _("à ouvrir avec prudence")
    UNREADABLE = "unreadable", _("impossible à vérifier, à ouvrir avec prudence")
    DANGEROUS = "dangerous", _("non remis : programme malveillant")

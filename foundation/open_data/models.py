"""What was published of each contracting process, in the words of the Open Contracting Data Standard (OCDS 1.1.5)."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Release(models.Model):
    """One release: all that the public may know of a contracting process at an instant.

    `text` is the JSON as it is served: written once, when the act is done, so that a bulk export only copies it. The
    keys grow in the order of commits (`services.release_publish` serialises them): a reader who asks for what comes
    after a key he knows never misses a release.
    """

    ocid = models.CharField(max_length=80)
    release_id = models.CharField(max_length=100, unique=True)
    tags = ArrayField(models.CharField(max_length=30))
    released_at = models.DateTimeField(_("publiée le"))
    text = models.TextField()

    class Meta:
        verbose_name = _("publication de données ouvertes")
        verbose_name_plural = _("publications de données ouvertes")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["ocid", "id"], name="open_data_process"),
            models.Index(fields=["released_at"], name="open_data_released"),
        ]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return self.release_id


class Record(models.Model):
    """Where a contracting process stands: its releases merged (`compiledRelease`), as JSON.

    Each of our releases tells all that is known, with the same identifiers: merged, they make the last one.
    """

    ocid = models.CharField(max_length=80, primary_key=True)
    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()

    class Meta:
        verbose_name = _("dossier de données ouvertes")
        verbose_name_plural = _("dossiers de données ouvertes")

    def __str__(self):
        return self.ocid

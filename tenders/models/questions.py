"""Questions of firms and the buyer's answers. Who asked is known to the firm alone: not to the buyer either."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenders.enums import AnswerState
from tenders.models.notices import Tender


class Answer(models.Model):
    """What the buyer answers to one question or to several alike, in words that everyone reads at the same instant.

    `question` is the question as it is published, written so that it tells nothing of who asked.
    """

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField(_("numéro"), null=True, blank=True)
    question = models.TextField(_("question publiée"), blank=True)
    text = models.TextField(_("réponse"), blank=True)
    state = models.CharField(_("état"), max_length=10, choices=AnswerState, default=AnswerState.DRAFT)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("écrite le"))
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("réponse")
        verbose_name_plural = _("réponses")
        ordering = ["tender", "number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "number"], name="answer_number_unique"),
            models.CheckConstraint(
                name="answer_published_whole",
                condition=Q(state=AnswerState.DRAFT, published_at__isnull=True, number__isnull=True)
                | (
                    Q(state=AnswerState.PUBLISHED, published_at__isnull=False, number__isnull=False)
                    & ~Q(question="")
                    & ~Q(text="")
                ),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=AnswerState.PUBLISHED),
            )
        ]

    def __str__(self):
        return f"{self.tender.reference} Q{self.number or '?'}"


class Question(models.Model):
    """What a firm asked, in its own words: read by the firm and, without its name, by the buyer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="questions")
    firm = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("posée le"))
    text = models.TextField(_("question"))
    answer = models.ForeignKey(
        Answer, on_delete=models.SET_NULL, null=True, blank=True, related_name="questions"
    )

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        # Not the order of arrival: two questions sent one after the other would tell of a same author.
        ordering = ["tender", "id"]
        indexes = [models.Index(fields=["tender", "firm"], name="question_of_firm")]
        constraints = [models.CheckConstraint(name="question_says_something", condition=~Q(text=""))]
        triggers = [
            pgtrigger.Protect(
                name="as_it_was_asked",
                operation=pgtrigger.UpdateOf("tender_id", "firm_id", "asked_by_id", "asked_at", "text"),
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.tender.reference} {self.pk}"


class QuestionFile(models.Model):
    """A file sent with a question. Its own name is shown to the firm alone: it may tell who asked."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="files")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("nom du fichier"), max_length=200)
    file = models.FileField(_("fichier"), max_length=300)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField(_("taille en octets"))
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("pièce d’une question")
        ordering = ["question", "position"]
        constraints = [
            models.UniqueConstraint(fields=["question", "position"], name="question_file_position")
        ]

    def __str__(self):
        return f"{self.question_id} {self.position}"

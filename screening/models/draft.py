"""The questionnaire's working rows: what staff edit. Patients never see these, only published versions.

Rules are rows of closed choices; all words are Text rows, one for each place and language, so that a language is a
column and an edit of words can be told from an edit of rules.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from screening.engine.terms import KINDS, MODES, PATHS

from .questionnaire import Questionnaire

MODE_CHOICES = [(mode, mode) for mode in MODES]


class Stage(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in-review", _("Waiting for a second clinician")
    PUBLISHED = "published", _("Published")
    DROPPED = "dropped", _("Dropped")


OPEN = (Stage.DRAFT, Stage.IN_REVIEW)


class QuestionnaireDraft(models.Model):
    """The next version in the making. ``authors``: ids of all who began or changed it; none of them may publish it."""

    based_on = models.ForeignKey(Questionnaire, models.PROTECT, related_name="drafts", verbose_name=_("made from"))
    version = models.PositiveIntegerField(_("version"))
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.DRAFT, editable=False)
    note = models.CharField(_("reason for the change"), max_length=300, blank=True)
    authors = models.JSONField(default=list, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(_("begun"), editable=False)
    changed_at = models.DateTimeField(_("changed"), editable=False)
    checked_hash = models.CharField(max_length=64, blank=True, editable=False)  # of the rows the last check looked at
    outcome = models.JSONField(default=dict, editable=False)  # what the last check found; see gate.py

    class Meta:
        verbose_name = _("questionnaire draft")
        verbose_name_plural = _("questionnaire drafts")
        ordering = ("-version", "-pk")
        permissions = (("publish_questionnaire", _("Can publish and withdraw questionnaires")),)
        constraints = (
            models.UniqueConstraint(
                fields=("version",), condition=models.Q(stage__in=("draft", "in-review")), name="one_open_draft"
            ),
        )

    def __str__(self):
        return _("Draft of version %s") % self.version


class Section(models.Model):
    draft = models.ForeignKey(QuestionnaireDraft, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField(_("order"))
    key = models.SlugField(_("id"), max_length=60)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("draft", "key"), name="section_key"),)

    def __str__(self):
        return self.key


class Question(models.Model):
    """FHIR item. ``link_id`` is a contract: never reused for another meaning."""

    draft = models.ForeignKey(QuestionnaireDraft, models.CASCADE, related_name="questions")
    section = models.ForeignKey(Section, models.PROTECT, related_name="questions", verbose_name=_("section"))
    position = models.PositiveSmallIntegerField(_("order"))
    link_id = models.SlugField(_("link id"), max_length=60)
    type = models.CharField(_("answers"), max_length=6, choices=[("single", _("one")), ("multi", _("several"))])
    enabled_mode = models.CharField(_("asked when"), max_length=8, choices=MODE_CHOICES, default="any of")
    enabled_count = models.PositiveSmallIntegerField(_("at least"), null=True, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("draft", "link_id"), name="question_link_id"),)

    def __str__(self):
        return self.link_id


class Option(models.Model):
    question = models.ForeignKey(Question, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField(_("order"))
    code = models.SlugField(_("code"), max_length=60)
    unknown = models.BooleanField(_("means “we do not know”"), default=False)
    exclusive = models.BooleanField(_("stands alone"), default=False)
    for_the_record = models.BooleanField(_("for the record only"), default=False)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("question", "code"), name="option_code"),)

    def __str__(self):
        return f"{self.question.link_id}: {self.code}"


class Criterion(models.Model):
    draft = models.ForeignKey(QuestionnaireDraft, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(_("order"))
    key = models.SlugField(_("id"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=[(kind, kind) for kind in KINDS])
    path = models.CharField(_("path"), max_length=10, choices=[(path, path) for path in (*PATHS, "both")])
    mode = models.CharField(_("met when"), max_length=8, choices=MODE_CHOICES, default="all of")
    count = models.PositiveSmallIntegerField(_("at least how many"), null=True, blank=True)
    sources = models.CharField(_("sources"), max_length=200, help_text=_("Keys of the sources, with commas."))

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("draft", "key"), name="criterion_key"),)

    def __str__(self):
        return self.key

    def clean(self):
        if (self.mode == "at least") != (self.count is not None):
            raise ValidationError({"count": _("Give a number for “at least”, and only there.")})


class Condition(models.Model):
    """One row: this question, any of these options. It belongs to a criterion or says when a question is asked."""

    criterion = models.ForeignKey(Criterion, models.CASCADE, null=True, blank=True, related_name="conditions")
    asked = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="enabled_when")
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    question = models.ForeignKey(Question, models.PROTECT, related_name="named_in", verbose_name=_("question"))
    options = models.JSONField(_("any of these options"), default=list)

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(criterion=None, asked__isnull=False) | models.Q(criterion__isnull=False, asked=None),
                name="condition_of_one",
            ),
        )

    def __str__(self):
        return f"{self.question.link_id}: {', '.join(self.options)}"


class Text(models.Model):
    """One text in one language. ``place`` is its path in the wording file, such as question.age.hint."""

    draft = models.ForeignKey(QuestionnaireDraft, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10)
    position = models.PositiveIntegerField(default=0)
    place = models.CharField(_("where"), max_length=200)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("draft", "language", "place"), name="text_place"),)

    def __str__(self):
        return self.place


class TestPatient(models.Model):
    """An imaginary patient with the outcome clinicians signed for."""

    __test__ = False  # not a test case, whatever its name says to a test runner

    draft = models.ForeignKey(QuestionnaireDraft, models.CASCADE, related_name="patients")
    number = models.PositiveSmallIntegerField(_("number"))
    why = models.CharField(_("why this patient"), max_length=200)
    answers = models.JSONField(_("answers"))
    disposition = models.CharField(_("expected disposition"), max_length=40)
    findings = models.JSONField(_("expected findings"), null=True, blank=True, default=None)  # none until signed
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    signed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("test patient")
        verbose_name_plural = _("test patients")
        ordering = ("number",)
        permissions = (("sign_testpatient", _("Can sign test patients")),)
        constraints = (
            models.UniqueConstraint(fields=("draft", "number"), name="test_patient_number"),
            models.CheckConstraint(
                condition=models.Q(signed_by=None, signed_at=None)
                | models.Q(signed_by__isnull=False, signed_at__isnull=False),
                name="test_patient_signed_by_and_at",
            ),
        )

    def __str__(self):
        return _("Test patient %s") % self.number

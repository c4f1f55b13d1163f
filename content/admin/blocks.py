"""A page's blocks and the facts of its kind, as rows on the page's own form."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ..models import Block, ConditionFacts, DrugFacts, DrugUse, PumpTypeFacts, Source, StepFacts
from ..models.page import CARE_LEVELS, DRAWINGS, LISTED_KINDS, BlockKind, PageKind, topic_choices
from .base import PLAIN, claim_is_known
from .widgets import CleanText, TableText

ALWAYS = ("position", "kind", "heading")
NEEDS = {
    BlockKind.CALLOUT: ("body", "person"),
    BlockKind.CARE_CARD: ("subject", "body"),
    BlockKind.FIGURE: ("subject", "picture", "body"),
    BlockKind.NUMBER: ("numerator", "denominator", "body"),
    BlockKind.DIFFER: ("subject", "body"),
    BlockKind.LISTING: ("subject", "body"),
    BlockKind.STORY: ("body", "person", "consent_on", "typical"),
}
"""Kind of block -> its fields beside ALWAYS; every other kind has a body alone."""


def subject_choices():
    """Everything a block can be about, grouped by the kind of block that needs it."""
    return [
        ("", "—"),
        (_("Care card"), list(CARE_LEVELS.items())),
        (_("Drawing"), list(DRAWINGS.items())),
        (_("Cards of all pages of a kind"), list(LISTED_KINDS.items())),
        (_("Where the sources differ"), list(topic_choices().items())),
    ]


class BlockForm(forms.ModelForm):
    """A block. A script hides the fields its kind does not need; without it, each says what it is for."""

    subject = forms.ChoiceField(
        label=_("Which one"),
        choices=subject_choices,
        required=False,
        help_text=_("Only for care cards, drawings, cards of pages, and where the sources differ."),
    )
    body = CleanText(label=_("Text"), required=False)

    class Meta:
        model = Block
        fields = (
            *ALWAYS,
            *("body", "subject", "numerator", "denominator", "person", "picture", "consent_on", "typical"),
        )
        help_texts = {
            "position": _("Empty: after the last block."),
            "person": _("Only for a remark or a story."),
            "picture": _("Only for a figure, in place of a drawing."),
            "numerator": _("Only for a number of people. Say in the text who they are and over what time."),
            "denominator": _("As they were counted. 100 stands for a share whose count is not known."),
            "consent_on": _("Only for a story. Without it, the story cannot be published."),
            "typical": _("Only for a story: what others may expect."),
        }
        widgets = {"typical": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["position"].required = False
        if self.instance._state.adding:
            self.initial["position"] = None
        if self.kind == BlockKind.TABLE:
            self.fields["body"] = TableText(
                label=_("Table"),
                required=False,
                help_text=_(
                    "First line: the caption. Then a line for each row, cells parted by |. The first row holds the "
                    "headings. A link or mark in a cell: [words](claim:key)."
                ),
            )

    @property
    def kind(self):
        """The kind chosen on the form, or the one that is saved."""
        return self.data.get(self.add_prefix("kind"), self.instance.kind) if self.is_bound else self.instance.kind

    def clean(self):
        data = super().clean()
        if data.get("kind") == BlockKind.STORY and not (data.get("consent_on") and data.get("typical")):
            raise forms.ValidationError(
                _("A story needs the date of the person’s recorded consent and a line on how typical it is.")
            )
        if data.get("kind") == BlockKind.FIGURE and data.get("picture") and data.get("subject"):
            self.add_error("picture", _("Choose a drawing or a picture, not both."))
        return data

    def _post_clean(self):
        """A figure that shows an uploaded picture needs no drawing."""
        super()._post_clean()
        data = self.cleaned_data
        if data.get("kind") == BlockKind.FIGURE and data.get("picture") and not data.get("subject"):
            self._errors.pop("subject", None)


class BlockFormSet(forms.BaseInlineFormSet):
    def clean(self):
        """Blocks without a place go to the end, in the order they stand on the form."""
        super().clean()
        kept = [form for form in self.forms if getattr(form, "cleaned_data", None)]
        last = max((form.cleaned_data.get("position") or 0 for form in kept), default=0)
        for form in kept:
            if form.cleaned_data.get("position") is None:
                last += 1
                form.instance.position = last


MOST_BLOCKS = 100  # on one page; a form that claims more is not read


class BlockInline(admin.StackedInline):
    model = Block
    form = BlockForm
    formset = BlockFormSet
    formfield_overrides = PLAIN
    extra = 0
    max_num = MOST_BLOCKS
    classes = ("desk-blocks",)
    fields = (
        ("position", "kind", "subject"),
        "heading",
        "body",
        ("numerator", "denominator"),
        ("person", "picture"),
        ("consent_on", "typical"),
    )

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, **{"absolute_max": MOST_BLOCKS + 50, **kwargs})


# --- facts of a kind ----------------------------------------------------------------------------------------------


class FactsForm(forms.ModelForm):
    """Facts that name a claim or sources: both must be known."""

    def clean_claim(self):
        key = self.cleaned_data["claim"].strip()
        if key and not claim_is_known(key):
            raise forms.ValidationError(_("No claim has this key. Copy one from “Keys for marks” above."))
        return key

    def clean_named_by(self):
        given = [key.strip() for key in self.cleaned_data["named_by"].split(",") if key.strip()]
        unknown = sorted(set(given) - set(Source.objects.filter(key__in=given).values_list("key", flat=True)))
        if unknown:
            raise forms.ValidationError(_("No source has the key %s. Copy one from the list of sources.") % unknown[0])
        return ", ".join(given)


class FactsInline(admin.StackedInline):
    """One row of facts; empty until someone fills it in."""

    form = FactsForm
    formfield_overrides = PLAIN
    can_delete = True
    extra = 1
    max_num = 1


class DrugFactsInline(FactsInline):
    model = DrugFacts


class DrugUseInline(admin.StackedInline):
    model = DrugUse
    form = FactsForm
    extra = 1
    fields = (("position", "use"), ("status", "as_of", "claim"))


class PumpTypeFactsInline(FactsInline):
    model = PumpTypeFacts


class ConditionFactsInline(FactsInline):
    model = ConditionFacts


class StepFactsInline(FactsInline):
    model = StepFacts


FACTS = {
    PageKind.DRUG: (DrugFactsInline, DrugUseInline),
    PageKind.PUMP_TYPE: (PumpTypeFactsInline,),
    PageKind.CONDITION: (ConditionFactsInline,),
    PageKind.STEP: (StepFactsInline,),
}

"""The order and the words of a draft's rows: moving a row, placing a new one, writing texts, taking a row away.

Called by the desk. ``move``, ``remove`` and ``write_page`` take who (``by``) and when (``at``), note the change on the
draft and are one transaction. The other writers are parts of a row's save (admin/rows.py), which does that for them.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .actions import changed
from .actions.versions import still_open
from .models import Condition, Criterion, Question, QuestionnaireDraft, Section, Text

NEW = 10_000  # the place of a text that is new: after all others
Form = TypeVar("Form")
BASES = {Section: "section", Question: "question", Criterion: "criterion"}


def base_of(row) -> str:
    """Where the row's own texts stand in the wording, such as question.age"""
    return f"{BASES[type(row)]}.{row.link_id if isinstance(row, Question) else row.key}"


# --- order


@transaction.atomic
def move(row, *, up: bool, by, at) -> None:
    """Change places with the neighbor: a section with a section, a question inside its section, a rule in its kind.

    Raises ValidationError where a question would come before one that decides whether it is asked.
    """
    rows = list(type(row).objects.filter(draft=row.draft_id))
    near = [other for other in rows if neighbors(row, other)]
    place = near.index(row) + (-1 if up else 1)
    if not 0 <= place < len(near):
        return
    one, other = rows.index(row), rows.index(near[place])
    rows[one], rows[other] = rows[other], rows[one]
    renumber(rows)
    if isinstance(row, Section):
        places = {section.pk: section.position for section in rows}
        questions = Question.objects.filter(draft=row.draft_id)
        renumber(sorted(questions, key=lambda q: (places[q.section_id], q.position, q.pk)))
    refuse_wrong_order(row.draft)
    changed(row.draft, by=by, at=at)


def neighbors(row, other) -> bool:
    if isinstance(row, Question):
        return row.section_id == other.section_id
    return not isinstance(row, Criterion) or row.kind == other.kind


def renumber(rows: list) -> None:
    for place, row in enumerate(rows, start=1):
        row.position = place
        row.save(update_fields=["position"])


def refuse_wrong_order(draft: QuestionnaireDraft) -> None:
    """Raise ValidationError when a question stands before one that decides whether it is asked."""
    conditions = Condition.objects.filter(asked__draft=draft).select_related("asked", "question")
    for condition in conditions:
        if condition.question.position >= condition.asked.position:
            said = _("“{asked}” is asked or not by the answer to “{first}”, so it has to come after it.")
            raise ValidationError(said.format(asked=condition.asked, first=condition.question))


def place_last(question: Question) -> None:
    """Give a question that is new, or new in its section, the last place there."""
    others = list(Question.objects.filter(draft=question.draft_id).exclude(pk=question.pk).select_related("section"))
    before = [q for q in others if (q.section.position, q.section_id) <= section_place(question)]
    place = others.index(before[-1]) + 1 if before else 0
    renumber([*others[:place], question, *others[place:]])


def section_place(question: Question) -> tuple[int, int]:
    return question.section.position, question.section_id


# --- words


@transaction.atomic
def write_page(draft: QuestionnaireDraft, read: Callable[[], Form], *, by, at) -> Form:
    """Write what a form of words changes, unless it finds something wrong. The form is read while nobody else saves.

    Raises ValidationError where the draft is closed.
    """
    still_open(draft)
    form = read()
    if form.is_valid() and form.changed_texts():
        write_texts(draft, form.changed_texts())
        changed(draft, by=by, at=at)
    return form


def write_texts(draft: QuestionnaireDraft, texts: Mapping[tuple[str, str], str]) -> None:
    """Write texts, each by (language, place). An emptied text stays as an empty row, which no snapshot has."""
    for (language, place), text in texts.items():
        text = text.replace("\r\n", "\n").strip()
        Text.objects.update_or_create(
            draft=draft,
            language=language,
            place=place,
            defaults={"text": text},
            create_defaults={"text": text, "position": NEW},
        )


def forget_texts(draft: QuestionnaireDraft, base: str) -> None:
    """Take away all texts at a place and below it."""
    Text.objects.filter(draft=draft, place__startswith=f"{base}.").delete()
    Text.objects.filter(draft=draft, place=base).delete()


def forget_option(question: Question, code: str) -> None:
    for table in ("options", "options_other", "option_hints"):
        forget_texts(question.draft, f"{base_of(question)}.{table}.{code}")


# --- taking away


def in_the_way(row, code: str = "") -> list[str]:
    """What names the row (or the option ``code`` of a question) and would lose its footing without it, in words."""
    if isinstance(row, Section):
        return [_("question %s") % question for question in row.questions.all()]
    if not isinstance(row, Question):
        return []
    naming = Condition.objects.filter(question=row).exclude(asked=row).select_related("criterion", "asked")
    return list(
        dict.fromkeys(
            _("rule %s") % condition.criterion if condition.criterion else _("question %s") % condition.asked
            for condition in naming
            if not code or code in condition.options
        )
    )


@transaction.atomic
def remove(row, *, by, at) -> None:
    """Delete a section, question or criterion with its words. Raises ValidationError where something names it."""
    changed(row.draft, by=by, at=at)
    names = in_the_way(row)
    if names:
        said = _("“{row}” is named by: {names}. Change that first; nothing was deleted.")
        raise ValidationError(said.format(row=row, names=", ".join(names)))
    if type(row) in BASES:
        forget_texts(row.draft, base_of(row))
    row.delete()

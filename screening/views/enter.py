"""Ways to begin a screening for a patient, and the entry of a filled paper sheet: one page, a check, one record."""

import secrets

from django.conf import settings
from django.core import signing
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from .. import access, published
from ..actions import StoredOtherwise, enter_screening
from ..actions.sending import sending_of
from ..answers import RUN_BYTES
from ..definition import Definition
from ..engine.assess import enabled, stop
from ..entering import not_counted, was_entered_by
from ..forms_enter import SheetForm, StoreForm
from ..models.screening import AnsweredBy
from ..sheet import sheet
from ..summary import answer_sections, summarize
from ..urgent import help_cards
from .blank import version_or_404
from .staff import intake_view

SALT = "paper sheet entered"
OPEN_SECONDS = 12 * 3600


@intake_view
@require_safe
def new(request):
    """On the phone, on paper, or from a filled sheet."""
    access.require_desk(request.user)
    try:
        in_use = published.now()
    except published.NoSuchVersion:
        return render(request, "screening/intake/enter_none.html", status=404)
    older = [number for number in published.numbers() if number != in_use.newest]
    return render(request, "screening/intake/enter_new.html", {"newest": in_use.newest, "older": older})


@intake_view
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request, version: int):
    """All questions of a sheet; posted once to be checked, once more to be stored."""
    access.require_desk(request.user)
    definition = version_or_404(version)
    if request.method != "POST":
        return sheet_page(request, definition, SheetForm(definition, get_language()), agreement(), new_nonce())
    answers, store_form = SheetForm(definition, get_language(), request.POST), agreement(request.POST)
    run = run_of(request)
    nonce = request.POST["nonce"] if run else new_nonce()
    if not (answers.is_valid() & store_form.is_valid()):
        return sheet_page(request, definition, answers, store_form, nonce, status=422)
    todo = request.POST.get("do")
    if todo == "change":
        return sheet_page(request, definition, answers, store_form, nonce)
    if todo != "store":
        return check_page(request, definition, answers, nonce)
    if not run:
        return check_page(request, definition, answers, nonce, late=True, status=422)
    try:
        return store(request, definition, answers, store_form, run)
    except StoredOtherwise as stored:
        return check_page(request, definition, answers, nonce, stored_as=stored.number, status=409)


def agreement(data=None) -> StoreForm:
    agreed = _("The patient signed on the sheet that this is stored for %s days.") % settings.SCREENING_DAYS
    return StoreForm(agreed, data)


def new_nonce() -> str:
    return signing.dumps(secrets.token_hex(RUN_BYTES), salt=SALT)


def run_of(request) -> str:
    """The run of this sheet, by which it is stored only once; nothing when the page was open too long."""
    try:
        return signing.loads(request.POST.get("nonce", ""), salt=SALT, max_age=OPEN_SECONDS)
    except signing.BadSignature:
        return ""


def store(request, definition: Definition, answers: SheetForm, store_form: StoreForm, run: str):
    sent = enter_screening(
        definition,
        answers.answers,
        sending_of(run, definition, answers.answers),
        by=request.user,
        at=timezone.now(),
        contact=store_form.contact,
        consent=store_form.wording,
        answered_by=AnsweredBy.NURSE_PAPER,
        language=get_language(),
    )
    return redirect(reverse("intake:entered", args=[sent.screening.pk]))


def sheet_page(request, definition, answers: SheetForm, store_form: StoreForm, nonce: str, *, status: int = 200):
    sections = [
        (section, [(row, answers[row.link_id]) for row in section.questions])
        for section in sheet(definition, get_language())
    ]
    context = {
        "sections": sections,
        "answers": answers,
        "form": store_form,
        "nonce": nonce,
        "ruleset": definition.ruleset,
        "withdrawn": published.is_withdrawn(definition.ruleset.version),
        "errors": answers.is_bound and bool(answers.errors or store_form.errors),
    }
    return render(request, "screening/intake/enter.html", context, status=status)


def check_page(request, definition, form: SheetForm, nonce: str, *, status: int = 200, **said):
    """What would be stored, with all of it in hidden fields, since nothing is stored yet."""
    ruleset, given = definition.ruleset, form.answers
    words, other = definition.wording(get_language()), given.get("answering-for") == ("someone-else",)
    asked = enabled(ruleset, given)
    blank = [link_id for link_id, is_asked in asked.items() if is_asked and link_id not in given]
    known = {form.add_prefix(link_id) for link_id in form.fields} | {"name", "birth_date", "phone", "consent"}
    context = {
        "hidden": [(name, value) for name in request.POST if name in known for value in request.POST.getlist(name)],
        "nonce": nonce,
        "version": ruleset.version,
        "summary": summarize(definition, given, get_language()),
        "blank": [words.of("question", link_id, "short", other=other) for link_id in blank],
        "not_counted": answer_sections(ruleset, words, not_counted(ruleset, given), other),
        "cards": help_cards(definition, given, get_language()) if stop(ruleset, given, asked) == "urgent" else [],
        **said,
    }
    return render(request, "screening/intake/enter_check.html", context, status=status)


@intake_view
@require_safe
def entered(request, number: int):
    """The number to write on the sheet."""
    access.require_desk(request.user)
    if not was_entered_by(request.user, number):
        return redirect("intake:desk")
    return render(request, "screening/intake/entered.html", {"number": number})

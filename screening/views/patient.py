"""The patient's way through the screening. No view here reads or writes the database once a version is in memory."""

from functools import lru_cache, wraps

from django.conf import settings
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from .. import answers, clinic, published
from ..answers import Visit
from ..carry import carried
from ..engine.assess import enabled, next_question, stop
from ..forms import QuestionForm
from ..progress import progress
from ..qr import on_paper
from ..summary import answer_sections, summarize
from ..urgent import help_cards
from .private import needs_questions, private

TOKEN_PLACE, RUN_PLACE = "csrf-token-goes-here", "run-goes-here"
question_methods = require_http_methods(["GET", "HEAD", "POST"])


def with_visit(view):
    """Hands the view the visit from the cookie. Without one: to the start; too old or not ours: a kind page."""

    @private
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            visit = answers.read(request)
        except answers.Expired:
            return start_again(request, "screening/patient/expired.html", status=410)
        except answers.Unreadable:
            return start_again(request, "screening/patient/unreadable.html", status=400)
        if visit is None:
            return redirect("screening:start")
        if visit.version in published.now().withdrawn:
            return render(request, "screening/patient/withdrawn.html", status=409)
        response = view(request, visit, *args, **kwargs)
        if answers.COOKIE not in response.cookies:
            answers.keep_awake(response, visit)
        return response

    return wrapped


def start_again(request, template, *, status):
    response = render(request, template, {"minutes": settings.ANSWERS_IDLE_SECONDS // 60}, status=status)
    answers.clear(response)
    return response


@private
@question_methods
@needs_questions
def start(request):
    """What this is and is not; the button begins a new screening with the newest version."""
    if request.method == "POST":
        visit = Visit(published.current().ruleset.version)
        response = redirect(where_next(visit))
        answers.write(response, visit)
        return response
    return render(
        request,
        "screening/patient/start.html",
        {
            "going_on": under_way(request),
            "minutes": settings.ANSWERS_IDLE_SECONDS // 60,
            "questions": len(published.current().ruleset.questions),
            "clinic": clinic.now(),
        },
    )


def under_way(request) -> str:
    """Where a visit that has answers goes on, or nothing."""
    try:
        visit = answers.read(request)
    except (answers.Expired, answers.Unreadable):
        return ""
    return where_next(visit) if visit is not None and visit.answers else ""


def where_next(visit: Visit) -> str:
    """The address of the first open question, of the page that stops here, or of check-your-answers."""
    asked = enabled(visit.ruleset, visit.answers)
    stopped = stop(visit.ruleset, visit.answers, asked)
    if stopped == "urgent":
        return reverse("screening:help-now")
    link_id = next_question(visit.ruleset, visit.answers, asked)
    if link_id is not None:
        return reverse("screening:question", args=[link_id])
    return reverse("screening:under-18" if stopped else "screening:check")


@gzip_page
@question_methods
@with_visit
def question(request, visit: Visit, link_id: str):
    """One question: shown when it is the next one or was answered; what is posted is kept when it is valid."""
    asked_for = visit.ruleset.by_link_id.get(link_id)
    if asked_for is None:
        raise Http404
    if request.method == "POST" and request.POST.get("run") != visit.run:
        return render(request, "screening/patient/other_tab.html", {"going_on": where_next(visit)}, status=409)
    asked = enabled(visit.ruleset, visit.answers)
    if not may_answer(visit, link_id, asked):
        return redirect(where_next(visit))
    if request.method == "POST":
        return answer(request, visit, asked_for, asked)
    facts = page_facts(visit, link_id, asked)
    html = question_page(visit.version, link_id, get_language(), visit.for_someone_else, *facts)
    return HttpResponse(html.replace(TOKEN_PLACE, get_token(request)).replace(RUN_PLACE, visit.run))


def may_answer(visit: Visit, link_id: str, asked) -> bool:
    """A question that is asked, and answered or next. An urgent sign leaves only its own question open."""
    if asked[link_id] is not True:
        return False
    if stop(visit.ruleset, visit.answers, asked) == "urgent":
        return link_id == visit.ruleset.questions[0].link_id
    return link_id in visit.answers or link_id == next_question(visit.ruleset, visit.answers, asked)


def answer(request, visit: Visit, asked_for, asked):
    """Keep a valid answer and go on; show an invalid one again with what is wrong."""
    words = visit.definition.wording(get_language())
    form = QuestionForm(asked_for, words, other=visit.for_someone_else, run=visit.run, data=request.POST)
    if not form.is_valid():
        _chosen, *facts = page_facts(visit, asked_for.link_id, asked)
        context = question_context(visit.definition, asked_for.link_id, visit.for_someone_else, *facts)
        return render(request, "screening/patient/question.html", {**context, "form": form}, status=422)
    visit = visit.with_answer(asked_for.link_id, form.cleaned_data["answer"])
    response = redirect(where_next(visit))
    answers.write(response, visit)
    return response


def page_facts(visit: Visit, link_id: str, asked):
    """What a question page depends on besides the question itself: earlier choice, the way back, progress."""
    return visit.answers.get(link_id, ()), way_back(visit, link_id, asked), progress(visit.ruleset, asked, link_id)


def way_back(visit: Visit, link_id: str, asked) -> str:
    """From a changed answer back to check-your-answers; else to the question before; from the first to the start."""
    if next_question(visit.ruleset, visit.answers, asked) is None and not stop(visit.ruleset, visit.answers, asked):
        return reverse("screening:check")
    before = [other for other, is_asked in asked.items() if is_asked]
    place = before.index(link_id)
    return reverse("screening:question", args=[before[place - 1]]) if place else reverse("screening:start")


@lru_cache(maxsize=1024)
def question_page(version, link_id, language, other, chosen, back, steps) -> str:
    """The finished page. It depends on a few closed choices and on nobody in particular, so it is made only once.

    The two things that do differ from person to person, the safety token and the run, are put in afterwards.
    """
    definition = published.version(version)
    form = QuestionForm(
        definition.ruleset.by_link_id[link_id],
        definition.wording(language),
        other=other,
        run=RUN_PLACE,
        chosen=chosen,
    )
    context = question_context(definition, link_id, other, back, steps)
    return render_to_string("screening/patient/question.html", {**context, "form": form, "csrf_token": TOKEN_PLACE})


def question_context(definition, link_id, other, back, steps):
    words = definition.wording(get_language())
    return {
        "link_id": link_id,
        "title": words.of("question", link_id, "text", other=other),
        "why": words.of("question", link_id, "why", other=other),
        "section": words.of("section", definition.ruleset.by_link_id[link_id].section, "title", other=other),
        "back": back,
        "steps": [
            {"title": words.of("section", section, "title", other=other), "state": state}
            for section, state in steps.sections
        ],
        "place": steps.place,
        "of": len(steps.sections),
    }


@require_safe
@with_visit
def check(request, visit: Visit):
    """All answers by section, each with a way to change it. Only for a screening without open questions."""
    here = reverse("screening:check")
    if where_next(visit) != here:
        return redirect(where_next(visit))
    shown = asked_answers(visit)
    words = visit.definition.wording(get_language())
    sections = answer_sections(visit.ruleset, words, shown, visit.for_someone_else)
    return render(request, "screening/patient/check.html", {"sections": sections, "other": visit.for_someone_else})


def asked_answers(visit: Visit):
    """The answers to questions that are asked; an answer that is no longer asked for is absent everywhere."""
    asked = enabled(visit.ruleset, visit.answers)
    return {link_id: codes for link_id, codes in visit.answers.items() if asked[link_id]}


@require_safe
@with_visit
def summary(request, visit: Visit):
    """The one page to discuss with a doctor."""
    if where_next(visit) != reverse("screening:check"):
        return redirect(where_next(visit))
    made, today = summarize(visit.definition, visit.answers, get_language()), timezone.localdate()
    paper = on_paper(visit.ruleset, asked_answers(visit), today)
    context = {"summary": made, "today": today, "paper": paper, "clinic": clinic.now()}
    return render(request, "screening/patient/summary.html", context)


@require_safe
@with_visit
def help_now(request, visit: Visit):
    """The right help for what was ticked; the questions stop until that answer changes."""
    if stop(visit.ruleset, visit.answers) != "urgent":
        return redirect(where_next(visit))
    first = visit.ruleset.questions[0].link_id
    cards = help_cards(visit.definition, visit.answers, get_language())
    return render(
        request,
        "screening/patient/help_now.html",
        {"cards": cards, "change": reverse("screening:question", args=[first])},
    )


@require_safe
@with_visit
def under_18(request, visit: Visit):
    """For minors: education only."""
    if where_next(visit) != reverse("screening:under-18"):
        return redirect(where_next(visit))
    words = visit.definition.wording(get_language())
    said = words.tables["under_18"]
    named = (link_id for criterion in visit.ruleset.of_kind("setting") for link_id in criterion.rule.questions)
    asked = next((link_id for link_id in named if link_id in visit.answers), visit.ruleset.questions[0].link_id)
    context = {
        "words": said,
        "sources": [words.of("source", source, "title") for source in said.get("sources", [])],
        "back": reverse("screening:question", args=[asked]),
    }
    return render(request, "screening/patient/under_18.html", context)


@private
@question_methods
@needs_questions
def renew(request):
    """From a version that was withdrawn to the newest one, with every answer that still means the same."""
    try:
        visit = answers.read(request)
    except (answers.Expired, answers.Unreadable):
        visit = None
    if visit is None or request.method != "POST":
        return redirect("screening:start")
    new = published.current()
    renewed = Visit(new.ruleset.version, carried(visit.definition, new, visit.answers))
    response = redirect(where_next(renewed))
    answers.write(response, renewed)
    return response


@private
@question_methods
def leave(request):
    """Clear the answers and go. Only a POST does so; someone who comes here by a link is led to the start."""
    if request.method != "POST":
        return redirect("screening:start")
    response = redirect("screening:left")
    answers.clear(response)
    return response


@private
@require_safe
def left(request):
    return render(request, "screening/patient/left.html")

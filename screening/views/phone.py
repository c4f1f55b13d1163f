"""A nurse asks the questions on the phone: the same engine, one question a page, any of them at any time."""

from functools import wraps

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import access, entering, published
from ..actions import StoredOtherwise, enter_screening
from ..actions.sending import already_sent, sending_of
from ..answers import REFRESH_AFTER_SECONDS, Visit
from ..carry import carried
from ..engine.assess import stop
from ..entering import Call, next_open, not_counted
from ..forms import QuestionForm
from ..forms_enter import StoreForm
from ..keys import keyed_hash
from ..models.screening import AnsweredBy
from ..reading_aloud import choices, jumps, spoken
from ..summary import answer_sections, summarize
from ..urgent import help_cards
from .staff import intake_view

READ = ("GET", "HEAD")
FORM = (*READ, "POST")


def with_call(*allowed: str):
    """Hands the view this nurse's call. Without one, or with one that is over, to the page where calls begin.

    ``allowed``: the HTTP methods the view takes.
    """

    def decorator(view):
        @intake_view
        @require_http_methods(allowed)
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            access.require_desk(request.user)
            call = entering.read(request)
            if call is None:
                return no_call(request)
            if call.visit.version in published.now().withdrawn and not call.stored:
                return renewed(request, call)
            response = view(request, call, *args, **kwargs)
            if entering.COOKIE not in response.cookies and call.visit.age > REFRESH_AFTER_SECONDS:
                entering.write(response, call, request.user)
            return response

        return wrapped

    return decorator


def no_call(request):
    if not request.COOKIES.get(entering.COOKIE):
        return redirect("intake:phone")
    response = begin_page(request, lost=True, status=410)
    entering.clear(response)
    return response


def renewed(request, call: Call):
    """From a version that was withdrawn to the newest one, with every answer that still means the same."""
    new = published.current()
    kept = carried(call.visit.definition, new, call.answers)
    call = Call(Visit(new.ruleset.version, kept, call.visit.run))
    return going_to(request, call, where_next(call))


def going_to(request, call: Call, address: str):
    response = redirect(address)
    entering.write(response, call, request.user)
    return response


def where_next(call: Call, after: str = "") -> str:
    """The next open question after this one, the help to read out, or the check before storing."""
    if stop(call.ruleset, call.answers) == "urgent":
        return reverse("intake:phone-help")
    link_id = next_open(call.ruleset, call.answers, after)
    return reverse("intake:phone-question", args=[link_id]) if link_id else reverse("intake:phone-check")


def first_question(call: Call) -> str:
    return reverse("intake:phone-question", args=[call.ruleset.questions[0].link_id])


@intake_view
@require_http_methods(FORM)
def phone(request):
    """What to say first; the button begins a call, or drops the one under way."""
    access.require_desk(request.user)
    if request.method != "POST":
        return begin_page(request)
    if request.POST.get("do") == "drop":
        response = redirect("intake:new")
        entering.clear(response)
        return response
    try:
        call = Call(Visit(published.current().ruleset.version))
    except published.NoSuchVersion:
        return render(request, "screening/intake/enter_none.html", status=404)
    return going_to(request, call, where_next(call))


def begin_page(request, *, lost: bool = False, status: int = 200):
    call = None if lost else entering.read(request)
    going_on = where_next(call) if call and not call.stored and call.answers else ""
    context = {
        "going_on": going_on,
        "lost": lost,
        "minutes": settings.ANSWERS_IDLE_SECONDS // 60,
        "days": settings.SCREENING_DAYS,
    }
    return render(request, "screening/intake/phone.html", context, status=status)


@with_call(*FORM)
def question(request, call: Call, link_id: str):
    """Any question at any time; only an urgent sign leaves none but its own."""
    asked_for = call.ruleset.by_link_id.get(link_id)
    if asked_for is None:
        raise Http404
    if call.stored:
        return redirect("intake:phone-stored")
    if from_another_call(request, call):
        return another_call(request, call)
    if stop(call.ruleset, call.answers) == "urgent" and link_id != call.ruleset.questions[0].link_id:
        return redirect("intake:phone-help")
    if request.method == "POST":
        return answer(request, call, asked_for)
    return question_page(request, call, asked_for, form_of(call, asked_for))


def from_another_call(request, call: Call) -> bool:
    """Whether the form was made for a call that is over; the cookie holds the one begun last, in whichever tab."""
    return request.method == "POST" and request.POST.get("run") != call.visit.run


def another_call(request, call: Call):
    return render(request, "screening/intake/phone_other.html", {"going_on": where_next(call)}, status=409)


def form_of(call: Call, asked_for, data=None) -> QuestionForm:
    words = call.visit.definition.wording(get_language())
    chosen = call.answers.get(asked_for.link_id, ())
    return QuestionForm(
        asked_for, words, other=call.visit.for_someone_else, run=call.visit.run, chosen=chosen, data=data
    )


def answer(request, call: Call, asked_for):
    """Keep a valid answer, or leave the question open, and go on; show an invalid one again."""
    codes: tuple[str, ...] = ()
    if "leave" not in request.POST:
        form = form_of(call, asked_for, request.POST)
        if not form.is_valid():
            return question_page(request, call, asked_for, form, status=422)
        codes = form.cleaned_data["answer"]
    call = call.with_answer(asked_for.link_id, codes)
    return going_to(request, call, where_next(call, asked_for.link_id))


def question_page(request, call: Call, asked_for, form: QuestionForm, *, status: int = 200):
    asked, words, other = call.asked(), call.visit.definition.wording(get_language()), call.visit.for_someone_else
    order = list(asked)
    place = order.index(asked_for.link_id)
    before = [link_id for link_id in order[:place] if asked[link_id]]
    context = {
        "form": form,
        "choices": choices(form),
        "spoken": spoken(asked_for, words, other=other),
        "why": words.of("question", asked_for.link_id, "why", other=other),
        "not_asked": asked[asked_for.link_id] is False,
        "back": reverse("intake:phone-question", args=[before[-1]]) if before else reverse("intake:phone"),
        "sections": jumps(call.ruleset, words, call.answers, asked, here=asked_for.link_id, other=other),
        "short": words.of("question", asked_for.link_id, "short", other=other),
        "number": place + 1,
        "of": len(order),
    }
    return render(request, "screening/intake/phone_question.html", context, status=status)


@with_call(*READ)
def help_now(request, call: Call):
    """The right help to read out; the questions stop until that answer changes."""
    if call.stored or stop(call.ruleset, call.answers) != "urgent":
        return redirect("intake:phone-stored" if call.stored else where_next(call))
    cards = help_cards(call.visit.definition, call.answers, get_language())
    return render(request, "screening/intake/phone_help.html", {"cards": cards, "change": first_question(call)})


@with_call(*FORM)
def check(request, call: Call):
    """What would be stored; a POST stores it, finished or not, if it is what the page was made for."""
    if from_another_call(request, call):
        return another_call(request, call)
    if request.method != "POST":
        return redirect("intake:phone-stored") if call.stored else check_page(request, call, agreement())
    if request.POST.get("seen") != seen(call):
        typed = {name: request.POST.get(name, "") for name in ("name", "birth_date", "phone")}
        return check_page(request, call, agreement(initial=typed), status=409, changed=True)
    form = agreement(request.POST)
    if not call.answers:
        form.add_error(None, _("There is no answer yet. Ask at least one question"))
    if not form.is_valid():
        return check_page(request, call, form, status=422)
    try:
        return store(request, call, form)
    except StoredOtherwise as stored:
        return check_page(request, call, form, status=409, stored_as=stored.number)


def agreement(data=None, initial=None) -> StoreForm:
    agreed = _("The patient agreed on the phone that this is stored for %s days.") % settings.SCREENING_DAYS
    return StoreForm(agreed, data, initial)


def seen(call: Call) -> str:
    """What the page remembers of the answers it was made for."""
    return keyed_hash("phone check", sending(call)).hex()[:32]


def store(request, call: Call, form: StoreForm):
    enter_screening(
        call.visit.definition,
        call.answers,
        sending(call),
        by=request.user,
        at=timezone.now(),
        contact=form.contact,
        consent=form.wording,
        answered_by=AnsweredBy.NURSE_PHONE,
        language=get_language(),
    )
    return going_to(request, Call(call.visit, stored=True), reverse("intake:phone-stored"))


def sending(call: Call) -> bytes:
    """The same call stored twice, or after a lost reply, is one screening."""
    return sending_of(call.visit.run, call.visit.definition, call.answers)


def check_page(request, call: Call, form: StoreForm, *, status: int = 200, **said):
    definition, other = call.visit.definition, call.visit.for_someone_else
    words, asked = definition.wording(get_language()), call.asked()
    still = [link_id for link_id, is_asked in asked.items() if is_asked and link_id not in call.answers]
    context = {
        "form": form,
        "run": call.visit.run,
        "seen": seen(call),
        "summary": summarize(definition, call.answers, get_language()),
        "still": [(link_id, words.of("question", link_id, "short", other=other)) for link_id in still],
        "not_counted": answer_sections(call.ruleset, words, not_counted(call.ruleset, call.answers), other),
        "urgent": stop(call.ruleset, call.answers, asked) == "urgent",
        "first": first_question(call),
        "sections": jumps(call.ruleset, words, call.answers, asked, here="", other=other),
        **said,
    }
    return render(request, "screening/intake/phone_check.html", context, status=status)


@with_call(*READ)
def stored(request, call: Call):
    """The code to read to the patient: made anew from the call, so it is gone when the call is."""
    sent = already_sent(sending(call)) if call.stored else None
    if sent is None:
        return redirect("intake:phone" if call.stored else "intake:phone-check")
    return render(request, "screening/intake/entered.html", {"number": sent.screening.pk, "code": sent.code})

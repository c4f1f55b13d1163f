"""The patient sends their summary to the clinic, once they have agreed to it, and gets a code and a link for it."""

import logging
from dataclasses import dataclass
from datetime import date, timedelta
from functools import wraps

from django.conf import settings
from django.db import Error as DatabaseError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pumpguide.client import address

from .. import clinic
from ..actions import Sent, send_screening
from ..actions.sending import already_sent, sending_of
from ..answers import Visit
from ..engine.terms import Answers
from ..forms_send import SendForm, send_wording
from ..keys import keyed_hash
from ..limits import TooOften
from ..qr import qr_svg
from .patient import asked_answers, where_next, with_visit

logger = logging.getLogger(__name__)
WAIT_SECONDS = 60  # before one tries again, where the database did not answer
HOUR_SECONDS = 3600


@dataclass(frozen=True)
class Ready:
    """A visit whose questions are all answered. ``answers``: the asked ones. ``sending``: names just these."""

    visit: Visit
    answers: Answers
    sending: bytes

    def seen(self, wording: str) -> str:
        """What the form remembers of the answers, and of the words to agree to, that it was shown with."""
        return keyed_hash("send form", self.sending, wording.encode()).hex()[:32]


def with_ready(view):
    """Hands the view what could be sent; with open questions or at a stop, the person goes on there."""

    @with_visit
    @wraps(view)
    def wrapped(request, visit: Visit):
        going_on = where_next(visit)
        if going_on != reverse("screening:check"):
            return redirect(going_on)
        answers = asked_answers(visit)
        return view(request, Ready(visit, answers, sending_of(visit.run, visit.definition, answers)))

    return wrapped


@require_http_methods(["GET", "HEAD", "POST"])
@with_ready
def send(request, ready: Ready):
    """What is sent, to whom and for how long, and the consent; what was sent already is not asked for again."""
    to = clinic.now()
    if not to.takes_screenings:
        return render(request, "screening/patient/send_nowhere.html", {"clinic": to}, status=404)
    form = form_of(to, ready, data=request.POST if request.method == "POST" else None)
    try:
        if already_sent(ready.sending):
            return redirect("screening:sent")
        if request.method != "POST":
            return page(request, form)
        if request.POST.get("seen") != ready.seen(form.wording):
            return page(request, form_again(request, to, ready), status=409, changed=True)
        if not form.is_valid():
            return page(request, form, status=422)
        store(request, ready, form)
    except TooOften:
        return later(page(request, form, status=429, often=True), HOUR_SECONDS)
    except DatabaseError as error:
        logger.error("a screening could not be stored or looked up: %s", type(error).__name__)
        return later(page(request, form, status=503, down=True))
    return redirect("screening:sent")


def store(request, ready: Ready, form: SendForm) -> Sent:
    return send_screening(
        ready.visit.definition,
        ready.answers,
        ready.sending,
        at=timezone.now(),
        contact=form.contact,
        consent=form.wording,
        language=get_language(),
        address=address(request),
    )


def form_of(to: clinic.Clinic, ready: Ready, **given) -> SendForm:
    other = ready.visit.for_someone_else
    return SendForm(to, other=other, seen=ready.seen(send_wording(to, other=other)), **given)


def form_again(request, to: clinic.Clinic, ready: Ready) -> SendForm:
    """What was typed, for other answers or words than the page was made with; the consent is asked for anew."""
    typed = {name: request.POST.get(name, "") for name in ("name", "phone")}
    typed["birth_date"] = [request.POST.get(f"birth_date_{part}", "") for part in ("month", "day", "year")]
    return form_of(to, ready, initial=typed)


def page(request, form: SendForm, *, status: int = 200, **said):
    context = {"form": form, "clinic": clinic.now(), "days": settings.SCREENING_DAYS, **said}
    return render(request, "screening/patient/send.html", context, status=status)


def later(response, seconds: int = WAIT_SECONDS):
    response.headers["Retry-After"] = str(seconds)
    return response


# --- afterwards


@dataclass(frozen=True)
class Receipt:
    """What the page of a sent screening shows."""

    code: str
    qr: SafeString
    link: str
    until: date

    @property
    def spelled(self) -> str:
        """The code symbol by symbol, a comma after each group, as a screen reader should say it."""
        return ", ".join(" ".join(group) for group in self.code.split("-"))


@require_safe
@with_ready
def sent(request, ready: Ready):
    """The reference code and the link that takes it back, as long as the answers stay as they were sent."""
    try:
        found = already_sent(ready.sending)
    except DatabaseError as error:
        logger.error("a sent screening could not be looked up: %s", type(error).__name__)
        return later(render(request, "screening/patient/sent_down.html", status=503))
    if found is None:
        return redirect("screening:send")
    context = {"receipt": receipt(request, found), "clinic": clinic.now(), "days": settings.SCREENING_DAYS}
    return render(request, "screening/patient/sent.html", context)


def receipt(request, found: Sent) -> Receipt:
    until = timezone.localtime(found.screening.sent_at).date() + timedelta(days=settings.SCREENING_DAYS)
    link = request.build_absolute_uri(reverse("screening:delete-link", args=[f"{found.secret}/"]))
    return Receipt(found.code, qr_svg(found.code.replace("-", ""), _("Your reference code as a QR code")), link, until)

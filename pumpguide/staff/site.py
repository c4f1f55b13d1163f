"""The desk (Django's admin) with our door: both steps of signing in, and words for those whose time ran out."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from .onward import NEXT, own
from .sessions import begin, second_step_done


class DeskSite(AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        """The middleware has asked this already; here it is asked again, should the middleware ever be left out."""
        leaving = request.path == reverse("admin:logout", current_app=self.name)
        return super().has_permission(request) and (leaving or second_step_done(request))

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        response = super().login(request, {"notes": ended_notes(request), **onward(request), **(extra_context or {})})
        if request.method == "POST":
            if response.status_code == 302:  # only a right password is answered so
                begin(request, timezone.now())
            elif response.status_code == 200:
                response.status_code = 422
        return response


def onward(request: HttpRequest) -> dict[str, str]:
    """What the login form carries on: the page asked for; the landing page for those who asked for none."""
    asked = request.POST.get(NEXT, request.GET.get(NEXT, ""))
    home = asked == reverse("admin:index") or not own(request, asked)
    return {NEXT: reverse("staff:home")} if home else {}


def ended_notes(request: HttpRequest) -> list[str]:
    """Why someone has to sign in again."""
    idle, long = settings.STAFF_IDLE_SECONDS // 60, settings.STAFF_SESSION_SECONDS // 3600
    told = {
        "idle": _("You were signed out after %d minutes without use. Log in to go on where you were.") % idle,
        "long": _("You were signed out after %d hours. Log in to go on where you were.") % long,
    }
    notes = [told[request.GET["ended"]]] if request.GET.get("ended") in told else []
    if notes and request.GET.get("unsaved"):
        notes.append(_("What you sent last was not saved. Please do it again."))
    return notes

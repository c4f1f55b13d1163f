"""The signed steps of a page: send, approve, publish now or later, note a check, take down. Each a page of its own.

Every page shows the checklist and what differs from the public page; what the person saw comes back, signed, with the
form, so that a change by someone else meanwhile is a conflict and not a surprise.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pumpguide.publishing import content_hash

from ..diff import side_by_side
from ..models import Page
from ..publish import Conflict, unschedule
from ..workflow import send_back
from .names import name_of
from .standing import Standing, may_publish, may_write
from .steps import STEPS, Step

SEEN = "content.seen"


@dataclass(frozen=True)
class Back:
    """A step back: one button on the page's form."""

    do: Callable
    allowed: Callable[..., bool]
    said: object  # a lazy text with one place for the title


class PageTasks:
    """Mixed into the page's admin."""

    def task_urls(self):
        site = self.admin_site.admin_view
        steps = [
            path(f"<int:pk>/{in_address(name)}/", site(self.step_view), {"name": name}, name=f"content_page_{name}")
            for name in STEPS
        ]
        back = site(require_POST(self.back_view))
        backs = [
            path(f"<int:pk>/{in_address(name)}/", back, {"name": name}, name=f"content_page_{name}") for name in BACKS
        ]
        return [*steps, *backs]

    def step_view(self, request, pk, name):
        """Show the step; on POST take it, or say kindly why not."""
        step: Step = STEPS[name]()
        page = self.page_or_403(request, pk, step.allowed)
        posted = request.POST if request.method == "POST" else None
        form = step.form(posted, initial={"name": name_of(request.user), "expire_at": page.expire_at})
        if request.method == "POST":
            seen = read_seen(request.POST.get("seen", ""), page)
            if seen is None:
                form.add_error(None, _("This page was open for too long. Look at what it shows now, then try again."))
            elif form.is_valid():
                done = self.take(request, page, step, form, seen)
                if done is not None:
                    return done
        return self.show_step(request, name, step, page, form)

    def take(self, request, page, step: Step, form, seen: dict):
        """The redirect after the step, the conflict page, or None when it was refused: the form says why."""
        try:
            said = step.act(page, request.user, timezone.now(), content_hash(seen), form.cleaned_data)
        except Conflict:
            return self.show_conflict(request, page, seen)
        except (ValidationError, PermissionDenied) as refusal:
            form.add_error(None, getattr(refusal, "messages", None) or str(refusal))
            return None
        self.log_change(request, page, said)
        messages.success(request, said)
        return redirect("admin:content_page_change", page.pk)

    def show_step(self, request, name, step: Step, page, form):
        standing = Standing(page, request.user)
        live = page.live.snapshot if page.live else None
        context = {
            "page": page,
            "form": form,
            "standing": standing,
            "step": step,
            "rows": side_by_side(live, standing.draft) if step.shows_text else [],
            "seen": signing.dumps({"page": page.pk, "draft": standing.draft}, salt=SEEN, compress=True),
        }
        return self.show(request, "step", step.title % page.title, context, status=422 if form.errors else 200)

    def show_conflict(self, request, page, seen: dict):
        """Someone was quicker. Both texts side by side; nothing was done."""
        now = Standing(Page.objects.select_related("live", "changed_by").get(pk=page.pk), request.user)
        context = {"page": now.page, "standing": now, "rows": side_by_side(seen, now.draft), "again": request.path}
        return self.show(request, "conflict", _("“%s” changed while you looked at it") % page, context, status=409)

    def back_view(self, request, pk, name):
        """One of the steps back."""
        back: Back = BACKS[name]
        page = self.page_or_403(request, pk, back.allowed)
        if name == "send_back":
            send_back(page, by=request.user, at=timezone.now())
        else:
            back.do(page, at=timezone.now())
        said = str(back.said) % page.title
        self.log_change(request, page, said)
        messages.success(request, said)
        return HttpResponseRedirect(self.address_of(page))


def in_address(name: str) -> str:
    return name.replace("_", "-")


def read_seen(token: str, page: Page) -> dict | None:
    """The draft that the person looked at, as we signed it within the last day; None for anything else."""
    try:
        told = signing.loads(token, salt=SEEN, max_age=24 * 3600)
    except signing.BadSignature:
        return None
    return told["draft"] if told["page"] == page.pk else None


def writes_or_publishes(user) -> bool:
    return may_write(user) or may_publish(user)


BACKS = {
    "send_back": Back(send_back, writes_or_publishes, gettext_lazy("“%s” is a draft again.")),
    "unschedule": Back(unschedule, may_publish, gettext_lazy("“%s” does not go out by itself any more.")),
}

"""A page's past and its looks: preview, revisions, any two texts side by side, and an old revision live again."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..diff import same, side_by_side
from ..models import PageRevision
from ..publish import restore
from ..render import render
from ..site import live_site
from ..snapshot import snapshot
from ..views.preview import DAYS, preview_path
from .standing import may_publish

DRAFT = "draft"


class PageHistory:
    """Mixed into the page's admin."""

    def history_urls(self):
        site = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", site(self.preview_view), name="content_page_preview"),
            path("<int:pk>/revisions/", site(self.revisions_view), name="content_page_revisions"),
            path("<int:pk>/compare/", site(self.compare_view), name="content_page_compare"),
            path("revision/<int:pk>/", site(self.revision_view), name="content_pagerevision_view"),
            path(
                "revision/<int:pk>/restore/", site(require_POST(self.restore_view)), name="content_pagerevision_restore"
            ),
        ]

    @method_decorator(csp_update({"frame-src": [SELF]}))
    def preview_view(self, request, pk):
        """The draft at the width of a phone and of a desk, and a link for colleagues without an account."""
        page = self.page_or_403(request, pk, reads)
        link = preview_path(page)
        context = {"page": page, "link": link, "whole_link": request.build_absolute_uri(link), "days": DAYS}
        return self.show(request, "preview", _("Preview of “%s”") % page.title, context)

    def revisions_view(self, request, pk):
        """What was public, and what waits for its time; not what was called off before it."""
        page = self.page_or_403(request, pk, reads_revisions)
        told = page.revisions.filter(Q(appearance__isnull=False) | Q(scheduled_for=page))
        revisions = told.select_related("written_by", "approved_by").defer("snapshot")
        context = {"page": page, "revisions": revisions, "may_publish": may_publish(request.user)}
        return self.show(request, "revisions", _("Published revisions of “%s”") % page.title, context)

    def compare_view(self, request, pk):
        """Any two of the page's revisions and its draft; by default what is public and the draft."""
        page = self.page_or_403(request, pk, reads_revisions)
        numbers = list(page.revisions.values_list("number", flat=True))
        choices = [(DRAFT, _("The draft")), *((str(number), _("Revision %s") % number) for number in numbers)]
        known = {value for value, _label in choices}
        default = str(page.live.number) if page.live else choices[-1][0]
        old = request.GET.get("old") if request.GET.get("old") in known else default
        new = request.GET.get("new") if request.GET.get("new") in known else DRAFT
        rows = side_by_side(text_of(page, old), text_of(page, new))
        labels = dict(choices)
        context = {"page": page, "choices": choices, "old": old, "new": new, "rows": rows, "same": same(rows)}
        context |= {"left_title": labels[old], "right_title": labels[new]}
        return self.show(request, "compare", _("“%s” side by side") % page.title, context)

    def revision_view(self, request, pk):
        """An old revision as it looked."""
        revision = get_object_or_404(PageRevision.objects.select_related("page"), pk=pk)
        self.page_or_403(request, revision.page_id, reads_revisions)
        published_on = timezone.localdate(revision.published_at)
        return HttpResponse(render(revision.snapshot, live_site(revision.page.language), published_on=published_on))

    def restore_view(self, request, pk):
        revision = get_object_or_404(PageRevision, pk=pk)
        page = self.page_or_403(request, revision.page_id, may_publish)
        try:
            restored = restore(revision, by=request.user, at=timezone.now())
        except (ValidationError, PermissionDenied) as refusal:
            messages.error(request, " ".join(getattr(refusal, "messages", None) or [str(refusal)]))
        else:
            said = _("Revision %(old)s is live again, as revision %(new)s.")
            said %= {"old": revision.number, "new": restored.number}
            self.log_change(request, page, said)
            messages.success(request, said)
            if page.scheduled_id:
                messages.warning(
                    request, _("Revision %s was to go out by itself. It does not any more.") % page.scheduled.number
                )
        return redirect("admin:content_page_revisions", page.pk)


def text_of(page, which: str) -> dict:
    return snapshot(page) if which == DRAFT else page.revisions.get(number=int(which)).snapshot


def reads(user) -> bool:
    return user.has_perm("content.view_page")


def reads_revisions(user) -> bool:
    return user.has_perm("content.view_pagerevision")

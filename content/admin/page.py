"""Pages in the admin: edit the draft, preview it, publish it, restore an older revision, take it down."""

from csp.decorators import csp_update
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from js_asset import Media

from pumpguide.publishing import content_hash

from ..models import Block, Page, PageRevision
from ..models.page import CARE_LEVELS, DRAWINGS, LISTED_KINDS, BlockKind, topic_choices
from ..publish import publish, restore, take_down
from ..render import render
from ..site import live_site
from ..snapshot import missing, snapshot
from .base import WorkingAdmin
from .widgets import RichText


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
    """A block. Tables keep a plain text field: the rich text editor would drop their captions and header rows."""

    subject = forms.ChoiceField(
        label=_("Which one"),
        choices=subject_choices,
        required=False,
        help_text=_("Only for care cards, drawings, cards of pages, and where the sources differ."),
    )

    class Meta:
        model = Block
        fields = ("position", "kind", "heading", "body", "subject", "numerator", "denominator")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.kind != BlockKind.TABLE:
            self.fields["body"].widget = RichText()


class BlockInline(admin.StackedInline):
    model = Block
    form = BlockForm
    extra = 0
    fields = (("position", "kind", "subject"), "heading", "body", ("numerator", "denominator"))


class PublishForm(forms.Form):
    """Why this change goes out; kept with the revision."""

    note = forms.CharField(
        label=_("Reason for the change"),
        max_length=300,
        help_text=_("One line, such as “Refill times checked with the clinic”. It is kept with the revision."),
        error_messages={"required": _("Write one line on why this change goes out")},
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


@admin.register(Page)
class PageAdmin(WorkingAdmin):
    list_display = ("title", "kind", "state", "reviewed_by", "changed_at")
    list_filter = ("kind", "language")
    search_fields = ("key", "title", "summary")
    list_select_related = ("live",)
    inlines = (BlockInline,)
    fieldsets = (
        (None, {"fields": ("title", "menu_title", "summary")}),
        (_("Where it lives"), {"fields": ("kind", "slug", "position", "language", "key"), "classes": ("collapse",)}),
        (_("Checked by a clinician"), {"fields": ("reviewed_by", "reviewed_on")}),
    )

    @admin.display(description=_("state"))
    def state(self, page):
        if page.live is None:
            return _("Not public")
        return _("Live, with newer draft") if page.changed_at > page.live.published_at else _("Live")

    def get_urls(self):
        site = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", site(self.preview_view), name="content_page_preview"),
            path("<int:pk>/publish/", site(self.publish_view), name="content_page_publish"),
            path("<int:pk>/revisions/", site(self.revisions_view), name="content_page_revisions"),
            path("<int:pk>/take-down/", site(require_POST(self.take_down_view)), name="content_page_take_down"),
            path("revision/<int:pk>/", site(self.revision_view), name="content_pagerevision_view"),
            path(
                "revision/<int:pk>/restore/", site(require_POST(self.restore_view)), name="content_pagerevision_restore"
            ),
            *super().get_urls(),
        ]

    # --- the change form

    @method_decorator(csp_update({"style-src": ["'unsafe-inline'"]}))  # the rich text editor sets styles on its toolbar
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, *args, **kwargs):
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))
        context["may_publish"] = request.user.has_perm("content.publish_page")
        return super().render_change_form(request, context, *args, **kwargs)

    # --- preview, publish, restore

    def preview_view(self, request, pk):
        """The draft exactly as it would look, with a bar on top that says it is a draft."""
        page = self.page_or_403(request, pk, "content.view_page")
        return HttpResponse(render(snapshot(page), live_site(page.language), preview=True))

    def publish_view(self, request, pk):
        """Ask for the reason, show what is in the way, publish."""
        page = self.page_or_403(request, pk, "content.publish_page")
        form = PublishForm(request.POST or None)
        draft = snapshot(page)
        lost = missing(draft, set(Page.objects.filter(language=page.language).values_list("key", flat=True)))
        if request.method == "POST" and form.is_valid():
            try:
                publish(page, by=request.user, at=timezone.now(), note=form.cleaned_data["note"])
            except (ValidationError, PermissionDenied) as refusal:
                form.add_error(None, getattr(refusal, "messages", None) or str(refusal))
            else:
                messages.success(request, _("“%s” is published.") % page.title)
                return redirect("admin:content_page_change", page.pk)
        context = {
            "page": page,
            "form": form,
            "lost": lost,
            "unchanged": page.live is not None and page.live.hash == content_hash(draft),
        }
        return self.show(request, "publish", _("Publish “%s”") % page.title, context, invalid=bool(form.errors))

    def revisions_view(self, request, pk):
        page = self.page_or_403(request, pk, "content.view_pagerevision")
        revisions = page.revisions.select_related("written_by", "approved_by").defer("snapshot")
        context = {"page": page, "revisions": revisions, "may_publish": request.user.has_perm("content.publish_page")}
        return self.show(request, "revisions", _("Published revisions of “%s”") % page.title, context)

    def revision_view(self, request, pk):
        """An old revision as it looked."""
        revision = get_object_or_404(PageRevision.objects.select_related("page"), pk=pk)
        self.page_or_403(request, revision.page_id, "content.view_pagerevision")
        published_on = timezone.localdate(revision.published_at)
        return HttpResponse(render(revision.snapshot, live_site(revision.page.language), published_on=published_on))

    def restore_view(self, request, pk):
        revision = get_object_or_404(PageRevision, pk=pk)
        page = self.page_or_403(request, revision.page_id, "content.publish_page")
        try:
            restored = restore(revision, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            note = _("Revision %(old)s is live again, as revision %(new)s.")
            messages.success(request, note % {"old": revision.number, "new": restored.number})
        return redirect("admin:content_page_revisions", page.pk)

    def take_down_view(self, request, pk):
        page = self.page_or_403(request, pk, "content.publish_page")
        take_down(page, at=timezone.now())
        messages.success(request, _("“%s” is no longer public. Its draft and revisions are kept.") % page.title)
        return redirect("admin:content_page_change", page.pk)

    def page_or_403(self, request, pk, permission):
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return get_object_or_404(Page.objects.select_related("live"), pk=pk)

    def show(self, request, name, title, context, *, invalid=False):
        return TemplateResponse(
            request,
            f"admin/content/page/{name}.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.model._meta,
                "title": title,
                "back": reverse("admin:content_page_change", args=[context["page"].pk]),
                **context,
            },
            status=422 if invalid else 200,
        )

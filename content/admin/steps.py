"""What each signed step asks for and does. The rules themselves live in content/workflow.py and content/publish.py."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import publish, workflow
from ..models import Page
from .standing import may_publish, may_write


class Moment(forms.DateTimeField):
    """Day and time as the browser's own picker gives them."""

    def __init__(self, **kwargs):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, required=False, **kwargs)


def line(**kwargs):
    return forms.CharField(max_length=300, widget=forms.TextInput(attrs={"class": "vTextField"}), **kwargs)


class Step:
    """``act(page, by, at, seen, data)`` takes the step and gives the sentence that says so."""

    title = button = intro = ""
    shows_text = True  # the checklist and what differs from the public page
    form: type[forms.Form] = forms.Form

    def allowed(self, user) -> bool:
        return may_publish(user)

    def act(self, page, by, at, seen, data) -> str:
        raise NotImplementedError


class SendForm(forms.Form):
    reason = line(
        label=gettext_lazy("Why the warnings may stand"),
        required=False,
        help_text=gettext_lazy("Needed only when the checklist shows warnings. It is kept with the revision."),
    )


class Send(Step):
    title, button = gettext_lazy("Send “%s” to review"), gettext_lazy("Send to review")
    intro = gettext_lazy("A clinical reviewer reads the page next. If you change it after this, it is a draft again.")
    form = SendForm

    def allowed(self, user):
        return may_write(user)

    def act(self, page, by, at, seen, data):
        workflow.send_to_review(page, by=by, at=at, reason=data["reason"], seen=seen)
        return _("“%s” is in review.") % page.title


class Approve(Step):
    title, button = gettext_lazy("Review “%s”"), gettext_lazy("Approve the draft as it is")
    intro = gettext_lazy("Read the preview and what differs. You approve just this text, and not your own changes.")

    def act(self, page, by, at, seen, data):
        workflow.approve(page, by=by, at=at, seen=seen)
        return _("“%s” is approved. It can be published now.") % page.title


class PublishForm(forms.Form):
    note = line(
        label=gettext_lazy("Reason for the change"),
        help_text=gettext_lazy("One line, such as “Refill times checked with the clinic”. Everyone can read it."),
        error_messages={"required": gettext_lazy("Write one line on why this change goes out")},
    )
    publish_at = Moment(label=gettext_lazy("Publish at"), help_text=gettext_lazy("Empty: now."))


class Publish(Step):
    title, button = gettext_lazy("Publish “%s”"), gettext_lazy("Publish")
    form = PublishForm

    def act(self, page, by, at, seen, data):
        if data["publish_at"] is None:
            publish.publish(page, by=by, at=at, note=data["note"], seen=seen)
            return _("“%s” is published.") % page.title
        with transaction.atomic():
            Page.objects.filter(pk=page.pk).update(publish_at=data["publish_at"])
            publish.schedule(page, by=by, at=at, note=data["note"], seen=seen)
        return _("“%s” goes out by itself at that time.") % page.title


class CheckForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name and role, as the page shows them"),
        max_length=120,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={"required": gettext_lazy("Write the name and role that the page is to show")},
    )
    read = forms.BooleanField(
        label=gettext_lazy("I have read the whole page and checked it"),
        error_messages={"required": gettext_lazy("Tick this only when you have read the whole page")},
    )


class Check(Step):
    title, button = gettext_lazy("Whole page checked: “%s”"), gettext_lazy("Note that I checked it")
    intro = gettext_lazy("This sets who checked the page, and when its next check is due. Then publish it.")
    form = CheckForm

    def act(self, page, by, at, seen, data):
        workflow.whole_page_checked(page, by=by, at=at, name=data["name"], seen=seen)
        return _("Your check of “%s” is noted. Publish the page to show it.") % page.title


class ExpireForm(forms.Form):
    expire_at = Moment(label=gettext_lazy("Take down at"), help_text=gettext_lazy("Empty: it stays."))


class Expire(Step):
    title, button = gettext_lazy("Take “%s” down at a time"), gettext_lazy("Save")
    intro = gettext_lazy("The page comes down by itself at this time. Its draft and its revisions are kept.")
    form, shows_text = ExpireForm, False

    def act(self, page, by, at, seen, data):
        publish.expire(page, when=data["expire_at"], at=at)
        if data["expire_at"] is None:
            return _("“%s” stays public.") % page.title
        return _("“%s” comes down by itself at that time.") % page.title


class TakeDown(Step):
    title, button = gettext_lazy("Take “%s” down?"), gettext_lazy("Take the page down now")
    intro = gettext_lazy(
        "Readers no longer find the page, and links to it become words. Its draft and its revisions are kept."
    )
    shows_text = False

    def act(self, page, by, at, seen, data):
        publish.take_down(page, at=at)
        return _("“%s” is no longer public. Its draft and its revisions are kept.") % page.title


STEPS = {
    **{"send": Send, "review": Approve, "publish": Publish, "check": Check},
    **{"expire": Expire, "take_down": TakeDown},
}

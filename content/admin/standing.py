"""Where a draft stands, what stands in its way, and what this person can do: made here, drawn by a template."""

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from pumpguide.publishing import content_hash

from ..checklist import Item, around, checklist
from ..make import is_overdue
from ..models import Page
from ..models.page import Stage
from ..publish import only_checked
from ..report import row
from ..snapshot import snapshot


def may_write(user) -> bool:
    """Editors write pages. (A reviewer may change a page's stage, not its text.)"""
    return user.has_perm("content.change_block")


def may_publish(user) -> bool:
    return user.has_perm("content.publish_page")


@dataclass(frozen=True)
class Action:
    """A step somebody can take now: a link to its page, ``address`` the name of its route."""

    address: str
    label: str
    main: bool = False


class Standing:
    """The saved draft of one page, seen by one person."""

    def __init__(self, page: Page, user) -> None:
        self.page, self.user = page, user

    @cached_property
    def draft(self) -> dict:
        return snapshot(self.page)

    @cached_property
    def hash(self) -> str:
        return content_hash(self.draft)

    @cached_property
    def items(self) -> list[Item]:
        return checklist(self.draft, at=timezone.now())

    @cached_property
    def figures(self) -> dict:
        """How hard the draft is to read, with and without the words that are explained in place."""
        return row(self.draft, around(self.page.language), timezone.now())

    @property
    def errors(self) -> list[Item]:
        return [item for item in self.items if item.level == "error"]

    @property
    def warnings(self) -> list[Item]:
        return [item for item in self.items if item.level == "warning"]

    @property
    def unchanged(self) -> bool:
        """The draft is what the public sees."""
        return self.page.live is not None and self.page.live.hash == self.hash

    @property
    def approved(self) -> bool:
        return self.page.stage == Stage.APPROVED and self.page.approved_hash == self.hash

    @property
    def only_checked(self) -> bool:
        return not self.unchanged and only_checked(self.page, self.draft)

    def sentences(self) -> list[str]:
        """What to know first, in whole sentences."""
        page, said = self.page, []
        if page.live is None:
            said.append(_("This page is not public."))
        elif self.unchanged:
            said.append(_("The draft is the same as the public page."))
        else:
            said.append(_("The public page is older than this draft."))
        if page.stage == Stage.APPROVED and not self.approved:
            said.append(_("A claim, a source or a word it uses has changed since it was approved. Approve it again."))
        if page.scheduled_id:
            said.append(_("It goes out by itself on %s.") % when(page.scheduled.published_at))
        if page.expire_at:
            said.append(_("It comes down by itself on %s.") % when(page.expire_at))
        if page.live is not None and is_overdue(page.live.snapshot, timezone.now()):
            said.append(_("The public page is past its check date, and says so."))
        return said

    def actions(self) -> list[Action]:
        """What this person can do now, the next step first."""
        found = [*self.next_steps(), Action("content_page_preview", _("Preview")), *self.compare()]
        if may_publish(self.user):
            found.append(Action("content_page_check", _("Whole page checked")))
            found += self.ways_down()
        return [*found, Action("content_page_revisions", _("Published revisions"))]

    def ways_down(self) -> list[Action]:
        """A page that the site itself leads to has none, but a time that was set before can be emptied."""
        may_go = self.page.live is not None and not self.page.is_linked
        at_a_time = [Action("content_page_expire", _("Take down at a time"))]
        now = [Action("content_page_take_down", _("Take the page down"))]
        return (at_a_time if may_go or self.page.expire_at else []) + (now if may_go else [])

    def next_steps(self) -> list[Action]:
        stage, steps = self.page.stage, []
        waiting = stage in (Stage.IN_REVIEW, Stage.APPROVED)
        if may_write(self.user) and not waiting and not self.unchanged:
            steps.append(Action("content_page_send", _("Send to review"), main=True))
        if may_publish(self.user) and (stage == Stage.IN_REVIEW or (stage == Stage.APPROVED and not self.approved)):
            steps.append(Action("content_page_review", _("Review and approve"), main=True))
        if may_publish(self.user) and (self.approved or self.only_checked) and not self.page.scheduled_id:
            steps.append(Action("content_page_publish", _("Publish"), main=True))
        return steps

    def compare(self) -> list[Action]:
        return [Action("content_page_compare", _("Compare with the public page"))] if self.page.live else []

    def posts(self) -> list[Action]:
        """Steps back: each is one button."""
        found = []
        if (may_write(self.user) or may_publish(self.user)) and self.page.stage in (Stage.IN_REVIEW, Stage.APPROVED):
            found.append(Action("content_page_send_back", _("Back to draft")))
        if may_publish(self.user) and self.page.scheduled_id:
            found.append(Action("content_page_unschedule", _("Do not publish by itself")))
        return found


def when(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")

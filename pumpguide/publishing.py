"""The one idea both apps share: draft over live.

Staff edit working rows; publishing freezes them as an immutable Revision (a JSON snapshot with a content hash, who
wrote, who approved, when). The public sees frozen revisions only. Imported by content and screening.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import Error as DatabaseError
from django.db import models
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)
T = TypeVar("T")


def canonical_json(data: Any) -> str:
    """The one way to write ``data`` as JSON: sorted keys, no spaces, so that equal content gives equal bytes."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def content_hash(data: Any) -> str:
    """SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(data).encode()).hexdigest()


class AlreadyPublished(TypeError):
    """Code tried to change a frozen revision. The mend: publish a new one."""

    def __init__(self) -> None:
        super().__init__("A published revision cannot be changed or deleted. Publish a new revision instead.")


class RevisionQuerySet(models.QuerySet):
    """Reads only: a frozen row has no update and no delete."""

    def update(self, **kwargs):
        raise AlreadyPublished

    def bulk_update(self, *args, **kwargs):
        raise AlreadyPublished

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        if update_conflicts:
            raise AlreadyPublished
        return super().bulk_create(objs, *args, **kwargs)

    def delete(self):
        raise AlreadyPublished


class Revision(models.Model):
    """One frozen publication. Subclasses say of what."""

    snapshot = models.JSONField(_("snapshot"))
    hash = models.CharField(_("content hash"), max_length=64, editable=False)
    note = models.CharField(_("reason for the change"), max_length=300)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("written by")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    published_at = models.DateTimeField(_("published at"))

    objects = RevisionQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AlreadyPublished
        self.hash = content_hash(self.snapshot)
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args, **kwargs):
        raise AlreadyPublished


def refuse_own_change(authors: set[int], approved_by) -> None:
    """Raise PermissionDenied when an author of a change approves it. ``None`` is the installation itself."""
    if approved_by is not None and approved_by.pk in authors:
        raise PermissionDenied(_("You made a change that this would publish. Ask a colleague to check and publish it."))


class Shelf(Generic[T]):
    """A process's own copy of what is published, at most ``PUBLISHED_CHECK_SECONDS`` behind the database.

    ``load(key)`` makes at most one query and gives ``(mark, item)``, or None where there is no such item; the mark is
    any value that changes with every publish. While the database is down, the copies in memory keep serving.
    """

    def __init__(self, load: Callable[[Any], tuple[Any, T] | None]) -> None:
        self._load = load
        self.forget()

    def forget(self) -> None:
        """Start anew, as a new process would."""
        self._items: dict[Any, T] = {}
        self._mark: Any = None
        self._checked = float("-inf")

    def get(self, key: Any) -> T | None:
        """The published item, or None. No query when warm; one when cold, or when it is time to look again."""
        item = self._items.get(key)
        fresh = time.monotonic() - self._checked < settings.PUBLISHED_CHECK_SECONDS
        if item is not None and fresh:
            return item
        try:
            found = self._load(key)
        except DatabaseError:
            if item is None:
                raise
            logger.warning("the database does not answer; serving the published copies in memory")
            self._checked = time.monotonic()
            return item
        if found is None:
            self._items.pop(key, None)
            return None
        mark, item = found
        if mark != self._mark:  # something was published: every other copy may be old
            self._items, self._mark = {}, mark
        self._items[key] = item
        self._checked = time.monotonic()
        return item

"""The desk of the guide: staff edit working rows here; publishing is a separate, signed act."""

from . import evidence, page

__all__ = ["evidence", "page"]

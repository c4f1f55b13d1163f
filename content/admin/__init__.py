"""The desk of the guide: staff edit working rows here; publishing is a separate, signed act."""

from . import clinic, evidence, page, pictures, public

__all__ = ["clinic", "evidence", "page", "pictures", "public"]

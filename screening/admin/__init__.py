"""The questionnaire's desk: published versions to read, a draft to edit row by row, a gate in front of publishing."""

from . import draft, rows, versions

__all__ = ["draft", "rows", "versions"]

"""What stands in a draft's way before it may be public."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Item:
    """One thing found. An error blocks; a warning needs a reason to pass."""

    level: Literal["error", "warning"]
    code: str
    text: str
    where: str = ""


def checklist(data: dict, *, at) -> list[Item]:
    """Everything found in a snapshot, errors first."""
    return []

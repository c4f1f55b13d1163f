"""The guide's TOML files: how they are read, how they are written, and how a mistake in one is told.

Knows nothing of the database; used by guide_files, guide_rows, guide_import and export.
"""

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tomli_w
from django.core.exceptions import ValidationError

from .html import BLOCK_TAGS, clean

ENDS_LINE = re.compile(r"(</(?:p|h3|h4|li|tr|caption|thead|ul|ol|table)>|<(?:ul|ol|table|thead|tbody)>)(?=<)")
OF_BLOCK = re.compile(rf"</?(?:{BLOCK_TAGS})[ >]")
LONG_TEXT = re.compile(r'"""\n(?:[^"\\]|\\.)*"""', re.DOTALL)


class GuideFileError(ValueError):
    """A file of the guide that cannot be read; the message names the file and the mend."""


@contextmanager
def mistakes_in(path: Path) -> Iterator[None]:
    """Whatever is wrong with a file becomes a GuideFileError that names it."""
    try:
        yield
    except GuideFileError:
        raise
    except OSError as error:
        raise GuideFileError(f"{path.name}: cannot be read ({error.strerror}). Put it there and load again.") from error
    except KeyError as error:
        raise GuideFileError(f"{path.name}: {error} is missing. Add it and load again.") from error
    except ValidationError as error:
        raise GuideFileError(f"{path.name}: {' '.join(error.messages)} Mend that and load again.") from error
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise GuideFileError(f"{path.name}: {error}. Mend that and load again.") from error


def read(path: Path) -> dict:
    """The file's tables. Raises OSError, UnicodeDecodeError or tomllib.TOMLDecodeError."""
    text = path.read_text(encoding="utf-8")
    if "\\u0000" in text or "\\U00000000" in text:  # no database column and no page can hold it
        raise ValueError("the character \\u0000 cannot be used")
    return tomllib.loads(text)


def tables(data: dict, name: str) -> list[dict]:
    """The ``[[name]]`` tables of a file. Raises KeyError when there are none, TypeError when they are no tables."""
    found = data[name]
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise TypeError(f"write each {name} as a table that begins with [[{name}]]")
    return found


def dump(data: dict, prefix: str = "") -> str:
    """The data as TOML for people: a table for each part, long texts over several lines, nothing inline."""
    plain = {key: value for key, value in data.items() if not is_part(value)}
    parts = [readable(plain)]
    for key, value in data.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            parts.append(f"\n[{name}]\n{dump(value, f'{name}.')}")
        elif is_part(value):
            parts += [f"\n[[{name}]]\n{dump(item, f'{name}.')}" for item in value]
    return "".join(parts).lstrip("\n") if not prefix else "".join(parts)


def is_part(value) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def readable(plain: dict) -> str:
    """Plain values as TOML, without the backslashes that quotes in a long text do not need."""
    text = tomli_w.dumps(plain, multiline_strings=True)
    bare = LONG_TEXT.sub(lambda long: re.sub(r'(?<!\\)\\"', '"', long.group()), text)
    try:
        same = tomllib.loads(bare) == tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        same = False  # three quotes in a row, or a backslash before one: keep them escaped
    return bare if same else text


def pretty(body: str) -> str:
    """A block's text over several lines, one for each paragraph, list item and row; ``clean`` undoes it."""
    body = clean(body)
    lines = ENDS_LINE.sub(lambda end: end.group() + "\n" if starts_block(body, end.end()) else end.group(), body)
    spread = f"{lines}\n" if OF_BLOCK.match(body) else body
    return spread if clean(spread) == body else body


def starts_block(body: str, place: int) -> bool:
    return OF_BLOCK.match(body, place) is not None

"""A version as readable files: rules.toml, patients.toml and one wording file a language. Read back, they are the same.

Used to move a version between installations and to review it in git. Reading is in definition.read_folder.
"""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from .ordering import ordered


def as_files(snapshot: Mapping[str, Any]) -> dict[str, str]:
    """The snapshot as file name -> text."""
    rules = snapshot["rules"]
    files = {"rules.toml": written(tables_last(rules)), "patients.toml": written(snapshot["patients"])}
    files |= {f"{language}.toml": written(ordered(words, rules)) for language, words in snapshot["wording"].items()}
    return files


def write_folder(snapshot: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write the files into a folder (made where it is missing) and say which."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in as_files(snapshot).items():
        paths.append(folder / name)
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def written(table: Mapping[str, Any]) -> str:
    return tomli_w.dumps(table, indent=2)


def tables_last(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values before tables, as TOML wants them."""
    return {key: rules[key] for key in ("url", "version", "sections", "question", "criterion")}


def as_archive(snapshot: Mapping[str, Any]) -> bytes:
    """The files as one zip; the same snapshot gives the same bytes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in as_files(snapshot).items():
            zipped.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return archive.getvalue()

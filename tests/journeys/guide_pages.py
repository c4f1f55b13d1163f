"""The addresses of the guide's pages, as its files give them."""

import tomllib

from content.guide_files import GUIDE
from content.models.page import page_path


def paths_by_kind():
    """kind -> the addresses of its pages."""
    kinds: dict[str, list[str]] = {}
    for file in sorted((GUIDE / "pages").glob("*.toml")):
        page = tomllib.loads(file.read_text(encoding="utf-8"))
        kinds.setdefault(page["kind"], []).append(page_path(page["kind"], page["slug"]))
    return kinds


ALL = [path for paths in paths_by_kind().values() for path in paths]
ONE_OF_EACH = [paths[0] for paths in paths_by_kind().values()]

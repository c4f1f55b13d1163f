"""The form widget LHC-Forms: fetched by name from npm into the user's cache once, never into the project."""

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .npm import NoPackage, packed

PACKAGE = "lforms@40.1.3"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pumpguide"
FOLDER = CACHE / PACKAGE
INSIDE = "package/dist/lforms/"
WIDGET = (
    "webcomponent/assets/lib/zone.min.js",
    "webcomponent/runtime.js",
    "webcomponent/polyfills.js",
    "webcomponent/main.js",
    "webcomponent/styles.css",
    "webcomponent/down_arrow_gray_10_10.png",
    "webcomponent/magnifying_glass.png",
    "fhir/R4/lformsFHIR.min.js",
)
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Form</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/webcomponent/styles.css">
<div id="form"></div>
<script src="/webcomponent/assets/lib/zone.min.js"></script>
<script type="module" src="/webcomponent/runtime.js"></script>
<script type="module" src="/webcomponent/polyfills.js"></script>
<script type="module" src="/webcomponent/main.js"></script></html>"""


class NoWidget(Exception):
    """The widget cannot be had here; the message says what is lacking."""


@functools.cache
def folder() -> Path:
    """The folder with the widget's files. Raises NoWidget."""
    if not FOLDER.exists():
        fetch()
    return FOLDER


def fetch() -> None:
    try:
        with packed(PACKAGE, CACHE) as (archive, scratch):
            unpacked = scratch / "unpacked"
            for name in WIDGET:
                (unpacked / name).parent.mkdir(parents=True, exist_ok=True)
                with (unpacked / name).open("wb") as file:
                    shutil.copyfileobj(archive.extractfile(INSIDE + name), file)
            (unpacked / "form.html").write_text(PAGE)
            if not FOLDER.exists():  # another process may have been quicker
                unpacked.rename(FOLDER)
    except NoPackage as lacking:
        raise NoWidget(str(lacking)) from lacking


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args) -> None:
        pass


@contextmanager
def served() -> Iterator[str]:
    """The widget's files on loopback; gives the address of the page it stands on."""
    handler = functools.partial(Quiet, directory=folder())
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/form.html"
        server.shutdown()
        thread.join()

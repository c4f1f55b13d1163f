"""A published page against a Wagtail StreamField page of the same text, through the WSGI handler, in turn.

Wagtail gets an environment of its own in a folder that is gone afterwards; our project never depends on it.
"""

import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import ground
from .ask import ACCEPTED, Ask, Handler
from .measure import Pair, Side, kept, one_round, spread, table

BOUND = 15
CALLS = 60
ROUNDS = 21
HEADINGS = ("", "ours µs", "Wagtail µs", "our rate / theirs", "bound", "")


class Wagtail:
    """The other process: asks it for its page, or for a round."""

    def __init__(self, process: subprocess.Popen) -> None:
        self.process = process
        self.version = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("The Wagtail process ended; its error stands above.")
        return json.loads(line)

    def __call__(self, word: str):
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        return self.answer()


@contextmanager
def wagtail(text: dict) -> Iterator[Wagtail]:
    """Wagtail installed from the package index into a temporary folder, with one page that holds the text."""
    with tempfile.TemporaryDirectory(prefix="pumpguide-wagtail-") as name:
        folder = Path(name)
        (folder / "text.json").write_text(json.dumps(text))
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "wagtail"], check=True, stderr=subprocess.DEVNULL)
        script = Path(__file__).with_name("streamfield.py")
        process = (
            subprocess.Popen(  # -P: the folder of this script, which has a wagtail.py, is not searched for modules
                [python, "-P", script, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder
            )
        )
        try:
            yield Wagtail(process)
        finally:
            process.terminate()
            process.wait(timeout=30)


def main() -> None:
    ground.prepare()
    from .comparison import PAGE

    handler, text = Handler(), text_of(PAGE)
    with wagtail(text) as theirs:
        same_text(text, handler(Ask(PAGE).environ())[2].decode(), theirs("html"))
        rows = [row(handler, theirs, encoding) for encoding in ACCEPTED]
        table(f"Content page {PAGE} beside a StreamField page of Wagtail {theirs.version}", HEADINGS, rows)


def row(handler: Handler, theirs: Wagtail, encoding: str) -> tuple[object, ...]:
    """Both warmed, then measured in turn; they send the plain page, we what the name says."""
    from .comparison import PAGE

    ask = Ask(PAGE, encoding)
    ours = Side(handler, lambda: [ask.environ() for _ in range(CALLS)])
    one_round(ours), theirs("round")
    pairs = [(one_round(ours), theirs("round")) for _ in range(ROUNDS)]
    us, them = zip(*pairs, strict=True)
    pair = Pair(spread(us), spread(them), spread([their / our for our, their in pairs]))
    return (f"handler, {encoding}", pair.ours, pair.theirs, pair.ratio, f"≥ {BOUND}", kept(pair.ratio.middle >= BOUND))


def text_of(path: str) -> dict:
    """Title, main message and blocks of a published page; marks as plain links."""
    from content.html import replace_marks
    from content.models import Rendering

    data = Rendering.objects.select_related("revision").get(path=path).revision.snapshot
    blocks = [
        {"heading": block["heading"], "body": replace_marks(block["body"], link)}
        for block in data["blocks"]
        if block["body"]
    ]
    return {"title": data["title"], "summary": data["summary"], "blocks": blocks}


def link(scheme: str, key: str, words: str) -> str:
    return f'<a href="https://example.org/{scheme}/{key}">{words}</a>'


def same_text(text: dict, ours: str, theirs: str) -> None:
    """Every word of the blocks stands on both pages, or this compares nothing."""
    from content.html import plain_text

    ours, theirs = (" ".join(plain_text(html).split()) for html in (ours, theirs))
    for block in text["blocks"]:
        for word in plain_text(block["body"]).replace("\n", " ").rstrip(".").split():
            if word.rstrip(".") not in ours or word.rstrip(".") not in theirs:
                raise ValueError(f"{word!r} is missing on one of the two pages.")


if __name__ == "__main__":
    sys.exit(main())

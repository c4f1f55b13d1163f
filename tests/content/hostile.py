"""Attacks, and the eye that sees whether a piece of a page, or a whole page, would run or fetch anything."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

CONTROLS = str.maketrans({"␀": "\x00", "␉": "\t", "␊": "\n", "␌": "\f", "␍": "\r"})
LINES = (Path(__file__).parent / "xss_vectors.txt").read_text(encoding="utf-8").splitlines()
VECTORS = [line.translate(CONTROLS) for line in LINES if line and not line.startswith("##")]

NEVER = {
    *("iframe", "frame", "frameset", "object", "embed", "applet", "base", "portal", "fencedframe", "style", "template"),
    *("video", "audio", "source", "track", "picture", "image", "math", "animate", "set", "foreignobject", "textarea"),
    *("marquee", "noscript", "xmp", "plaintext", "dialog", "area", "map", "bgsound", "frame", "keygen", "isindex"),
}
"""Elements that our own pages never hold."""
ADDRESSES = {
    *("href", "src", "srcset", "action", "formaction", "poster", "data", "background", "xlink:href", "ping", "cite"),
    *("manifest", "longdesc", "dynsrc", "lowsrc", "codebase", "archive", "classid", "usemap", "profile"),
}
FETCHED = {"src", "srcset", "poster", "data", "background", "action", "formaction", "ping", "manifest", "xlink:href"}
OWN = re.compile(r"/(?![/\\])[^\s\\]*|#[\w-]*")
LINKED = re.compile(r"(?:https|mailto|tel|sms):.*", re.DOTALL)
"""What a link may name besides: schemes that run nothing."""
MARKED = re.compile(r"(?:claim|term|page):.*", re.DOTALL)
"""In a text that is kept, not yet served."""


class Eye(HTMLParser):
    """Reads a whole page; ``found`` names whatever would run, fetch from elsewhere, or lead to no honest place."""

    def __init__(self, html: str, ours: str, marks: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.ours, self.marks, self.found, self.described, self.in_script = ours, marks, [], [], False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag in NEVER or ":" in tag or (tag == "meta" and "http-equiv" in given):
            self.found.append(f"<{tag}>")
        if tag == "script":
            self.in_script = given.get("type") == "application/ld+json"
            if not self.in_script and not given.get("src", "").startswith("/static/js/"):
                self.found.append(f"<script {given}>")
        for name, value in given.items():
            if name.startswith("on") or name in ("style", "srcdoc") or not re.fullmatch(r"[a-z:-]+\d?", name.lower()):
                self.found.append(f"<{tag} {name}={value!r}>")
            if name in ADDRESSES and not self.honest(name, value):
                self.found.append(f"<{tag} {name}={value!r}>")

    def honest(self, name: str, value: str) -> bool:
        here = OWN.fullmatch(value) or value.startswith(self.ours) or value.startswith("data:image/svg+xml,%3Csvg")
        linked = LINKED.fullmatch(value) or (self.marks and MARKED.fullmatch(value))
        return bool(here or (name not in FETCHED and linked))

    def handle_data(self, data):
        if self.in_script:
            self.described.append(json.loads(data))

    def handle_endtag(self, tag):
        self.in_script = False


def dangers(html: str, ours: str = "http://localhost/", *, marks: bool = False) -> list[str]:
    """What a page, or a text kept with its ``marks``, holds that it must not; JSON-LD that cannot be read raises."""
    return Eye(html, ours, marks).found

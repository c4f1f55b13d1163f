"""A block's HTML as lines of text that know which of their words carry a claim or a link. Pure."""

from dataclasses import dataclass
from html.parser import HTMLParser

from ..html import clean
from ..readability import sentence_spans

BLOCKS = {"p", "li", "h3", "h4", "caption", "th", "td", "ul", "ol", "table", "tr", "thead", "tbody"}


@dataclass(frozen=True)
class Link:
    """A link or mark: where it leads and which part of its line it is."""

    href: str
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """``sourced``: some of its words carry a claim."""

    text: str
    sourced: bool


@dataclass(frozen=True)
class Line:
    """One paragraph, heading, list item or cell. ``tag``: its HTML tag, or "heading" for one of our fields."""

    tag: str
    text: str
    links: tuple[Link, ...] = ()

    def words_of(self, link: Link) -> str:
        return self.text[link.start : link.end]

    @property
    def sentences(self) -> list[Sentence]:
        claims = [link for link in self.links if link.href.startswith("claim:")]
        return [
            Sentence(self.text[start:end], any(link.start < end and start < link.end for link in claims))
            for start, end in sentence_spans(self.text)
        ]


def lines(html: str) -> tuple[Line, ...]:
    """The lines of a body as it will be shown, in order; empty ones are left out."""
    reader = Reader()
    reader.feed(clean(html))  # rows that came past the cleaning may hold what this parser cannot read
    reader.close()
    reader.end_line()
    return tuple(reader.lines)


def plain_lines(text: str, tag: str = "p") -> tuple[Line, ...]:
    """The lines of a field that holds no HTML."""
    return tuple(Line(tag, line.strip()) for line in text.split("\n") if line.strip())


class Reader(HTMLParser):
    """Collects lines. What a list item or cell says outside a paragraph belongs to the item or cell."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self.open: list[str] = []
        self.text, self.links, self.link = "", [], None

    def handle_starttag(self, tag, attrs):
        if tag in BLOCKS:
            self.end_line()
            self.open.append(tag)
        elif tag == "br":
            self.text += " "
        elif tag == "a":
            self.link = (dict(attrs).get("href") or "", len(self.text))

    def handle_endtag(self, tag):
        if tag == "a" and self.link:
            self.links.append(Link(*self.link, len(self.text)))
            self.link = None
        elif tag in BLOCKS:
            self.end_line()
            if tag in self.open:
                while self.open.pop() != tag:
                    pass

    def handle_data(self, data):
        self.text += " ".join(data.split("\n")) if self.text else data.lstrip()

    def end_line(self):
        if self.text.strip():
            tag = self.open[-1] if self.open else "p"
            self.lines.append(Line(tag, self.text.rstrip(), tuple(self.links)))
        self.text, self.links = "", []

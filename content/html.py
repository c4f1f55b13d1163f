"""The little HTML that a block may hold, and its three kinds of marks: claim:, term: and page: links.

Everything staff write passes through ``clean``; nothing else decides what is allowed.
"""

import re
from html import unescape

import nh3

TAGS = {"p", "h3", "h4", "strong", "em", "ul", "ol", "li", "a", "br"} | {
    "table", "caption", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
SCHEMES = {"claim", "term", "page", "tel", "sms", "mailto", "https"}
MARK = re.compile(r'<a href="(claim|term|page):([^"]*)">(.*?)</a>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")
BLOCK_TAGS = "p|h3|h4|ul|ol|li|table|caption|thead|tbody|tr|th|td"
BETWEEN_BLOCKS = re.compile(rf"(</?(?:{BLOCK_TAGS})(?: [^>]*)?>)\s+(?=</?(?:{BLOCK_TAGS})[ >])")
ONE_PARAGRAPH_ITEM = re.compile(r"<li><p>((?:(?!</?(?:p|li|ul|ol)>).)*)</p></li>", re.DOTALL)
EMPTY = re.compile(r"<(p|h3|h4)>(?:\s|&nbsp;|<br>)*</\1>")
MOST_PASSES = 5
ENDS_SENTENCE = re.compile(r"</(?:p|li|h3|h4|th|td|caption)>")


def clean(html: str) -> str:
    """The same text with only allowed tags and links, written one way. Marks survive.

    Styles, scripts, images and //host links go; so do empty paragraphs and the paragraph that the editor puts around
    the text of each list item, so that saving without a change changes nothing.
    """
    for _pass in range(MOST_PASSES):  # where a tag that goes had kept two links apart, only a second look parts them
        before, html = html, clean_once(html)
        if html == before:
            break
    return html


def clean_once(html: str) -> str:
    cleaned = nh3.clean(
        html.strip(),
        tags=TAGS,
        clean_content_tags={"script", "style", "title", "iframe", "object", "svg", "math", "template", "noscript"},
        attributes={"*": set(), "a": {"href"}, "th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"}},
        url_schemes=SCHEMES,
        attribute_filter=only_own_links,
        link_rel=None,
        strip_comments=True,
    )
    cleaned = EMPTY.sub("", cleaned)
    cleaned = BETWEEN_BLOCKS.sub(r"\1", cleaned)
    return ONE_PARAGRAPH_ITEM.sub(r"<li>\1</li>", cleaned).strip()


def only_own_links(tag: str, attribute: str, value: str) -> str | None:
    """Keep a link to our own pages or with an allowed scheme; drop //host and other relative ones."""
    if (tag, attribute) != ("a", "href"):
        return value
    if value.startswith("/"):
        return value if re.fullmatch(r"/(?![/\\])[A-Za-z0-9/_-]*(#[A-Za-z0-9_-]+)?", value) else None
    return value if value.split(":", 1)[0] in SCHEMES and ":" in value else None


def marks(html: str) -> list[tuple[str, str]]:
    """Every (scheme, key) mark in a cleaned body, in order."""
    return [(scheme, key) for scheme, key, _words in MARK.findall(html)]


def replace_marks(html: str, replacement) -> str:
    """The body with each mark replaced by ``replacement(scheme, key, words)``."""
    return MARK.sub(lambda found: replacement(*found.groups()), html)


def plain_text(html: str) -> str:
    """The words alone, a full stop after each block that lacks one."""
    text = ENDS_SENTENCE.sub(lambda end: "\n", html)
    lines = (unescape(TAG.sub("", line)).strip() for line in text.split("\n"))
    return "\n".join(line if line[-1] in ".?!:" else f"{line}." for line in lines if line)

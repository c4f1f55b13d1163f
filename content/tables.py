"""A table as plain lines, as office staff write it: the caption, then a line for each row, cells parted by |.

    Options side by side
    Option | What may help
    No pump | [No surgery](claim:options-no-pump)

The first row holds the headings; the first cell of each further row is that row's heading.
"""

import re
from html import escape, unescape

TABLE = re.compile(
    r"<table>(?:<caption>(?P<caption>.*?)</caption>)?<thead>(?P<head>.*?)</thead><tbody>(?P<body>.*?)</tbody></table>",
    re.DOTALL,
)
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<(?:th|td)>(.*?)</(?:th|td)>", re.DOTALL)
LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
WRITTEN_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)\)")
NOT_WRITTEN = re.compile(r"<|\n")


def to_lines(html: str) -> str:
    """The table as lines; as it is where lines could not say all of it."""
    found = TABLE.fullmatch(html)
    if found is None:
        return html
    rows = [CELL.findall(row) for row in ROW.findall(found["head"] + found["body"])]
    written = [cell_to_text(found["caption"] or ""), *(" | ".join(map(cell_to_text, row)) for row in rows)]
    text = "\n".join(written)
    return text if from_lines(text) == html else html


def cell_to_text(html: str) -> str:
    text = LINK.sub(r"[\2](\1)", html)
    return unescape(re.sub(r"</?strong>", "**", text))


def from_lines(text: str) -> str:
    """The table that these lines write; what is HTML already stays, and so do lines that write no table."""
    if "<table" in text or "|" not in text:
        return text
    if "<p>" in text:  # written in the rich text editor
        text = "\n".join(cell_to_text(part) for part in re.findall(r"<p>(.*?)</p>", text.replace("<br>", "</p><p>")))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    caption = "" if "|" in lines[0] else f"<caption>{cell(lines.pop(0))}</caption>"
    head, *rows = ([cell(one) for one in line.strip("|").split("|")] for line in lines)
    top = "".join(f"<th>{one}</th>" for one in head)
    body = "".join(f"<tr>{row_html(row)}</tr>" for row in rows)
    return f"<table>{caption}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def row_html(cells: list[str]) -> str:
    return f"<th>{cells[0]}</th>" + "".join(f"<td>{one}</td>" for one in cells[1:])


def cell(text: str) -> str:
    html = escape(text.strip(), quote=False)
    html = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html)
    return WRITTEN_LINK.sub(lambda link: f'<a href="{escape(unescape(link[2]))}">{link[1]}</a>', html)

"""A snapshot as a finished web page. Pure but for the templates: no request, no query, no clock.

Templates are given finished things and decide nothing.
"""

import re

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from .html import clean, replace_marks
from .models.evidence import Certainty
from .models.page import CARE_LEVELS, BlockKind, PageKind, page_path
from .site import Site
from .structured import structured_data

NO_SCREENING_LINK = {"about", "privacy", "accessibility", "sources"}


def render(data: dict, site: Site, *, published_on=None, preview=False, overdue=False, clinic=None) -> str:
    """The page's HTML. ``published_on``: a date, or None for a draft; ``clinic``: what the site settings say."""
    with override(data["language"]):
        template = "content/home.html" if data["kind"] == PageKind.HOME else "content/page.html"
        context = PageContext(data, site).build(published_on, preview)
        clinic = clinic or {}
        described = safe(structured_data(data, context["page"], clinic))
        more = {"overdue": overdue, "clinic": clinic, "structured_data": described}
        return render_to_string(template, {**context, **more})


class PageContext:
    """Builds what the template of one page is given."""

    def __init__(self, data: dict, site: Site) -> None:
        self.data, self.site = data, site
        self.claims = {claim["key"]: claim for claim in data["claims"]}
        self.sources = {source["key"]: source for source in data["sources"]}
        self.terms = {term["key"]: term for term in data["terms"]}
        self.note_numbers: dict[str, int] = {}
        self.anchors = {"main", "contents-title", "invite-title", "notes-title"}
        self.anchors |= {f"note-{number}" for number in range(1, len(self.claims) + 1)}

    def build(self, published_on, preview: bool) -> dict:
        data, path = self.data, page_path(self.data["kind"], self.data["slug"])
        sections = self.sections()
        siblings = self.site.of_kind(data["kind"]) if data["kind"] == PageKind.STEP else []
        place = next((index for index, entry in enumerate(siblings) if entry.key == data["key"]), None)
        return {
            "page": {
                "key": data["key"],
                "kind": data["kind"],
                "kind_label": "" if data["kind"] == PageKind.ARTICLE else PageKind(data["kind"]).label,
                "language": data["language"],
                "path": path,
                "canonical": settings.PUBLIC_URL + path,
                "title": data["title"],
                "summary": data["summary"],
                "position": data["position"],
                "of": len(siblings),
                "published_on": published_on,
                "reviewed": {"by": data["reviewed_by"], "on": parse_date(data["reviewed_on"])}
                if data["reviewed_by"]
                else None,
            },
            "unreviewed": not data["reviewed_by"],
            "preview": preview,
            "invite": data["key"] not in NO_SCREENING_LINK,
            "sections": sections,
            "contents": [section for section in sections if section["heading"]],
            "notes": self.notes(),
            "previous": siblings[place - 1] if place else None,
            "next": siblings[place + 1] if place is not None and place + 1 < len(siblings) else None,
        }

    # --- sections and blocks

    def sections(self) -> list[dict]:
        """The blocks grouped: a heading starts a section."""
        sections: list[dict] = []
        for block in self.data["blocks"]:
            # key points and boxes carry their heading themselves; only text-like blocks open a section
            opens = block["heading"] and block["kind"] not in BOXED
            if opens or not sections:
                heading = block["heading"] if opens else ""
                sections.append({"heading": heading, "anchor": self.anchor(heading) if heading else "", "blocks": []})
            sections[-1]["blocks"].append(self.block(block, own_heading=not opens))
        return sections

    def anchor(self, text: str) -> str:
        base = slugify(text) or "section"
        anchor, count = base, 1
        while anchor in self.anchors:
            count += 1
            anchor = f"{base}-{count}"
        self.anchors.add(anchor)
        return anchor

    def block(self, block: dict, *, own_heading: bool) -> dict:
        body = self.body(block["body"])
        extra = getattr(self, "extra_" + block["kind"].replace("-", "_"), lambda _block, _body: {})
        return {
            "kind": block["kind"],
            "template": f"content/blocks/{block['kind']}.html",
            "heading": block["heading"] if own_heading else "",
            "anchor": self.anchor(block["heading"]) if own_heading and block["heading"] else "",
            "body": body,
            "subject": block["subject"],
            **extra(block, body),
        }

    def extra_figure(self, block, body):
        return {"drawing": f"drawings/{block['subject']}.svg"}

    def extra_care_card(self, block, body):
        return {"level": block["subject"], "label": CARE_LEVELS[block["subject"]]}

    def extra_number(self, block, body):
        counted, of = block["numerator"], block["denominator"]
        words = _("%(counted)s of %(of)s people") % {"counted": counted, "of": of}
        drawn = [n < round(counted * 100 / of) for n in range(100)] if of > 100 else [n < counted for n in range(of)]
        return {"numerator": counted, "denominator": of, "percent_words": words, "icons": drawn, "scaled": of > 100}

    def extra_do_dont(self, block, body):
        """What stands under the first heading is to do, what stands under the second is not."""
        _before, *parts = re.split(r"<h3>.*?</h3>", body, flags=re.DOTALL)
        dos, donts = [*parts, "", ""][:2]
        return {"dos_html": safe(dos), "donts_html": safe(donts)}

    def extra_differ(self, block, body):
        return {"claims": [self.claim(claim) for claim in self.differing(block["subject"])]}

    def extra_listing(self, block, body):
        return {"cards": [entry for entry in self.site.of_kind(block["subject"]) if entry.key != self.data["key"]]}

    def extra_sources(self, block, body):
        return {"sources": [{**source, "anchor": f"source-{source['key']}"} for source in self.data["sources"]]}

    def extra_glossary(self, block, body):
        return {"terms": [{**term, "anchor": f"term-{term['key']}"} for term in self.data["terms"]]}

    def extra_differences(self, block, body):
        topics = [
            {"title": topic["title"], "claims": [self.claim(claim) for claim in self.differing(topic["key"])]}
            for topic in self.data["topics"]
        ]
        return {"topics": [{**topic, "anchor": self.anchor(topic["title"])} for topic in topics if topic["claims"]]}

    # --- claims, terms, links

    def differing(self, topic: str) -> list[dict]:
        return [
            claim for claim in self.data["claims"] if claim["topic"] == topic and claim["certainty"] == Certainty.DIFFER
        ]

    def claim(self, claim: dict) -> dict:
        return {
            "text": claim["text"],
            "certainty": claim["certainty"],
            "certainty_label": Certainty(claim["certainty"]).label,
            "checked": claim["checked"],
            "says": [
                {
                    "source": says["source"],
                    "label": self.sources[says["source"]]["label"],
                    "path": f"{self.address('sources')}#source-{says['source']}",
                    "text": says["text"],
                }
                for says in claim["says"]
            ],
        }

    def notes(self) -> list[dict]:
        """One footnote per claim the text cites, in the order of first use."""
        return [{"number": number, **self.claim(self.claims[key])} for key, number in self.note_numbers.items()]

    def address(self, key: str) -> str:
        entry = self.site.by_key.get(key)
        return entry.path if entry else f"/{key}/"

    def body(self, html: str) -> SafeString:
        """A block's text, cleaned once more, its marks turned into footnotes, explained words and links."""
        return safe(replace_marks(clean(html), self.mark))

    def mark(self, scheme: str, key: str, words: str) -> str:
        if scheme == "claim" and key in self.claims:
            return self.footnote(key, words)
        if scheme == "term" and key in self.terms:
            term = self.terms[key]
            return format_html(
                '<a class="term" href="{}#term-{}" title="{}">{}</a>',
                self.address("glossary"),
                key,
                term["definition"],
                safe(words),
            )
        if scheme == "page" and key in self.site.by_key:
            return format_html('<a href="{}">{}</a>', self.address(key), safe(words))
        return words  # a mark that leads nowhere; publishing refuses it, a preview shows the words

    def footnote(self, key: str, words: str) -> str:
        first = key not in self.note_numbers
        number = self.note_numbers.setdefault(key, len(self.note_numbers) + 1)
        return format_html(
            '<span class="claim">{}<sup><a href="#note-{}"{} aria-label="{}">{}</a></sup></span>',
            safe(words),
            number,
            format_html(' id="note-{}-back"', number) if first else "",
            _("Note %s") % number,
            number,
        )


BOXED = {
    BlockKind.KEY_POINTS,
    BlockKind.CALLOUT,
    BlockKind.WARNING,
    BlockKind.CARE_CARD,
    BlockKind.DIFFER,
    BlockKind.FIGURE,
    BlockKind.RELATED,
}


def safe(html: str) -> SafeString:
    """Mark HTML that has come through ``clean`` (or is made of escaped parts) as safe to show."""
    return mark_safe(html)  # noqa: S308 (the one place; see above)

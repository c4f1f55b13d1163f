"""A snapshot as a finished web page. Pure but for the templates: no request, no query, no clock.

Templates are given finished things and decide nothing.
"""

import re
from collections import Counter

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
from .render_facts import facts_block
from .site import Site
from .structured import structured_data

FEW = 20
NO_SCREENING_LINK = {"about", "privacy", "accessibility", "sources"}


def render(data: dict, site: Site, *, published_on=None, preview=False, overdue=False, clinic=None) -> str:
    """The page's HTML. ``published_on``: a date, or None for a draft; ``clinic``: what the site settings say."""
    with override(data["language"]):
        template = "content/home.html" if data["kind"] == PageKind.HOME else "content/page.html"
        context = PageContext(data, site).build(published_on, preview)
        clinic = clinic or {}
        described = safe(structured_data(data, context["page"], clinic))
        more = {"overdue": overdue, "clinic": shown_clinic(clinic), "structured_data": described}
        return render_to_string(template, {**context, **more})


def shown_clinic(clinic: dict) -> dict:
    """What is shown of the clinic; with ``tel``, the number to dial, where the phone is written in digits alone."""
    phone = clinic.get("phone", "")
    digits = re.sub(r"[\s().\u2011-]", "", phone)
    return {**clinic, "tel": digits if re.fullmatch(r"\+?\d{3,15}", digits) else ""}


class PageContext:
    """Builds what the template of one page is given."""

    def __init__(self, data: dict, site: Site) -> None:
        self.data, self.site = data, site
        self.claims = {claim["key"]: claim for claim in data["claims"]}
        self.sources = {source["key"]: source for source in data["sources"]}
        self.terms = {term["key"]: term for term in data["terms"]}
        self.note_numbers: dict[str, int] = {}
        self.explained: set[str] = set()
        self.anchors = {"main", "contents-title", "invite-title", "notes-title", "clinic-title"}
        # s: a note opened in place, b: its first mark in the text; one letter, as a page may hold a hundred of them
        self.anchors |= {f"{what}{number}" for what in ("note-", "s", "b") for number in range(1, len(self.claims) + 1)}
        self.anchors |= {f"word-{key}" for key in self.terms}

    def build(self, published_on, preview: bool) -> dict:
        sections = self.sections()
        notes = self.notes()
        return {
            "page": self.page(published_on),
            "unreviewed": not self.data["reviewed_by"],
            "preview": preview,
            "invite": self.data["key"] not in NO_SCREENING_LINK,
            "sections": sections,
            "contents": [section for section in sections if section["heading"]],
            "notes": notes,
            "certainties": certainties(notes),
            **self.way(),
        }

    def page(self, published_on) -> dict:
        """What the head, the title and the end of the page say of it."""
        data, path = self.data, page_path(self.data["kind"], self.data["slug"])
        reviewed = {"by": data["reviewed_by"], "on": parse_date(data["reviewed_on"] or "")}
        return {
            **{field: data[field] for field in ("key", "kind", "language", "title", "summary", "position")},
            "kind_label": "" if data["kind"] == PageKind.ARTICLE else PageKind(data["kind"]).label,
            "head": HEADS.get(data["kind"], ""),
            "path": path,
            "canonical": settings.PUBLIC_URL + path,
            "published_on": published_on,
            "reviewed": reviewed if data["reviewed_by"] else None,
            "next_review": parse_date(data.get("next_review") or ""),
        }

    def way(self) -> dict:
        """Where a step stands among the steps: all of them, the one before and the one after."""
        steps = self.site.of_kind(self.data["kind"]) if self.data["kind"] == PageKind.STEP else []
        place = next((index for index, entry in enumerate(steps) if entry.key == self.data["key"]), None)
        following = steps[place + 1 :] if place is not None else []
        return {
            "steps": [{"entry": entry, "done": entry in steps[: place or 0]} for entry in steps],
            "previous": steps[place - 1] if place else None,
            "next": following[0] if following else None,
        }

    # --- sections and blocks

    def sections(self) -> list[dict]:
        """The blocks grouped: a heading starts a section. The facts of the kind come after the key points."""
        blocks = [block for block in self.data["blocks"] if may_be_shown(block)]
        opening = next((place for place, block in enumerate(blocks) if opens_section(block)), len(blocks))
        sections = self.grouped(blocks[:opening])
        facts = facts_block(self.data.get("facts") or {}, self)
        if facts:
            heading = _("At a glance")
            sections.append({"heading": heading, "anchor": self.anchor(heading), "blocks": [facts]})
        return sections + self.grouped(blocks[opening:])

    def grouped(self, blocks: list[dict]) -> list[dict]:
        sections: list[dict] = []
        for block in blocks:
            opens = opens_section(block)
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
        picture = block.get("picture")
        return {"picture": picture} if picture else {"drawing": f"drawings/{block['subject']}.svg"}

    def extra_callout(self, block, body):
        return {"person": block.get("person")}

    def extra_story(self, block, body):
        return {"typical": block["typical"]}

    def extra_care_card(self, block, body):
        return {"level": block["subject"], "label": CARE_LEVELS[block["subject"]]}

    def extra_number(self, block, body):
        """People of a group as they were counted. "Of 100" is a share whose count the source does not give.

        A group of more than FEW is drawn as 100 figures, so that one picture can be held against another.
        """
        counted, of = block["numerator"], block["denominator"]
        words = _("About %(counted)s in 100 people") if of == 100 else _("%(counted)s of %(of)s people")
        figures = of if of <= FEW else 100
        filled = round(counted * figures / of)
        return {
            "percent_words": words % {"counted": counted, "of": of},
            "filled": filled,
            "icons": [n < filled for n in range(figures)],
            "scaled": figures != of,
        }

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
                {"source": says["source"], **self.source_link(says["source"]), "text": says["text"]}
                for says in claim["says"]
            ],
        }

    def source_link(self, key: str) -> dict:
        """A source's short name and its place on the page of sources."""
        label = self.sources[key]["label"] if key in self.sources else key
        return {"label": label, "path": f"{self.address('sources')}#source-{key}"}

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
            return self.explained_word(self.terms[key], words)
        if scheme == "page" and key in self.site.by_key:
            return format_html('<a href="{}">{}</a>', self.address(key), safe(words))
        return words  # a mark that leads nowhere; publishing refuses it, a preview shows the words

    def footnote(self, key: str, words: str) -> SafeString:
        """The words and a number. The number opens the note in place; the same note stands at the end of the page."""
        number = self.note_numbers.get(key)
        if number is not None:
            return format_html(FOOTNOTE, safe(words), number, "", _("Note"), "")
        number = self.note_numbers[key] = len(self.note_numbers) + 1
        note = {"number": number, **self.claim(self.claims[key])}
        place = format_html(' id="b{}"', number)
        return format_html(FOOTNOTE, safe(words), number, place, _("Note"), part("say", {"note": note}))

    def explained_word(self, term: dict, words: str) -> SafeString:
        """A glossary word that opens its meaning in place."""
        meaning = "" if term["key"] in self.explained else part("word", {"term": term, "all": self.address("glossary")})
        self.explained.add(term["key"])
        return format_html(WORD, term["key"], safe(words), meaning)


FOOTNOTE = (
    '<span class="claim">{0}<sup>&#8288;<button popovertarget="s{1}"{2}>'
    '<span class="visually-hidden">{3} </span>{1}</button></sup></span>{4}'
)
WORD = '<button class="term" popovertarget="word-{}">{}</button>{}'
HEADS = {PageKind.STEP: "content/heads/step.html", PageKind.SAFETY: "content/heads/safety.html"}
BOXED = {
    BlockKind.KEY_POINTS,
    BlockKind.CALLOUT,
    BlockKind.WARNING,
    BlockKind.CARE_CARD,
    BlockKind.DIFFER,
    BlockKind.FIGURE,
    BlockKind.RELATED,
    BlockKind.STORY,
}


def opens_section(block: dict) -> bool:
    """Key points and boxes carry their heading themselves; only text-like blocks open a section."""
    return bool(block["heading"]) and block["kind"] not in BOXED


def may_be_shown(block: dict) -> bool:
    """A person's story is shown only with their recorded consent and with how typical it is."""
    return block["kind"] != BlockKind.STORY or bool(block.get("consent_on") and block.get("typical"))


def certainties(notes: list[dict]) -> list[dict]:
    """How many notes there are of each certainty, in the order of the choices."""
    found = Counter(note["certainty"] for note in notes)
    return [{"key": value, "label": label, "count": found[value]} for value, label in Certainty.choices if found[value]]


def part(name: str, context: dict) -> SafeString:
    """A small piece of a page, on one line: it stands within a sentence."""
    return safe(render_to_string(f"includes/{name}.html", context).strip())


def safe(html: str) -> SafeString:
    """Mark HTML that has come through ``clean`` (or is made of escaped parts) as safe to show."""
    return mark_safe(html)  # noqa: S308 (the one place; see above)

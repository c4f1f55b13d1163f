"""From the tables of a guide file to working rows. Used by guide_files (starting content) and guide_import (a folder).

Both bring rows in one after another through ``Bringing``; it alone knows what may be touched and who is named.
"""

from collections import Counter

from django.core.exceptions import ValidationError
from django.db.models import Model

from .drafts import FACT_MODELS
from .guide_toml import tables
from .models import Block, Claim, ClaimSource, DrugUse, Page, Person, Picture, Source, Term, Topic
from .models.page import BlockKind
from .snapshot import BLOCK_FIELDS, FACT_FIELDS, USE_FIELDS, block_data, facts_of, written
from .workflow import NOT_READ, touched

ROW_FIELDS = {
    Source: (
        *("label", "title", "publisher", "kind", "says", "interests", "reference"),
        *("dated", "checked", "recheck_on", "position"),
    ),
    Term: ("term", "also", "definition"),
    Topic: ("title", "position"),
    Claim: ("text", "certainty", "position", "reviewed_by", "reviewed_on"),
    Page: (
        *("kind", "slug", "title", "menu_title", "summary", "position"),
        *("reviewed_by", "reviewed_on", "next_review"),
    ),
}
"""What a file holds of each row, besides its key and language."""
UNCHECKED = {"reviewed_by": "", "reviewed_on": None}


class Bringing:
    """One run. ``by`` None: the starting content, which leaves alone whatever staff changed; else whose drafts
    the rows become. ``changed`` counts the rows that were written, by kind."""

    def __init__(self, *, at, by=None) -> None:
        self.at, self.by = at, by
        self.changed: Counter[str] = Counter()
        self.known_sources: dict[str, dict[str, Source]] = {}

    def sources(self, language: str) -> dict[str, Source]:
        """The sources by key; asked for only once all of them are in."""
        if language not in self.known_sources:
            found = Source.objects.filter(language=language)
            self.known_sources[language] = {source.key: source for source in found}
        return self.known_sources[language]

    def find(self, model: type[Model], data: dict, language: str = "en") -> Model | None:
        """The row with this key, new where there is none; None when it must be left alone."""
        key, language = data["key"], data.get("language", language)
        held = model.objects.select_for_update().filter(key=key, language=language).first()
        row = held or model(key=key, language=language)
        return None if self.by is None and row.changed_by_id is not None else row

    def values(self, row: Model, data: dict, *, parts: tuple[str, ...] = (), **more) -> dict:
        """What the file says of a row. The starting content leaves out what it does not care for; an import does not:
        there a field that is left out is empty."""
        known = ROW_FIELDS[type(row)]
        refuse_unknown(data, {"key", "language", *known, *parts})
        given = {**more, **{field: data[field] for field in known if field in data}}
        if self.by is None:
            return given
        return {**{field: row._meta.get_field(field).get_default() for field in known}, **given}

    def write(self, row: Model, values: dict, *, more_changed: bool = False) -> bool:
        """Save the row where it differs from the values (or something that belongs to it does); whether it did."""
        if row.pk and self.by is not None and values.get("reviewed_by"):
            values = {field: values[field] for field in values if field not in UNCHECKED}  # one checks at the desk
        changed = {field for field in values if not (row.pk and same(getattr(row, field), values[field]))}
        if row.pk and not more_changed and not changed:
            return False
        if isinstance(row, (Claim, Page)) and (more_changed or changed - NOT_READ):
            values = {**UNCHECKED, **values}  # nobody has checked these words, unless the file says so
        for field, value in values.items():
            setattr(row, field, value)
        row.changed_at = self.at
        if self.by is not None:
            row.stamp(self.by, self.at)
        if isinstance(row, Page) and self.by is not None:
            touched(row)
            row.edit_number += 1
        check(row, f"{row._meta.model_name} {row.key}", exclude=["changed_by", "live", "scheduled", "approved_by"])
        row.save()
        self.changed[row._meta.model_name] += 1
        return True


def refuse_unknown(data: dict, known: set[str]) -> None:
    """A word that the file misspells would else be dropped in silence. Raises TypeError."""
    extra = sorted(set(data) - known)
    if extra:
        raise TypeError(f"{', '.join(extra)}: not known here, only {', '.join(sorted(known))}")


def check(row: Model, name: str, *, exclude: list[str], passing: set[str] = frozenset()) -> None:
    """The row's own checks; what fails names the row and the field. Raises ValidationError, but not for fields
    that are ``passing``."""
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as error:
        told = [
            " ".join(filter(None, [f"{name}:", field != "__all__" and f"{field}:", message]))
            for field, messages in error.message_dict.items()
            for message in messages
            if field not in passing
        ]
        if told:
            raise ValidationError(told) from error


def same(one, other) -> bool:
    """Equal, but for how lines end: a browser sends what it shows with \\r\\n."""
    return plain(one) == plain(other)


def plain(value):
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else written(value)


# --- topics and their claims ---------------------------------------------------------------------------------------


def bring_topic(run: Bringing, data: dict) -> None:
    language = data.get("language", "en")
    topic = run.find(Topic, data)
    if topic is not None:
        run.write(topic, run.values(topic, data, parts=("claim",)))
    topic = Topic.objects.get(key=data["key"], language=language)
    for position, item in enumerate(tables(data, "claim") if data.get("claim") else [], start=1):
        claim = run.find(Claim, item, language)
        if claim is not None:
            values = run.values(claim, item, parts=("says",), position=position)
            bring_claim(run, claim, {**values, "topic": topic}, item.get("says", []))


def bring_claim(run: Bringing, claim: Claim, values: dict, items: list[dict]) -> None:
    given = [[says["source"], says["text"].strip()] for says in items]
    held = [[says.source.key, says.text.strip()] for says in claim.says.select_related("source")] if claim.pk else []
    sources = run.sources(claim.language)
    for key, _text in given:
        if key not in sources:
            raise ValidationError(f"claim {claim.key} names source {key!r}, which is not known.")
    says_else = not same(given, held)
    run.write(claim, values, more_changed=says_else)
    if says_else:
        claim.says.all().delete()
        says = [
            ClaimSource(claim=claim, source=sources[key], text=text, position=position)
            for position, (key, text) in enumerate(given, start=1)
        ]
        for one in says:
            check(one, f"claim {claim.key}, source {one.source.key}", exclude=["claim", "source"])
        ClaimSource.objects.bulk_create(says)


# --- pages, their blocks and facts ---------------------------------------------------------------------------------

FACTS = ("drug_use", *FACT_FIELDS)


def bring_page(run: Bringing, data: dict) -> Page | None:
    """The page, its blocks and its facts as the file has them; None when it was left alone."""
    page = run.find(Page, data)
    if page is None:
        return None
    values = run.values(page, data, parts=("block", *FACTS))
    blocks, facts = blocks_in(data), facts_in(data)
    told = [block_data(block) for block in blocks], told_facts(facts)
    held = ([block_data(block) for block in page.blocks.all()], facts_of(page)) if page.pk else None
    more = held is None or not same([*told], [*held])
    run.write(page, values, more_changed=more)
    if more:
        write_parts(page, blocks, facts)
    return page


def write_parts(page: Page, blocks: list[Block], facts: dict) -> None:
    page.blocks.all().delete()
    page.drug_uses.all().delete()
    for model in FACT_MODELS.values():
        model.objects.filter(page=page).delete()
    for part in [*blocks, *(row for rows in facts.values() for row in rows)]:
        part.page = page
    Block.objects.bulk_create(blocks)
    for rows in facts.values():
        type(rows[0]).objects.bulk_create(rows)
    page.refresh_from_db()  # it remembers the facts it had


def blocks_in(data: dict) -> list[Block]:
    """The blocks of a page's file, checked, not saved."""
    blocks = []
    for position, item in enumerate(tables(data, "block") if data.get("block") else [], start=1):
        refuse_unknown(item, {*BLOCK_FIELDS, "person", "picture", "consent_on"})
        block = Block(position=position, **{**item, "person": person(item), "picture": picture(item)})
        has_picture = block.kind == BlockKind.FIGURE and block.picture is not None and not block.subject
        check(block, f"block {position}", exclude=["page"], passing={"subject"} if has_picture else set())
        blocks.append(block)
    return blocks


def person(item: dict) -> Person | None:
    """Whose remark it is: the one whose name, with titles, the file gives. Raises ValidationError."""
    if not item.get("person"):
        return None
    for someone in Person.objects.all():
        if str(someone) == item["person"]:
            return someone
    raise ValidationError(f"Nobody here is called {item['person']!r}. Add that person to people.toml.")


def picture(item: dict) -> Picture | None:
    if not item.get("picture"):
        return None
    found = Picture.objects.filter(hash=item["picture"]).first()
    if found is None:
        raise ValidationError(f"There is no picture {item['picture']!r}. Add it to pictures.toml.")
    return found


def facts_in(data: dict) -> dict[str, list]:
    """The facts of the page's kind, checked, not saved: name of the table -> its rows."""
    found: dict[str, list] = {}
    for name, fields in {"drug_use": USE_FIELDS, **FACT_FIELDS}.items():
        if name not in data:
            continue
        model = DrugUse if name == "drug_use" else FACT_MODELS[name]
        rows = []
        for position, item in enumerate(tables(data, name) if name == "drug_use" else [data[name]], start=1):
            refuse_unknown(item, set(fields))
            row = model(**item, **({"position": position} if name == "drug_use" else {}))
            check(row, f"{name} {position}" if name == "drug_use" else name, exclude=["page"])
            rows.append(row)
        if rows:
            found[name] = rows
    return found


def told_facts(facts: dict[str, list]) -> dict:
    """These facts as ``facts_of`` tells those of a page."""
    told: dict = {}
    for name, fields in FACT_FIELDS.items():
        if name in facts:
            told[name] = {field: written(getattr(facts[name][0], field)) for field in fields}
    uses = [{field: written(getattr(use, field)) for field in USE_FIELDS} for use in facts.get("drug_use", [])]
    return {**told, "drug_uses": uses} if uses else told

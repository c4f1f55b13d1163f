"""Two people at one page: what the second one posted is kept, fitted to what the first one saved, shown beside it."""

from django.http import QueryDict

from ..drafts import FACT_MODELS
from ..html import clean
from ..models import Page
from ..snapshot import BLOCK_FIELDS, FACT_FIELDS, USE_FIELDS, snapshot
from ..tables import from_lines

PAGE_FIELDS = ("title", "menu_title", "summary", "slug", "position")
MANY = ("blocks", "drug_uses")
PREFIXES = (*MANY, *FACT_MODELS)
MOST_ROWS = 1000


def fitted(post: QueryDict, page: Page) -> QueryDict:
    """The posted form as it can be saved over the page as it is now: nothing that was typed is lost.

    Rows that the other person deleted come back as new rows; rows they added stay untouched.
    """
    out = post.copy()
    for prefix in PREFIXES:
        if f"{prefix}-TOTAL_FORMS" in post:
            fit_rows(out, post, prefix, ids_now(page, prefix))
    out["edit_number"] = str(page.edit_number)
    out["stale"] = "1"
    return out


def ids_now(page: Page, prefix: str) -> list[str]:
    if prefix in MANY:
        return [str(pk) for pk in getattr(page, prefix).values_list("pk", flat=True)]
    return [str(pk) for pk in FACT_MODELS[prefix].objects.filter(page=page).values_list("pk", flat=True)]


def fit_rows(out: QueryDict, post: QueryDict, prefix: str, ids: list[str]) -> None:
    """Rows that still exist first, then the others as new ones; the two counts follow."""
    rows = posted_rows(post, prefix)
    for name in [name for name in out if name.startswith(f"{prefix}-") and name.split("-")[1].isdigit()]:
        del out[name]
    if prefix not in MANY and ids:  # one row at most: mine takes the place of theirs
        rows = [{**row, "id": ids[0]} for row in rows]
    kept = [row for row in rows if row.get("id") in ids]
    new = [{**row, "id": ""} for row in rows if row.get("id") not in ids and not row.get("DELETE")]
    for place, row in enumerate([*kept, *new]):
        for name, value in row.items():
            out[f"{prefix}-{place}-{name}"] = value
    out[f"{prefix}-INITIAL_FORMS"], out[f"{prefix}-TOTAL_FORMS"] = str(len(kept)), str(len(kept) + len(new))


def posted_rows(post: QueryDict, prefix: str) -> list[dict[str, str]]:
    """The rows of one formset as posted, in their order."""
    rows: dict[int, dict[str, str]] = {}
    for name, value in post.items():
        start, _dash, rest = name.partition("-")
        place, _dash, field = rest.partition("-")
        if start == prefix and place.isdecimal() and field and int(place) < MOST_ROWS:
            rows.setdefault(int(place), {})[field] = value
    return [rows[place] for place in sorted(rows)]


# --- to read side by side -----------------------------------------------------------------------------------------


def saved_text(page: Page) -> dict:
    """The page as it is saved, in just the parts that ``posted_text`` has."""
    data = snapshot(page)
    facts = {name: {key: str(value) for key, value in row.items()} for name, row in singles(data["facts"]).items()}
    uses = [{key: str(value) for key, value in use.items()} for use in data["facts"].get("drug_uses", [])]
    return {
        **{field: str(data[field]) for field in PAGE_FIELDS},
        "facts": {**facts, "drug_uses": uses},
        "blocks": [{field: as_typed(block[field]) for field in BLOCK_FIELDS} for block in data["blocks"]],
    }


def posted_text(post: QueryDict) -> dict:
    """What someone typed, as far as it is text, in the shape of a snapshot. Nothing in it is trusted or stored."""
    kept = {prefix: [row for row in posted_rows(post, prefix) if not row.get("DELETE")] for prefix in PREFIXES}
    facts = {name: told(kept[name][0], FACT_FIELDS[name]) for name in FACT_MODELS if kept[name]}
    uses = [told(row, USE_FIELDS) for row in kept["drug_uses"]]
    return {
        **{field: one_way(post.get(field, "")) for field in PAGE_FIELDS},
        "facts": {**facts, "drug_uses": uses},
        "blocks": [block_text(row) for row in sorted(kept["blocks"], key=place_of)],
    }


def singles(facts: dict) -> dict:
    return {name: row for name, row in facts.items() if name != "drug_uses"}


def told(row: dict[str, str], fields) -> dict[str, str]:
    return {field: one_way(row.get(field, "")) for field in fields}


def block_text(row: dict[str, str]) -> dict[str, str]:
    body = row.get("body", "")
    return {**told(row, BLOCK_FIELDS), "body": clean(from_lines(body) if row.get("kind") == "table" else body)}


def place_of(row: dict[str, str]) -> int:
    place = row.get("position", "")
    return int(place) if place.isdecimal() else MOST_ROWS


def as_typed(value) -> str:
    return "" if value is None else str(value)


def one_way(text: str) -> str:
    return text.replace("\r\n", "\n").strip()

"""schema.org JSON-LD for a page: only what the page itself shows, in the words in which it shows it."""

import json

from django.conf import settings
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .models.facts import LabelStatus
from .models.page import BlockKind, PageKind

UNSAFE = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
"""What could end a script element, or a line of one, as JSON writes it instead."""


def structured_data(data: dict, page: dict, clinic: dict) -> str:
    """The JSON-LD of a page as text that is safe inside a script element.

    ``data``: the snapshot; ``page``: what the template is given as ``page``; ``clinic``: what the site settings say.
    """
    described = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage" if is_medical(data) else "WebPage",
        "url": page["canonical"],
        "name": data["title"],
        "description": data["summary"],
        "inLanguage": data["language"],
        "isPartOf": {"@type": "WebSite", "name": _("Pump Guide"), "url": f"{settings.PUBLIC_URL}/"},
        "datePublished": page["published_on"].isoformat() if page["published_on"] else None,
        **review(data),
        "publisher": publisher(clinic),
        "about": about(data),
        "citation": citations(data),
    }
    written = json.dumps(present(described), ensure_ascii=False, separators=(",", ":"))
    return written.translate(UNSAFE)


def present(described: dict) -> dict:
    """Only what has something to say."""
    return {name: value for name, value in described.items() if value}


def is_medical(data: dict) -> bool:
    """Pages about this site (privacy, accessibility) make no medical claim and say so."""
    return data["kind"] != PageKind.ARTICLE or bool(data["claims"])


def review(data: dict) -> dict:
    """Who checked the whole page and when; nothing at all while nobody has."""
    if not (data["reviewed_by"] and data["reviewed_on"]):
        return {}
    return {"lastReviewed": data["reviewed_on"], "reviewedBy": {"@type": "Person", "name": data["reviewed_by"]}}


def publisher(clinic: dict) -> dict | None:
    """The clinic whose site this is, when it has given its name."""
    if not clinic.get("clinic_name"):
        return None
    return present(
        {"@type": "MedicalOrganization", "name": clinic["clinic_name"], "telephone": clinic.get("phone", "")}
    )


def citations(data: dict) -> list[dict]:
    """The sources, by the names that the notes of the page give them; on the page of all sources, by their titles."""
    lists_all = any(block["kind"] == BlockKind.SOURCES for block in data["blocks"])
    name = "title" if lists_all else "label"
    return [{"@type": "CreativeWork", "name": source[name]} for source in data["sources"]]


# --- what a page is about, by its kind ------------------------------------------------------------------------------


TYPES = {
    PageKind.DRUG: "Drug",
    PageKind.PUMP_TYPE: "MedicalDevice",
    PageKind.CONDITION: "MedicalCondition",
    PageKind.STEP: "MedicalProcedure",
}


def about(data: dict) -> dict | None:
    """The medicine, pump type, condition or step; None for other pages."""
    kind = PageKind(data["kind"])
    if kind not in TYPES:
        return None
    facts = {PageKind.DRUG: drug, PageKind.STEP: procedure}.get(kind, lambda _data: {})(data)
    return present({"@type": TYPES[kind], "name": subject_name(data), **facts})


def subject_name(data: dict) -> str:
    """“Morphine” for the page “Morphine in a pump”: the short title where the title holds it, else the title.

    A condition's short title is often an abbreviation, so its title stands.
    """
    short, title = data["menu_title"], data["title"]
    holds = data["kind"] != PageKind.CONDITION and short and short.casefold() in title.casefold()
    return short if holds else title


def drug(data: dict) -> dict:
    facts = data.get("facts", {}).get("drug_facts", {})
    statuses = [legal_status(use) for use in data.get("facts", {}).get("drug_uses", [])]
    return {"warning": one_line(facts.get("boxed_warning", "")), "legalStatus": statuses}


def legal_status(use: dict) -> dict:
    """One use and what the US label says of it on that day."""
    told = {"use": use["use"], "status": LabelStatus(use["status"]).label}
    if use["as_of"]:
        named = _("%(use)s: %(status)s (as of %(date)s)")
        told["date"] = date_format(parse_date(use["as_of"]), "DATE_FORMAT")
    else:
        named = _("%(use)s: %(status)s (not yet checked against the label of today)")
    return {
        "@type": "DrugLegalStatus",
        "name": named % told,
        "applicableLocation": {"@type": "AdministrativeArea", "name": "US"},
    }


def procedure(data: dict) -> dict:
    facts = data.get("facts", {}).get("step_facts", {})
    return {
        "preparation": one_line(facts.get("before", "")),
        "howPerformed": one_line(facts.get("during", "")),
        "followup": one_line(facts.get("after", "")),
    }


def one_line(text: str) -> str:
    return " ".join(text.split())

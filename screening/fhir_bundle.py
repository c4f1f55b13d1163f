"""The summary as a FHIR R4 document for other software. Source: hl7.org/fhir/R4/documents.html.

First a Composition whose sections are the summary in words, then the answers (QuestionnaireResponse), the same summary
as plain text (DocumentReference) and the Questionnaire itself, so that the document explains itself wherever it goes.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils.html import escape
from django.utils.translation import gettext as _

from .definition import Definition
from .engine.terms import Answers, Assessment
from .fhir import questionnaire
from .fhir_response import WHO_KINDS, Who, instant, person, questionnaire_response
from .summary import Line, Summary, summarize
from .text import as_text, line_text, reasoned

XHTML = "http://www.w3.org/1999/xhtml"
Resource = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """A section of the document: plain lines under one title, and the resources that say the same."""

    title: str
    lines: tuple[str, ...]
    entries: tuple[str, ...] = field(default=())


def summary_bundle(
    definition: Definition,
    answers: Answers,
    *,
    id: UUID,
    authored: datetime,
    made: datetime,
    by: Who,
    language: str = "en",
    assessment: Assessment | None = None,
) -> Resource:
    """The whole document as JSON-ready data; the same input gives the same document.

    ``id`` names this document and nothing in it; ``authored``: when the questions were answered; ``made``: when the
    document is made; both aware. ``by``: who answered. ``assessment``: the one that was frozen when the answers were
    sent; without it they are assessed now. Raises ValueError for a naive time.
    """
    summary = summarize(definition, answers, language, assessment)
    language = definition.wording(language).language
    response = questionnaire_response(definition, answers, authored=authored, by=by, language=language)
    names = {kind: uuid5(id, kind).urn for kind in ("Composition", "QuestionnaireResponse", "DocumentReference")}
    names["Questionnaire"] = uuid5(id, summary.canonical).urn
    resources = {
        "Composition": composition(summary, names, made=made, by=by, language=language),
        "QuestionnaireResponse": response,
        "DocumentReference": plain_text(summary, names, made=made, by=by, language=language),
        "Questionnaire": questionnaire(definition, language),
    }
    return {
        "resourceType": "Bundle",
        "language": language,
        "identifier": {"system": "urn:ietf:rfc:3986", "value": id.urn},
        "type": "document",
        "timestamp": instant(made),
        "entry": [{"fullUrl": names[kind], "resource": resource} for kind, resource in resources.items()],
    }


def as_json(resource: Mapping[str, Any]) -> bytes:
    """The bytes of a resource, for a file of the type ``application/fhir+json``."""
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":")).encode()


def composition(summary: Summary, names: Mapping[str, str], *, made: datetime, by: Who, language: str) -> Resource:
    return {
        "resourceType": "Composition",
        "language": language,
        "text": narrative([summary.heading, summary.lead, summary.next, summary.disclaimer], language, as_list=False),
        "status": "final",
        "type": {"text": _("Summary to discuss with a doctor")},
        "subject": person("Patient"),
        "date": instant(made),
        "author": [person(WHO_KINDS[by][1])],
        "title": summary.heading,
        "section": [section(part, language) for part in parts(summary, names) if part.lines],
    }


def parts(summary: Summary, names: Mapping[str, str]) -> Iterator[Part]:
    """The sections in the order of the page."""
    yield Part(_("What fits what the sources describe"), texts(summary.fits))
    yield Part(_("What to talk about first"), texts(summary.talk_first))
    yield Part(_("What is still open"), texts(summary.open))
    yield Part(_("Earlier steps to ask about"), (*texts(summary.earlier_steps), *summary.earlier_questions))
    gates = tuple(reasoned(f"{gate['title']}. {gate['text']}", "", gate["sources"]) for gate in summary.gates)
    yield Part(_("Good to mention, and good to know"), (*texts(summary.mention), *gates))
    yield Part(_("Questions to ask"), summary.questions)
    yield Part(_("Where the sources differ, or the line is ours"), summary.differ)
    answers = tuple(f"{said.short}: {'; '.join(said.chosen)}" for part in summary.answers for said in part.answers)
    yield Part(_("All answers, as given"), answers, (names["QuestionnaireResponse"],))
    yield Part(_("Sources"), tuple(f"{source['label']}: {source['title']}" for source in summary.sources))
    version = _("Version %(version)s of the questions, content %(hash)s.")
    unsigned = () if summary.signed else (_("These rules have not yet been reviewed by a clinician."),)
    yield Part(
        _("About this summary"),
        (version % {"version": summary.version, "hash": summary.hash}, *unsigned),
        (names["DocumentReference"],),
    )


def texts(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple(line_text(line) for line in lines)


def section(part: Part, language: str) -> Resource:
    entries = [{"reference": name} for name in part.entries]
    return {
        "title": part.title,
        "text": narrative(part.lines, language),
        **({"entry": entries} if entries else {}),
    }


def narrative(lines: Iterable[str], language: str, *, as_list: bool = True) -> Resource:
    """Lines as a FHIR narrative: a small XHTML tree of nothing but text, as a list or as paragraphs."""
    tag = "li" if as_list else "p"
    inner = "".join(f"<{tag}>{escape(line)}</{tag}>" for line in lines)
    inner = f"<ul>{inner}</ul>" if as_list else inner
    return {
        "status": "generated",
        "div": f'<div xmlns="{XHTML}" lang="{language}" xml:lang="{language}">{inner}</div>',
    }


def plain_text(summary: Summary, names: Mapping[str, str], *, made: datetime, by: Who, language: str) -> Resource:
    """A DocumentReference that carries the plain text itself."""
    data = as_text(summary).encode()
    return {
        "resourceType": "DocumentReference",
        "language": language,
        "status": "current",
        "docStatus": "final",
        "type": {"text": _("Summary to discuss with a doctor")},
        "subject": person("Patient"),
        "date": instant(made),
        "author": [person(WHO_KINDS[by][1])],
        "description": _("The summary as plain text"),
        "content": [
            {
                "attachment": {
                    "contentType": "text/plain; charset=utf-8",
                    "language": language,
                    "data": base64.b64encode(data).decode(),
                    "size": len(data),
                    "hash": base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode(),
                    "title": _("Summary to discuss with a doctor"),
                    "creation": instant(made),
                }
            }
        ],
        "context": {"related": [{"reference": names["QuestionnaireResponse"]}]},
    }

"""The summary as a FHIR R4 document: valid by the schema, and by the rules of documents that the schema lacks."""

import base64
import hashlib
import json
from datetime import datetime
from uuid import UUID
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from fhir.resources.R4B.bundle import Bundle as R4Bundle
from hypothesis import given

from screening.engine.reading import read_answers
from screening.fhir import checks
from screening.fhir_bundle import XHTML, as_json, narrative, summary_bundle
from screening.fhir_response import read_response
from screening.summary import summarize
from screening.text import as_text
from tests.screening.patients import RULES, VERSION_1, finished_adults, patient, patients, quick
from tests.screening.test_fhir_response import find

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=timezone.get_default_timezone())
ID = UUID("6a3b2f0e-5c7d-4e8f-9a1b-2c3d4e5f6a7b")
NARRATIVE = {f"{{{XHTML}}}{tag}" for tag in ("div", "ul", "li", "p")}  # of what one may hold, what is used here


def bundle(answers, by="patient"):
    return summary_bundle(VERSION_1, answers, id=ID, authored=NOW, made=NOW, by=by)


@pytest.fixture(scope="module")
def answers():
    return read_answers(RULES, patient(8))


@pytest.fixture
def document(answers):
    return json.loads(as_json(bundle(answers)))


def resources(document):
    return {entry["resource"]["resourceType"]: entry["resource"] for entry in document["entry"]}


def every(value, key):
    """All values of a key, however deep."""
    if isinstance(value, dict):
        yield from (value[key] for _ in [0] if key in value)
        for inner in value.values():
            yield from every(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from every(inner, key)


def document_checks(document):
    """What the schema does not see: the invariants bdl-9 to bdl-11, references, narratives, linkIds, statuses."""
    names = [entry["fullUrl"] for entry in document["entry"]]
    if document["type"] != "document" or not {"system", "value"} <= document["identifier"].keys():
        yield "a document has an identifier with system and value (bdl-9)"
    if document["entry"][0]["resource"]["resourceType"] != "Composition":
        yield "a document begins with its Composition (bdl-11)"
    if len(set(names)) != len(names):
        yield "two entries have one name (bdl-7)"
    yield from (f"{name} leads nowhere" for name in every(document, "reference") if name not in names)
    for div in every(document, "div"):
        tree = ElementTree.fromstring(div)  # noqa: S314 – our own
        if tree.tag != f"{{{XHTML}}}div" or not "".join(tree.itertext()).strip():
            yield "a narrative is one XHTML div that says something (txt-1, txt-2)"
        yield from (f"{e.tag} in a narrative" for e in tree.iter() if e.tag not in NARRATIVE)
    for section in resources(document)["Composition"]["section"]:
        if not (section.get("text") or section.get("entry")):
            yield "a section has text or entries (cmp-1)"
    if resources(document)["Composition"]["status"] not in ("preliminary", "final", "amended", "entered-in-error"):
        yield "Composition.status"
    if resources(document)["DocumentReference"]["status"] not in ("current", "superseded", "entered-in-error"):
        yield "DocumentReference.status"
    link_ids = list(every(resources(document)["QuestionnaireResponse"], "linkId"))
    if len(set(link_ids)) != len(link_ids):
        yield "a linkId is there twice"
    yield from checks(resources(document)["Questionnaire"])


@pytest.mark.parametrize("number", [number for number, _answers, _disposition in patients()])
def test_document_of_every_test_patient_is_valid(number):
    made = json.loads(as_json(bundle(read_answers(RULES, patient(number)))))
    R4Bundle.model_validate(made)
    assert list(document_checks(made)) == []


@quick
@given(finished_adults())
def test_document_of_anybody_passes_the_checks_the_schema_lacks(answers):
    assert list(document_checks(bundle(answers))) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["identifier"].pop("system"),
        lambda d: d["entry"].reverse(),
        lambda d: d["entry"][1].update(fullUrl=d["entry"][0]["fullUrl"]),
        lambda d: d["entry"][1].update(fullUrl="urn:uuid:x"),
        lambda d: d["entry"][0]["resource"]["text"].update(div="<div>x</div>"),
        lambda d: d["entry"][0]["resource"]["text"].update(div=f'<div xmlns="{XHTML}"> </div>'),
        lambda d: d["entry"][0]["resource"]["section"][0].pop("text"),
        lambda d: d["entry"][0]["resource"].update(status="done"),
        lambda d: d["entry"][2]["resource"].update(status="final"),
        lambda d: d["entry"][1]["resource"]["item"].append(d["entry"][1]["resource"]["item"][0]),
    ],
)
def test_the_checks_see_what_is_wrong(document, change):
    change(document)
    assert list(document_checks(document))


def test_answers_in_the_document_read_back_exactly(document, answers):
    assert read_response(resources(document)["QuestionnaireResponse"], find) == (1, answers)


def test_questionnaire_in_the_document_is_the_one_that_was_answered(document):
    asked = resources(document)["Questionnaire"]
    assert resources(document)["QuestionnaireResponse"]["questionnaire"] == f"{asked['url']}|{asked['version']}"


def test_plain_text_is_attached_whole(document, answers):
    attachment = resources(document)["DocumentReference"]["content"][0]["attachment"]
    data = base64.b64decode(attachment["data"], validate=True)
    assert data.decode() == as_text(summarize(VERSION_1, answers, "en"))
    assert attachment["size"] == len(data)
    assert base64.b64decode(attachment["hash"]) == hashlib.sha1(data).digest()  # noqa: S324 – FHIR asks for SHA-1


def test_every_line_of_the_summary_stands_in_the_sections(document, answers):
    summary = summarize(VERSION_1, answers, "en")
    told = " ".join(
        "".join(ElementTree.fromstring(section["text"]["div"]).itertext())  # noqa: S314 – our own
        for section in resources(document)["Composition"]["section"]
    )
    for line in (*summary.fits, *summary.talk_first, *summary.open, *summary.earlier_steps, *summary.mention):
        assert line.text in told
    for text in (*summary.questions, *summary.earlier_questions, *summary.differ, summary.hash):
        assert text in told


def test_heading_and_disclaimer_come_first(document, answers):
    summary = summarize(VERSION_1, answers, "en")
    whole = resources(document)["Composition"]
    assert whole["title"] == summary.heading
    assert summary.disclaimer in whole["text"]["div"]


def test_same_input_gives_the_same_document(answers):
    assert as_json(bundle(answers)) == as_json(bundle(answers))


def test_narrative_escapes_what_it_is_given():
    div = narrative(["a < b & 'c'"], "en")["div"]
    assert "".join(ElementTree.fromstring(div).itertext()) == "a < b & 'c'"  # noqa: S314 – our own


def test_helper_is_named_by_kind_only(answers):
    author = resources(bundle(answers, "helper"))["Composition"]["author"]
    assert author == [{"type": "RelatedPerson", "display": "Someone who helps the patient"}]

"""What only some pages show: the clinic, the facts of a kind, a clinician's remark, a story, a picture."""

import re

import pytest

from content.models.facts import LabelStatus
from tests.content.test_render import STEPS, block, claim, main_of, shown

# --- the clinic ----------------------------------------------------------------------------------------------------

CLINIC = {"clinic_name": "", "phone": "", "hours": "", "callback": False, "stated_wait": ""}


def test_clinic_shows_what_is_known_of_it_and_no_more():
    html = shown(clinic={**CLINIC, "clinic_name": "Pain <Clinic>", "hours": "8 to 5"})
    assert "Pain &lt;Clinic&gt;" in html
    assert "Open: 8 to 5" in html
    assert "Phone:" not in html
    assert "called back" not in html
    assert 'id="clinic-title"' not in shown(clinic=CLINIC)
    assert 'id="clinic-title"' not in shown()


@pytest.mark.parametrize(
    ("phone", "dialed"),
    [("(555) 010-0199", "5550100199"), ("+1 555.010.0199", "+15550100199"), ("555-PAIN", ""), ("12", "")],
)
def test_phone_can_be_called_when_it_is_a_number(phone, dialed):
    html = shown(clinic={**CLINIC, "phone": phone})
    assert phone in html
    assert (f'href="tel:{dialed}"' in html) == bool(dialed)


def test_clinic_that_calls_back_says_how_long_it_takes():
    html = shown(clinic={**CLINIC, "phone": "5550100", "callback": True, "stated_wait": "two working days"})
    assert "You may ask to be called back. How long that usually takes: two working days." in html
    assert 'href="/screening/call/"' in html
    assert 'href="/screening/call/"' not in shown(clinic={**CLINIC, "phone": "5550100"})


# --- the facts of a kind -------------------------------------------------------------------------------------------


def use(status, **more):
    return {"use": f"Use {status}", "status": status, "as_of": "2018-11-14", "claim": "", **more}


def test_medicine_shows_each_use_with_its_label_status_and_date():
    uses = [use("on-label", claim="a"), use("off-label"), use("unclear")]
    html = main_of(shown(kind="drug", slug="x", facts={"drug_uses": uses}, claims=[claim("a")]))
    assert [str(label) for label in LabelStatus.labels if str(label) in html] == [
        str(one) for one in LabelStatus.labels
    ]
    assert html.count("As of Nov. 14, 2018") == 3
    assert [status for status in LabelStatus.values if f"status--{status}" in html] == LabelStatus.values
    assert 'popovertarget="s1"' in html.split("Use off-label")[0]
    undated = main_of(shown(kind="drug", slug="x", facts={"drug_uses": [use("on-label", as_of="")]}))
    assert "Not yet checked against the label of today" in undated
    assert "Boxed warning" not in html
    assert "Emergency signs" not in html


def test_medicine_shows_its_boxed_warning_and_emergency_signs():
    facts = {"drug_facts": {"boxed_warning": "It can <stop> breath.", "emergency_signs": "Fever\n\n  Stiff <neck>\n"}}
    html = main_of(shown(kind="drug", slug="x", facts=facts))
    assert "It can &lt;stop&gt; breath." in html
    assert "<ul><li>Fever</li><li>Stiff &lt;neck&gt;</li></ul>" in html
    assert 'href="tel:911"' in html


def test_medicine_with_a_card_of_its_own_shows_the_signs_once():
    card = {**block("care-card", "<p>Slow breathing.</p>", "Now"), "subject": "emergency"}
    html = main_of(shown(card, kind="drug", slug="x", facts={"drug_facts": {"emergency_signs": "Slow breathing"}}))
    assert html.count("Slow breathing") == 1


def test_pump_type_shows_whether_it_can_be_had_and_as_of_when():
    facts = {"pump_type_facts": {"availability": "Hard to <get>.", "as_of": "2026-11-20", "claim": "a"}}
    html = main_of(shown(kind="pump-type", slug="x", facts=facts, claims=[claim("a")]))
    assert "Hard to &lt;get&gt;." in html
    assert "As of Nov. 20, 2026." in html
    facts["pump_type_facts"]["as_of"] = ""
    assert "Our sources for this bear no date." in main_of(shown(kind="pump-type", slug="x", facts=facts))
    assert 'popovertarget="s1"' in html


def test_condition_shows_how_strongly_and_by_whom_it_is_named():
    facts = {"condition_facts": {"named_by": "S0, S2,S9", "strength": "Two name it.", "claim": ""}}
    html = main_of(shown(kind="condition", slug="x", facts=facts))
    assert "Two name it." in html
    named = re.findall(r'href="/sources/#source-(\w+)">([^<]+)<', html)
    assert named == [("S0", "Label of S0"), ("S2", "Label of S2"), ("S9", "S9")]


def test_step_shows_how_long_what_happens_and_what_to_ask():
    facts = {
        "step_facts": {
            "duration": "1 to 2 hours", "claim": "", "before": "Rest.", "during": "Sleep.", "after": "Wake.",
            "ask": "Who?\nWhen?",
        }
    }  # fmt: skip
    html = main_of(shown(kind="step", slug="trial", key="trial", facts=facts, site=STEPS))
    for words in ("1 to 2 hours", "<p>Rest.</p>", "<p>Sleep.</p>", "<p>Wake.</p>", "<li>Who?</li><li>When?</li>"):
        assert words in html
    assert re.findall(r"<li(?: ([^>]*))?>Menu", html) == ['class="is-done"', 'aria-current="step"', ""]


def test_facts_come_after_the_key_points_and_before_the_first_section():
    facts = {"pump_type_facts": {"availability": "Yes.", "as_of": "2026-11-20", "claim": ""}}
    html = shown(block("key-points", "<p>k</p>"), block(heading="What", body="<p>w</p>"), facts=facts)
    assert re.findall(r'<h2 id="([^"]+)">', html) == ["at-a-glance", "what"]
    assert main_of(html).index("Key points") < main_of(html).index("At a glance")


def test_page_without_facts_has_no_place_for_them():
    assert "At a glance" not in shown(block(heading="What", body="<p>w</p>"))


# --- blocks that not every page has --------------------------------------------------------------------------------

PERSON = {"name": "Ada A", "credentials": "MD", "role": "Pain <doctor>", "interests": "None."}


def test_remark_names_the_clinician_with_role_and_interests():
    html = main_of(shown(block("callout", "<p>a</p>", person=PERSON)))
    for words in ("A clinician’s view", "Ada A, MD", "Pain &lt;doctor&gt;", "Interests: None."):
        assert words in html
    assert "A clinician’s view" not in shown(block("callout", "<p>a</p>"))


@pytest.mark.parametrize(("consent_on", "typical"), [("", "Rare."), ("2026-01-02", ""), ("", "")])
def test_story_without_consent_or_typicality_is_never_shown(consent_on, typical):
    for preview in (True, False):
        given = block("story", "<p>My story</p>", consent_on=consent_on, typical=typical)
        assert "My story" not in shown(given, preview=preview)


@pytest.mark.parametrize(("decorative", "alt"), [(False, "A round pump"), (True, "")])
def test_picture_has_its_size_and_its_alternative_text(decorative, alt):
    picture = {"hash": "ab12", "alt": "A round pump", "decorative": decorative, "width": 800, "height": 600}
    html = main_of(shown(block("figure", "<p>See.</p>", picture=picture)))
    assert f'<img src="/pictures/ab12.webp" width="800" height="600" alt="{alt}" loading="lazy">' in html
    assert "<figcaption><p>See.</p></figcaption>" in html


def test_safety_page_begins_with_whom_to_call():
    head = main_of(shown(kind="safety", slug="x")).split("</header>")[0]
    assert 'href="tel:911"' in head
    assert 'href="tel:988"' in head


def test_differences_begin_with_a_list_of_their_topics():
    topics = [{"key": key, "title": f"Topic {key}"} for key in ("a", "b", "c")]
    claims = [claim(f"c-{key}", certainty="differ", topic=key) for key in ("a", "b", "c")]
    html = main_of(shown(block("differences"), topics=topics, claims=claims))
    listed = re.findall(r'<li><a href="#(topic-[abc])">(Topic [abc])</a></li>', html)
    assert listed == [(f"topic-{key}", f"Topic {key}") for key in ("a", "b", "c")]
    assert [html.count(f'id="{anchor}"') for anchor, _title in listed] == [1, 1, 1]

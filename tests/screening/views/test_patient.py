"""The patient's way through the screening: every page, every redirect, what is kept and what never leaves."""

import copy
import logging
import re
from contextlib import contextmanager
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from screening import answers, published
from screening.actions import publish_questionnaire
from screening.answers import AWAKE, COOKIE, Visit, seal
from screening.definition import read_folder
from screening.engine.reading import read_answers
from tests.conftest import BASE

pytestmark = pytest.mark.usefixtures("questionnaire")

START, CHECK = "/screening/", "/screening/check/"
SUMMARY, HELP, UNDER_18 = "/screening/summary/", "/screening/help-now/", "/screening/under-18/"
FIRST = "urgent-signs"
SEEN = re.compile(r'(?:href|action|src)="([^"]*)"')


def at(link_id):
    return reverse("screening:question", args=[link_id])


def hold(client, given, **visit):
    """Put these answers on the patient's device."""
    ruleset = published.version(1).ruleset
    client.cookies[COOKIE] = seal(Visit(1, read_answers(ruleset, given), **visit))


def held(client) -> Visit:
    """What the patient's device holds now."""
    return answers.read(SimpleNamespace(COOKIES={COOKIE: client.cookies[COOKIE].value}))


def age_cookie(client, seconds):
    """Make the cookie as old as this."""
    fernet, token = answers.fernet(), client.cookies[COOKIE].value
    client.cookies[COOKIE] = fernet.encrypt_at_time(
        fernet.decrypt(token), fernet.extract_timestamp(token) - seconds
    ).decode()


def post(client, link_id, *codes, run=None):
    return client.post(at(link_id), {"answer": codes, "run": held(client).run if run is None else run})


def answer_as_base(client, path):
    """Answer the question at this address as base B does."""
    link_id = path.split("/")[-2]
    answer = BASE[link_id]
    return post(client, link_id, *([answer] if isinstance(answer, str) else answer))


def without(*link_ids, **changes):
    """Base B with some answers left out and some changed (underscores for hyphens)."""
    changed = {**BASE, **{link_id.replace("_", "-"): value for link_id, value in changes.items()}}
    return {link_id: value for link_id, value in changed.items() if link_id not in link_ids}


def upto(link_id):
    """Base B up to just before this question."""
    asked = list(published.version(1).ruleset.by_link_id)
    return {other: BASE[other] for other in asked[: asked.index(link_id)] if other in BASE}


def text(response):
    return response.content.decode()


def wording(language="en"):
    return published.version(1).wording(language)


@pytest.fixture
def finished(client):
    """A patient who has answered everything as base B."""
    hold(client, BASE)
    return client


@contextmanager
def database_down():
    """In here, the database does not answer."""

    def down(*args, **kwargs):
        raise OperationalError("the database is down")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("cursor", "ensure_connection", "connect"):
            patch.setattr(connection, name, down)
        yield


# --- the way through -----------------------------------------------------------------------------------------------


def test_whole_way_leads_from_start_to_summary(client):
    response = client.post(START)
    seen = []
    while response.url != CHECK:
        link_id = response.url.split("/")[-2]
        seen.append(link_id)
        assert client.get(response.url).status_code == 200
        response = answer_as_base(client, response.url)
        assert response.status_code == 302
    assert seen == [link_id for link_id in published.version(1).ruleset.by_link_id if link_id in BASE]
    assert client.get(CHECK).status_code == 200
    assert client.get(SUMMARY).status_code == 200


def test_start_page_says_what_it_is_and_what_it_is_not(client):
    page = text(client.get(START))
    for words in ("not medical advice", "makes no diagnosis", "We keep no copy", 'href="tel:911"', 'href="tel:988"'):
        assert words in page
    assert f"{len(published.version(1).ruleset.questions)} questions" in page


def test_start_sets_one_locked_cookie_and_no_session(client):
    response = client.post(START)
    cookie = response.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == cookie["expires"] == ""  # gone when the browser is closed
    assert set(response.cookies) == {COOKIE}
    assert response.url == at(FIRST)


def test_start_offers_to_go_on_where_the_patient_was(client):
    hold(client, upto("pain-severity"))
    page = text(client.get(START))
    assert f'href="{at("pain-severity")}"' in page
    assert "Go on where you were" in page


def test_start_offers_nothing_to_go_on_with_before_the_first_answer(client):
    client.post(START)
    assert "Go on where you were" not in text(client.get(START))


def test_starting_again_forgets_the_answers_and_changes_the_run(finished):
    before = held(finished).run
    finished.post(START)
    assert held(finished).answers == {}
    assert held(finished).run != before


def test_question_page_asks_explains_and_shows_progress(client):
    hold(client, upto("pain-duration"))
    page = text(client.get(at("pain-duration")))
    row = wording().tables["question"]["pain-duration"]
    for words in (row["text"], row["hint"], row["why"], *row["options"].values(), "Why we ask", 'aria-current="step"'):
        assert words in page


def test_summary_shows_disposition_answers_sources_version_and_hash(finished):
    page = text(finished.get(SUMMARY))
    words, ruleset = wording(), published.version(1).ruleset
    assert words.of("disposition", "talk", "heading") in page
    assert words.tables["disclaimer"]["text"] in page
    assert ruleset.hash[:12] in page
    assert f"version {ruleset.version}" in page
    assert page.count("Says who:") > 3
    assert 'data-criterion="failed-back-surgery"' in page


def test_head_is_answered_like_get_without_a_body(finished):
    for path in (START, at("age"), CHECK, SUMMARY, "/screening/left/"):
        response = finished.head(path)
        assert (response.status_code, response.content) == (200, b"")


# --- every redirect ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [CHECK, SUMMARY, HELP, UNDER_18, "/screening/question/age/"])
def test_without_answers_every_page_leads_to_the_start(client, path):
    response = client.get(path)
    assert (response.status_code, response.url) == (302, START)


def test_posting_an_answer_without_a_start_leads_to_the_start(client):
    response = client.post(at("age"), {"answer": "18-or-over", "run": ""})
    assert (response.status_code, response.url) == (302, START)
    assert COOKIE not in response.cookies


@pytest.mark.parametrize("path", [CHECK, SUMMARY, HELP, UNDER_18, "/screening/question/other-conditions/"])
def test_unfinished_screening_leads_to_the_next_question(client, path):
    hold(client, upto("pain-causes"))
    assert client.get(path).url == at("pain-causes")


def test_question_that_is_not_asked_leads_to_the_next_one(client):
    hold(client, without("other-conditions"))
    assert client.get(at("spasticity-causes")).url == at("other-conditions")


def test_answer_to_a_question_that_is_not_asked_is_not_kept(client):
    hold(client, without("other-conditions"))
    assert post(client, "spasticity-severity", "severe").url == at("other-conditions")
    assert "spasticity-severity" not in held(client).answers


@pytest.mark.parametrize("path", [HELP, UNDER_18, "/screening/question/spasticity-causes/"])
def test_finished_screening_leads_from_pages_that_do_not_fit_to_check(finished, path):
    assert finished.get(path).url == CHECK


@pytest.mark.parametrize("path", [CHECK, SUMMARY, HELP, "/screening/question/main-problem/"])
def test_under_18_is_led_to_the_page_for_minors(client, path):
    hold(client, {"urgent-signs": ["none"], "answering-for": "myself", "age": "under-18"})
    assert client.get(path).url == UNDER_18


@pytest.mark.parametrize("path", [CHECK, SUMMARY, UNDER_18, "/screening/question/age/"])
def test_urgent_sign_leads_every_page_to_help(client, path):
    hold(client, without(urgent_signs=["bladder-bowel"]))
    assert client.get(path).url == HELP


def test_leaving_clears_the_cookie_and_leads_to_a_goodbye(finished):
    response = finished.post("/screening/leave/")
    assert response.url == "/screening/left/"
    assert response.cookies[COOKIE].value == ""
    assert response.cookies[COOKIE]["max-age"] == 0
    assert finished.get(response.url).status_code == 200


def test_looking_at_the_address_of_leaving_clears_nothing(finished):
    response = finished.get("/screening/leave/")
    assert response.status_code in (302, 405)
    assert COOKIE not in response.cookies


# --- headers and addresses -----------------------------------------------------------------------------------------


def every_kind_of_answer(client):
    """(what, response) for each page and each way a page can answer."""
    yield "start", client.get(START)
    yield "no visit", client.get(CHECK)
    yield "begun", client.post(START)
    yield "question", client.get(at(FIRST))
    yield "invalid", post(client, FIRST)
    yield "other tab", post(client, FIRST, "none", run="0" * 12)
    yield "kept", post(client, FIRST, "none")
    yield "not yet", client.get(at("age"))
    hold(client, without(urgent_signs=["breathing"]))
    yield "help now", client.get(HELP)
    hold(client, without(age="under-18"))
    yield "under 18", client.get(UNDER_18)
    hold(client, BASE)
    yield "check", client.get(CHECK)
    yield "summary", client.get(SUMMARY)
    yield "leave", client.post("/screening/leave/")
    yield "left", client.get("/screening/left/")
    hold(client, BASE)
    age_cookie(client, 31 * 60)
    yield "expired", client.get(CHECK)
    client.cookies[COOKIE] = "damaged"
    yield "unreadable", client.get(CHECK)


def test_nothing_of_any_answer_is_kept_by_browsers_or_proxies(client):
    for what, response in every_kind_of_answer(client):
        assert response.headers["Cache-Control"] == "private, no-store", what


def test_no_page_is_indexed_or_framed_or_leaks_its_address(client):
    for what, response in every_kind_of_answer(client):
        assert response.headers["X-Frame-Options"] == "DENY", what
        assert response.headers["Referrer-Policy"] == "same-origin", what
        if response.content:
            assert '<meta name="robots" content="noindex">' in text(response), what


def test_no_page_loads_anything_from_elsewhere(client):
    for what, response in every_kind_of_answer(client):
        for address in SEEN.findall(text(response)):
            assert re.match(r"/(?!/)|#|tel:|sms:|data:image/svg", address), what


TAKE = ("take-text", "take-pdf", "take-json", "take-large")


def test_no_address_ever_holds_an_answer(client):
    allowed = {START, CHECK, SUMMARY, HELP, UNDER_18, "/screening/leave/", "/screening/left/"}
    allowed |= {at(link_id) for link_id in published.version(1).ruleset.by_link_id}
    allowed |= {reverse(f"screening:{name}") for name in ("send", "call", "how-this-works", *TAKE)}
    allowed |= {reverse("screening:how-version-works", args=[1])}
    for what, response in every_kind_of_answer(client):
        addresses = [*SEEN.findall(text(response)), response.headers.get("Location", START)]
        for address in addresses:
            parts = urlsplit(address)
            assert parts.query == "", what
            if parts.path.startswith(START):
                assert parts.path in allowed, what


def test_every_form_sends_its_answers_in_the_body(client):
    for what, response in every_kind_of_answer(client):
        for form in re.findall(r"<form[^>]*>", text(response)):
            assert 'method="post"' in form, what


def test_page_made_once_holds_nobody_elses_token_or_run(client):
    other = Client()
    client.post(START)
    other.post(START)
    mine, theirs = text(client.get(at(FIRST))), text(other.get(at(FIRST)))
    assert held(client).run in mine
    assert held(client).run not in theirs
    tokens = [set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)) for page in (mine, theirs)]
    assert all(tokens)
    assert tokens[0].isdisjoint(tokens[1])


def test_question_page_works_with_its_own_token_under_csrf_checks():
    client = Client(enforce_csrf_checks=True)
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', text(client.get(START)))[1]
    assert client.post(START, {"csrfmiddlewaretoken": token}).status_code == 302
    page = text(client.get(at(FIRST)))
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    data = {"csrfmiddlewaretoken": token, "run": held(client).run, "answer": "none"}
    assert client.post(at(FIRST), data).url == at("answering-for")


# --- what is wrong, said kindly ------------------------------------------------------------------------------------


def test_question_without_an_answer_comes_back_as_422_with_what_to_do(client):
    hold(client, upto("pain-duration"))
    response = post(client, "pain-duration")
    page = text(response)
    assert response.status_code == 422
    assert "<title>Error:" in page
    assert 'role="alert"' in page
    assert f'<a href="#id_answer_0">{wording().of("question", "pain-duration", "error")}</a>' in page
    assert 'id="id_answer_0"' in page
    assert "pain-duration" not in held(client).answers


def test_answer_from_an_earlier_start_is_refused_as_409_and_not_kept(client):
    client.post(START)
    old = held(client).run
    client.post(START)
    response = post(client, FIRST, "breathing", run=old)
    assert response.status_code == 409
    assert f'href="{at(FIRST)}"' in text(response)
    assert held(client).answers == {}


def test_answers_past_the_idle_limit_are_410_and_cleared(finished, settings):
    age_cookie(finished, settings.ANSWERS_IDLE_SECONDS + 5)
    response = finished.get(SUMMARY)
    assert response.status_code == 410
    assert "Your answers were cleared" in text(response)
    assert response.cookies[COOKIE]["max-age"] == 0


def test_answers_just_within_the_idle_limit_can_be_read(finished, settings):
    age_cookie(finished, settings.ANSWERS_IDLE_SECONDS - 60)
    assert finished.get(SUMMARY).status_code == 200


def test_looking_at_pages_renews_the_idle_limit_but_not_every_second(finished):
    assert AWAKE not in finished.get(CHECK).cookies
    age_cookie(finished, 90)
    assert AWAKE in finished.get(CHECK).cookies
    assert AWAKE not in finished.get(CHECK).cookies
    age_cookie(finished, 3600)
    assert finished.get(CHECK).status_code == 200


@pytest.mark.parametrize("path", [CHECK, SUMMARY, "/screening/take/summary.pdf"])
def test_late_page_cannot_bring_back_answers_that_were_cleared(finished, path):
    age_cookie(finished, 90)
    late = finished.get(path)
    assert (late.status_code, COOKIE in late.cookies) == (200, False)


def test_damaged_cookie_is_a_kind_400_and_is_removed(finished):
    finished.cookies[COOKIE] = "damaged"
    response = finished.get(CHECK)
    assert response.status_code == 400
    assert "Start again" in text(response)
    assert response.cookies[COOKIE]["max-age"] == 0


def test_start_page_opens_whatever_the_cookie_holds(finished):
    age_cookie(finished, 3600)
    assert finished.get(START).status_code == 200
    finished.cookies[COOKIE] = "damaged"
    assert finished.get(START).status_code == 200


def test_unknown_question_is_404(finished):
    for response in (finished.get(at("shoe-size")), finished.post(at("shoe-size"), {"answer": "42"})):
        assert response.status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [("put", "/screening/leave/"), ("post", CHECK), ("post", SUMMARY), ("post", HELP), ("post", "/screening/left/")],
)
def test_wrong_method_is_405_and_touches_nothing(finished, method, path):
    response = getattr(finished, method)(path)
    assert response.status_code == 405
    assert COOKIE not in response.cookies


def test_an_old_key_still_opens_and_the_newest_seals(finished, settings):
    from cryptography.fernet import Fernet

    old, new = settings.ANSWERS_KEYS[0], Fernet.generate_key().decode()
    settings.ANSWERS_KEYS = [new, old]
    assert finished.get(CHECK).status_code == 200
    post(finished, "refills", "with-help")
    settings.ANSWERS_KEYS = [new]
    assert held(finished).answers["refills"] == ("with-help",)


# --- Back and Change -----------------------------------------------------------------------------------------------


def back_of(client, link_id):
    return re.search(r'class="back-link" href="([^"]+)"', text(client.get(at(link_id))))[1]


@pytest.mark.parametrize(
    ("link_id", "leads_to"),
    [
        (FIRST, START),
        ("answering-for", at(FIRST)),
        ("age", at("answering-for")),
        ("around-the-clock", at("opioid-history")),  # opioid-now and opioid-switched are not asked
        ("infection", at("pain-control")),  # nothing about spasticity is asked
        ("refills", at("serious-illness")),
    ],
)
def test_back_leads_to_the_question_asked_before(client, link_id, leads_to):
    hold(client, upto(link_id))
    assert back_of(client, link_id) == leads_to


def test_back_from_a_changed_answer_leads_to_check(finished):
    assert back_of(finished, "age") == CHECK


def test_back_from_the_page_for_minors_and_from_the_summary(finished):
    assert f'class="back-link" href="{CHECK}"' in text(finished.get(SUMMARY))
    hold(finished, without(age="under-18"))
    assert f'class="back-link" href="{at("age")}"' in text(finished.get(UNDER_18))


def test_going_back_shows_the_answer_given(finished):
    page = text(finished.get(at("pain-severity")))
    assert re.search(r'value="severe" id="[^"]+" checked', page)
    assert page.count(" checked") == 1


def test_check_lists_every_answer_with_a_way_to_change_it(finished):
    page = text(finished.get(CHECK))
    for link_id in BASE:
        assert f'href="{at(link_id)}"' in page
        assert wording().of("question", link_id, "short") in page


def test_change_leads_straight_back_to_check(finished):
    assert post(finished, "refills", "with-help").url == CHECK
    assert held(finished).answers["refills"] == ("with-help",)


def test_change_that_opens_a_question_leads_there_and_then_to_check(finished):
    assert post(finished, "serious-illness", "yes").url == at("life-expectancy")
    assert finished.get(SUMMARY).url == at("life-expectancy")
    assert post(finished, "life-expectancy", "not-sure").url == CHECK


def test_invalid_change_keeps_the_earlier_answer(finished):
    assert post(finished, "pain-causes", "crps", "not-sure").status_code == 422
    assert held(finished).answers["pain-causes"] == ("failed-back-surgery",)


def test_answer_no_longer_asked_is_absent_and_comes_back(client):
    hold(client, without(opioid_history="helped", opioid_now="wearing-off", opioid_switched="yes"))
    shorts = [wording().of("question", link_id, "short") for link_id in ("opioid-now", "opioid-switched")]
    assert 'data-criterion="opioid-relief-then-trouble"' in text(client.get(SUMMARY))

    assert post(client, "opioid-history", "never-taken").url == CHECK
    for page in (text(client.get(CHECK)), text(client.get(SUMMARY))):
        assert not any(f"<dt>{short}</dt>" in page for short in shorts)
    assert 'data-criterion="opioid-relief-then-trouble"' not in text(client.get(SUMMARY))

    assert post(client, "opioid-history", "helped").url == CHECK  # nothing is asked twice
    for page in (text(client.get(CHECK)), text(client.get(SUMMARY))):
        assert all(f"<dt>{short}</dt>" in page for short in shorts)


def test_visit_stays_with_the_version_it_began_with(finished):
    snapshot = copy.deepcopy(read_folder())
    snapshot["rules"]["version"] = 2
    snapshot["wording"]["en"]["question"]["age"]["text"] = "Which age group are you in?"
    publish_questionnaire(snapshot, by=None, at=timezone.now(), note="A test")
    published.in_use_shelf.forget()
    assert "How old are you?" in text(finished.get(at("age")))
    assert "version 1" in text(finished.get(SUMMARY))
    finished.post(START)
    assert held(finished).version == 2


# --- answering for someone else ------------------------------------------------------------------------------------


@pytest.mark.parametrize("link_id", ["age", "main-problem", "pain-duration", "pain-severity", "infection", "refills"])
def test_someone_else_is_asked_about_in_the_third_person(client, link_id):
    hold(client, without(answering_for="someone-else"))
    row = wording().tables["question"][link_id]
    page = text(client.get(at(link_id)))
    assert row["text_other"] in page
    assert row["text"] not in page


def test_someone_else_is_named_in_errors_check_and_summary(client):
    hold(client, without(answering_for="someone-else"))
    assert wording().of("question", "age", "error_other") in text(post(client, "age"))
    page = text(client.get(CHECK))
    assert "Check the answers" in page
    assert "About them" in page
    assert "answered by someone else for the person" in text(client.get(SUMMARY))


def test_changing_who_the_answers_are_about_changes_the_words_at_once(client):
    hold(client, without(answering_for="someone-else"))
    post(client, "answering-for", "myself")
    assert "How old are you?" in text(client.get(at("age")))


# --- urgent signs and minors ---------------------------------------------------------------------------------------

EMERGENCY = ("breathing", "new-leg-weakness", "bladder-bowel", "fever-stiff-neck", "seizure-or-confusion")


@pytest.mark.parametrize(
    ("ticked", "cards"),
    [
        *[((code,), ("emergency",)) for code in EMERGENCY],
        (("self-harm",), ("crisis",)),
        (("pump-problem",), ("pump",)),
        (("breathing", "pump-problem"), ("emergency", "pump")),
        (("breathing", "self-harm", "pump-problem"), ("emergency", "crisis", "pump")),
    ],
)
def test_urgent_stop_shows_the_help_for_what_was_ticked_and_no_other(client, ticked, cards):
    client.post(START)
    assert post(client, FIRST, *ticked).url == HELP
    page = text(client.get(HELP))
    for name, card in wording().tables["urgent"].items():
        assert (f'id="card-{name}"' in page) == (name in cards)
        assert (card["title"] in page) == (name in cards)
        for code, sign in card["signs"].items():
            assert (f"<li>{sign}</li>" in page) == (code in ticked)


def test_crisis_offers_988_by_call_and_text(client):
    hold(client, {FIRST: ["self-harm"]})
    card = text(client.get(HELP)).split('id="card-crisis"')[1].split("</section>")[0]
    assert 'href="tel:988"' in card
    assert 'href="sms:988"' in card


def test_urgent_answer_can_be_changed_and_the_rest_is_still_there(client):
    hold(client, BASE)
    assert post(client, FIRST, "fever-stiff-neck").url == HELP
    assert client.get(at(FIRST)).status_code == 200
    assert f'href="{at(FIRST)}"' in text(client.get(HELP))
    assert post(client, FIRST, "none").url == CHECK
    assert held(client).answers["refills"] == ("yes",)


def test_urgent_stop_accepts_no_other_answer(client):
    hold(client, without(urgent_signs=["breathing"]))
    assert post(client, "refills", "no").url == HELP
    assert held(client).answers["refills"] == ("yes",)


def test_under_18_gets_education_and_no_summary(client):
    hold(client, {FIRST: ["none"], "answering-for": "myself"})
    assert post(client, "age", "under-18").url == UNDER_18
    page = text(client.get(UNDER_18))
    assert wording().tables["under_18"]["title"] in page
    assert f"Says who: {wording().of('source', 'label-baclofen', 'title')}" in page
    assert f'href="{at("age")}"' in page
    assert "summary" not in page.lower()
    assert post(client, "age", "18-or-over").url == at("main-problem")


# --- nothing stored, nothing logged, no database -------------------------------------------------------------------


def test_question_page_and_answer_cost_no_query_when_warm(client, django_assert_num_queries):
    hold(client, upto("pain-severity"))
    client.get(at("pain-severity"))
    with django_assert_num_queries(0):
        assert client.get(at("pain-severity")).status_code == 200
        assert post(client, "pain-severity").status_code == 422
        assert post(client, "pain-severity", "severe").status_code == 302


def test_check_summary_and_start_cost_no_query_when_warm(finished, django_assert_num_queries, settings):
    settings.PUBLISHED_CHECK_SECONDS = 3600
    finished.get(START)
    with django_assert_num_queries(0):
        for path in (START, CHECK, SUMMARY, "/screening/left/"):
            assert finished.get(path).status_code == 200


def test_new_process_reads_its_version_with_one_query_and_what_is_in_use_with_another(
    finished, django_assert_num_queries
):
    published.version.cache_clear()
    published.in_use_shelf.forget()
    with django_assert_num_queries(2):
        finished.get(at("age"))


def test_whole_screening_works_with_the_database_down_when_warm(client, settings):
    client.get(START)
    settings.PUBLISHED_CHECK_SECONDS = 0  # every look asks the database anew, and gets no answer
    with database_down():
        assert client.get(START).status_code == 200
        response = client.post(START)
        while response.url != CHECK:
            assert client.get(response.url).status_code == 200
            response = answer_as_base(client, response.url)
        assert client.get(CHECK).status_code == 200
        assert client.get(SUMMARY).status_code == 200
        assert client.post("/screening/leave/").status_code == 302


def test_database_that_is_down_is_really_not_asked(client):
    with database_down(), pytest.raises(OperationalError):
        published.current()


@pytest.fixture
def logs(caplog):
    """All that is logged at any level, also by Django, which does not propagate to where caplog listens."""
    caplog.set_level(logging.DEBUG)
    django = logging.getLogger("django")
    django.addHandler(caplog.handler)
    yield lambda: "\n".join(f"{r.getMessage()} {r.args} {r.exc_text}" for r in caplog.records)
    django.removeHandler(caplog.handler)


def test_logs_hold_nothing_of_the_answers(client, logs):
    told = {"pain_causes": ["crps", "arachnoiditis"], "substance_use": "active-untreated", "depression": "past"}
    hold(client, without("surgery-outlook", **told, serious_illness="yes", life_expectancy="under-6-months"))
    for path in (CHECK, SUMMARY, at("life-expectancy")):
        client.get(path)
    post(client, "pain-causes", "crps", "not-sure")
    post(client, "substance-use", "in-treatment", run="0" * 12)
    post(client, "refills", "call-5551234")
    client.post(at("refills"), b"answer=not-willing&run=%00", content_type="text/plain")
    post(client, FIRST, "self-harm")
    client.get(HELP)
    sealed = client.cookies[COOKIE].value
    client.cookies[COOKIE] = sealed[:-9]
    client.get(CHECK)
    logged = logs()
    assert "Unprocessable" in logged  # the logs were listened to
    codes = {"crps", "arachnoiditis", "untreated", "in-treatment", "under-6", "not-willing", "self-harm", "5551234"}
    labels = {wording().option("pain-causes", "crps"), wording().option("life-expectancy", "under-6-months")}
    assert not {secret for secret in {*codes, *labels, sealed[:40]} if secret in logged}


def test_cookie_tells_nothing_by_its_length(client):
    lengths = set()
    for given in ({}, {FIRST: ["none"]}, BASE, without(pain_causes=["crps", "cancer", "arachnoiditis"])):
        hold(client, given)
        lengths.add(len(client.cookies[COOKIE].value))
    assert len(lengths) == 1

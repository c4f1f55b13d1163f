"""Whatever comes in, the screening answers kindly: a page that says what to do, never a 500, nothing lost."""

import re
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from cryptography.fernet import Fernet
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening import answers, published
from screening.answers import COOKIE, Visit, fernet, seal
from screening.engine.reading import read_answers
from screening.packing import size
from tests.conftest import BASE

pytestmark = pytest.mark.usefixtures("questionnaire")

START, CHECK = "/screening/", "/screening/check/"
PAGES = (CHECK, "/screening/summary/", "/screening/help-now/", "/screening/under-18/", "/screening/question/age/")
EVERY_PATH = (START, *PAGES, "/screening/leave/", "/screening/left/")
RUN = "0123456789abcdef" * 2
quick = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def at(link_id):
    return reverse("screening:question", args=[link_id])


def visitor(given_answers=BASE, **options) -> Client:
    """A patient's browser that holds these answers."""
    client = Client(**options)
    ruleset = published.version(1).ruleset
    client.cookies[COOKIE] = seal(Visit(1, read_answers(ruleset, given_answers), RUN))
    return client


def with_cookie(value) -> Client:
    """A browser that sends just this as the answers cookie."""
    return Client(headers={"cookie": f"{COOKIE}={value.encode().decode('latin-1')}"})


def held(client):
    return answers.read(SimpleNamespace(COOKIES={COOKIE: client.cookies[COOKIE].value})).answers


def sealed(raw: bytes) -> str:
    return fernet().encrypt(raw).decode()


def text(response):
    return response.content.decode()


def kind(response):
    """A 4xx or a way on, and where there is a page, one of ours."""
    assert 300 <= response.status_code < 500
    if response.status_code in (400, 403, 404, 409, 410, 413, 422):
        assert "Pump Guide" in text(response)
        assert "<h1>" in text(response)
    return True


# --- cookies -------------------------------------------------------------------------------------------------------


def bad_cookies():
    """(what is wrong, the cookie's value), for cookies that nobody's browser should hold."""
    ruleset = published.version(1).ruleset
    good = seal(Visit(1, read_answers(ruleset, BASE), RUN))
    head = (1).to_bytes(2, "big") + bytes.fromhex(RUN)
    yield "empty", ""
    yield "one letter", "x"
    yield "other words", "hello; Path=/"
    yield "JSON", '{"age":"18-or-over"}'
    yield "a number", "0"
    yield "truncated", good[:-1]
    yield "half", good[: len(good) // 2]
    yield "one letter changed", good[:50] + ("A" if good[50] != "A" else "B") + good[51:]
    yield "other key", Fernet(Fernet.generate_key()).encrypt(head + bytes(size(ruleset))).decode()
    yield "other version", sealed((99).to_bytes(2, "big") + bytes.fromhex(RUN) + bytes(size(ruleset)))
    yield "version 0", sealed(bytes(8 + size(ruleset)))
    yield "nothing inside", sealed(b"")
    yield "no run", sealed(b"\x00\x01")
    yield "no answers", sealed(head)
    yield "one byte short", sealed(head + bytes(size(ruleset) - 1))
    yield "one byte long", sealed(head + bytes(size(ruleset) + 1))
    yield "no such options", sealed(head + b"\xff" * size(ruleset))
    yield "oversized", "g" * 100_000
    yield "oversized inside", sealed(head + bytes(50_000))
    yield "NUL", "gAAA\x00AAA"
    yield "quoted NUL", '"gAAA\\000AAA"'
    yield "snowman", "gAAAA☃"
    yield "percent", "%00%ff%0d%0aSet-Cookie:x"


def test_damaged_cookie_gives_a_kind_page_and_is_removed():
    for what, value in bad_cookies():
        for path in PAGES:
            response = with_cookie(value).get(path)
            assert response.status_code == 400, what
            assert "Start again" in text(response), what
            assert response.cookies[COOKIE]["max-age"] == 0, what


def test_damaged_cookie_never_breaks_start_post_or_leave():
    for what, value in bad_cookies():
        assert with_cookie(value).get(START).status_code == 200, what
        assert with_cookie(value).post(START).status_code == 302, what
        assert with_cookie(value).post("/screening/leave/").status_code == 302, what
        assert with_cookie(value).post(at("age"), {"answer": "18-or-over"}).status_code == 400, what


def test_good_cookie_opens_so_the_damaged_ones_could_have_too():
    good = seal(Visit(1, read_answers(published.version(1).ruleset, BASE), RUN))
    assert with_cookie(good).get(CHECK).status_code == 200


@quick
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=200))
def test_any_text_as_cookie_is_a_kind_answer(value):
    for path in (START, CHECK):
        response = with_cookie(value).get(path)
        assert response.status_code < 500


@quick
@given(st.binary(max_size=40))
def test_any_bytes_under_our_own_key_are_a_kind_answer(raw):
    response = with_cookie(sealed(raw)).get(CHECK)
    assert kind(response)


@settings(quick, max_examples=60)
@given(st.data())
def test_any_mix_of_answers_shows_every_page_or_leads_on(data):
    """Also mixes that no way through the questions can give: a version's answers may come in any order."""
    ruleset = published.version(1).ruleset
    mixed = {}
    for question in ruleset.questions:
        codes = [code for code in question.codes if question.type == "single" or code not in question.exclusive_codes]
        given_codes = st.lists(st.sampled_from(codes), min_size=1, max_size=3 if question.type == "multi" else 1)
        chosen = data.draw(st.none() | given_codes.map(lambda drawn: tuple(dict.fromkeys(drawn))))
        if chosen:
            mixed[question.link_id] = tuple(code for code in question.codes if code in chosen)
    client = Client()
    client.cookies[COOKIE] = seal(Visit(1, mixed, RUN))
    response = client.get(data.draw(st.sampled_from(PAGES)))
    if response.status_code == 302:
        response = client.get(response.url)
    assert response.status_code == 200


# --- posted forms --------------------------------------------------------------------------------------------------

ODD_ANSWERS = {
    "no answer": {},
    "empty answer": {"answer": ""},
    "unknown code": {"answer": "maybe"},
    "two for one": {"answer": ["yes", "no"]},
    "the same twice": {"answer": ["yes", "yes"]},
    "label instead of code": {"answer": "Yes"},
    "other case": {"answer": "YES"},
    "space around": {"answer": " yes "},
    "NUL": {"answer": "yes\x00"},
    "line break": {"answer": "yes\r\nno"},
    "very long": {"answer": "y" * 100_000},
    "markup": {"answer": "<script>alert(1)</script>"},
    "percent": {"answer": "%s%(value)s%"},
    "braces": {"answer": "{{ form }}{% csrf_token %}"},
    "right-to-left": {"answer": "\u202eyes"},
    "astral": {"answer": "😀" * 50},
    "list syntax": {"answer[]": "yes"},
    "number": {"answer": 1},
    "many answers": {"answer": ["yes"] * 1000},
}


@pytest.mark.parametrize("what", ODD_ANSWERS)
def test_answer_that_cannot_be_is_422_and_changes_nothing(what):
    client = visitor()
    response = client.post(at("refills"), {"run": RUN, **ODD_ANSWERS[what]})
    assert response.status_code == 422
    assert 'href="#id_answer_0"' in text(response)
    assert "<script>alert" not in text(response)
    assert held(client)["refills"] == ("yes",)


@pytest.mark.parametrize("run", ["", "0", "x" * 10_000, "\x00", RUN.upper() + " ", "<b>", "0123456789aB"])
def test_run_that_is_not_ours_is_409_and_changes_nothing(run):
    client = visitor()
    response = client.post(at("refills"), {"answer": "no", "run": run})
    assert response.status_code == 409
    assert kind(response)
    assert held(client)["refills"] == ("yes",)


@quick
@given(
    st.sampled_from(["urgent-signs", "age", "pain-causes", "refills", "life-expectancy"]),
    st.dictionaries(st.text(max_size=20), st.lists(st.text(max_size=30), max_size=3), max_size=6),
    st.lists(st.text(max_size=30), max_size=4),
    st.booleans(),
)
def test_any_fields_get_a_kind_answer(link_id, fields, chosen, right_run):
    response = visitor().post(at(link_id), {**fields, "answer": chosen, "run": RUN if right_run else "old"})
    assert kind(response)


BODIES = {
    "plain text": (b"answer=no", "text/plain"),
    "JSON": (b'{"answer": "no"}', "application/json"),
    "broken JSON": (b'{"answer": ', "application/json"),
    "XML": (b"<answer>no</answer>", "application/xml"),
    "no content type": (b"answer=no", ""),
    "nonsense content type": (b"answer=no", ";;;/=\x01"),
    "multipart without boundary": (b"answer=no", "multipart/form-data"),
    "multipart with an empty boundary": (b"answer=no", "multipart/form-data; boundary="),
    "multipart cut short": (
        b'--B\r\nContent-Disposition: form-data; name="answer"\r\n\r\nno',
        "multipart/form-data; boundary=B",
    ),
    "multipart with bad base64": (
        b'--B\r\nContent-Disposition: form-data; name="answer"\r\nContent-Transfer-Encoding: base64\r\n'
        b"\r\n!\r\n--B--\r\n",
        "multipart/form-data; boundary=B",
    ),
    "a file": (
        b'--B\r\nContent-Disposition: form-data; name="answer"; filename="no"\r\n\r\nno\r\n--B--\r\n',
        "multipart/form-data; boundary=B",
    ),
    "boundary that is not ASCII": (b"answer=no", "multipart/form-data; boundary=\xff"),
    "bytes that are not UTF-8": (b"answer=\xff\xfe&run=\xff", "application/x-www-form-urlencoded"),
    "broken escapes": (b"answer=%&run=%zz%", "application/x-www-form-urlencoded"),
    "other charset": (b"answer=no", "application/x-www-form-urlencoded; charset=utf-16"),
    "no such charset": (b"answer=no", "application/x-www-form-urlencoded; charset=klingon"),
    "only separators": (b"&&&===&;;", "application/x-www-form-urlencoded"),
    "empty": (b"", "application/x-www-form-urlencoded"),
}


@pytest.mark.parametrize("what", BODIES)
def test_body_that_is_no_form_of_ours_gets_a_kind_answer_and_changes_nothing(what):
    body, content_type = BODIES[what]
    client = visitor()
    assert kind(client.generic("POST", at("refills"), body, content_type))
    assert held(client)["refills"] == ("yes",)


@quick
@given(st.binary(max_size=300), st.sampled_from([content_type for _body, content_type in BODIES.values()]))
def test_any_body_gets_a_kind_answer(body, content_type):
    assert kind(visitor().generic("POST", at("refills"), body, content_type))


TOO_MUCH = {
    "a large field": (b"answer=" + b"x" * 1024 * 1024, "application/x-www-form-urlencoded"),
    "many fields": (b"&".join(b"a%d=1" % n for n in range(2001)), "application/x-www-form-urlencoded"),
    "a large part": (
        b'--B\r\nContent-Disposition: form-data; name="answer"\r\n\r\n' + b"x" * 1024 * 1025 + b"\r\n--B--\r\n",
        "multipart/form-data; boundary=B",
    ),
    "many files": (
        b"".join(b'--B\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nx\r\n' for _ in range(101))
        + b"--B--\r\n",
        "multipart/form-data; boundary=B",
    ),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_post_that_is_too_much_is_413_with_a_kind_page(what):
    body, content_type = TOO_MUCH[what]
    client = visitor()
    response = client.generic("POST", at("refills"), body, content_type)
    assert kind(response)
    assert response.status_code == 413
    assert held(client)["refills"] == ("yes",)


# --- every invalid form keeps what was right -----------------------------------------------------------------------


def ticked(response):
    return re.findall(r'value="([^"]+)" id="id_answer_\d+" checked', text(response))


MULTI = ["urgent-signs", "pain-causes", "pain-treatments-failed", "spasticity-causes", "spasticity-treatments-failed"]
ALL_PATHS = {
    **BASE,
    "main-problem": "both",
    "opioid-history": "helped",
    "opioid-now": "wearing-off",
    "opioid-switched": "yes",
    "serious-illness": "yes",
    "life-expectancy": "not-sure",
    "spasticity-causes": ["stroke"],
    "spasticity-severity": "severe",
    "spasticity-treatments-failed": ["spasm-medicines"],
    "spasticity-control": "not-controlled",
}


@pytest.mark.parametrize("link_id", MULTI)
def test_ticks_stay_when_one_that_stands_alone_is_among_them(link_id):
    question = published.version(1).ruleset.by_link_id[link_id]
    alone = min(question.exclusive_codes)
    sent = [question.codes[0], question.codes[2], alone]
    response = visitor(ALL_PATHS).post(at(link_id), {"answer": sent, "run": RUN})
    assert response.status_code == 422
    assert sorted(ticked(response)) == sorted(sent)
    assert "alone" in text(response)


@pytest.mark.parametrize("link_id", MULTI)
def test_right_ticks_stay_when_an_unknown_one_is_among_them(link_id):
    question = published.version(1).ruleset.by_link_id[link_id]
    response = visitor(ALL_PATHS).post(at(link_id), {"answer": [question.codes[1], "bogus"], "run": RUN})
    assert response.status_code == 422
    assert ticked(response) == [question.codes[1]]


def test_every_question_says_what_to_do_when_nothing_was_chosen():
    ruleset, words = published.version(1).ruleset, published.version(1).wording("en")
    client = visitor(ALL_PATHS)
    for link_id in ruleset.by_link_id:
        page = client.post(at(link_id), {"run": RUN})
        assert page.status_code == 422, link_id
        assert words.of("question", link_id, "error") in text(page), link_id
        assert f'value="{RUN}"' in text(page), link_id
    assert held(client) == read_answers(ruleset, ALL_PATHS)


def test_invalid_form_can_be_mended_and_sent_as_it_came_back():
    client = visitor()
    page = text(client.post(at("pain-causes"), {"answer": ["crps", "not-sure"], "run": RUN}))
    run = re.search(r'name="run" value="([^"]*)"', page)[1]
    assert client.post(at("pain-causes"), {"answer": ["crps"], "run": run}).status_code == 302
    assert held(client)["pain-causes"] == ("crps",)


# --- the safety token ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "", "short", "x" * 64, "\x00" * 64, "é" * 64])
def test_form_without_its_safety_token_is_a_plain_page_and_the_answers_stay(token):
    client = visitor(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "k7" * 16
    data = {"answer": "no", "run": RUN, **({} if token is None else {"csrfmiddlewaretoken": token})}
    response = client.post(at("refills"), data)
    assert response.status_code == 403
    assert kind(response)
    assert f'class="button" href="{at("refills")}"' in text(response)
    assert COOKIE not in response.cookies
    assert client.get(at("refills")).status_code == 200


@pytest.mark.parametrize("path", [START, "/screening/leave/", "/screening/question/refills/"])
def test_button_after_an_expired_form_leads_to_a_page_that_opens(path):
    client = visitor(enforce_csrf_checks=True)
    page = text(client.post(path)).split("<main")[1]
    back = re.search(r'class="button" href="([^"]+)"', page)[1]
    assert client.get(back, follow=True).status_code == 200


@pytest.mark.parametrize("cookie", ["", "x", "\x01", "a" * 5000, "é"])
def test_damaged_safety_cookie_is_no_500(cookie):
    raw = cookie.encode().decode("latin-1")
    client = Client(enforce_csrf_checks=True, headers={"cookie": f"csrftoken={raw}"})
    assert client.get(START).status_code == 200
    assert client.post(START).status_code == 403


# --- methods, paths, headers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "X" * 500])
def test_odd_method_is_refused_and_changes_nothing(method):
    client = visitor()
    for path in EVERY_PATH:
        response = client.generic(method, path)
        assert response.status_code == 405
        assert COOKIE not in response.cookies


ODD_PATHS = [
    "/screening//",
    "/screening/question/",
    "/screening/question//",
    "/screening/question/%00/",
    "/screening/question/%ff/",
    "/screening/question/%0a/",
    "/screening/question/age%0a/",
    "/screening/question/..%2f..%2fetc%2fpasswd/",
    "/screening/question/../../admin/",
    "/screening/question/" + "a" * 5000 + "/",
    "/screening/question/AGE/",
    "/screening/question/age/age/",
    "/screening/question/{{7*7}}/",
    "/screening/question/<script>/",
    "/screening/question/é/",
    "/screening/check/%e2%98%83/",
    "/screening/summary.pdf",
    "/screening/nothing-here/",
    "/SCREENING/",
]


@pytest.mark.parametrize("path", ODD_PATHS)
def test_odd_path_is_a_kind_404(path):
    client = visitor()
    response = client.get(path, follow=True)
    assert response.status_code == 404
    assert kind(response)
    assert client.post(path, {"answer": "no"}).status_code in (301, 404, 405)


@quick
@given(st.text(max_size=40))
def test_any_path_is_a_kind_answer(path):
    response = visitor().get("/screening/question/" + quote(path, safe="/"))
    assert kind(response)


@pytest.mark.parametrize("query", ["?answer=no", "?run=x&answer=yes", "?%00", "?" + "a=1&" * 3000, "?\xff"])
def test_query_string_is_never_read_as_an_answer(query):
    client = visitor()
    assert client.get(at("refills") + query).status_code == 200
    assert client.post(at("refills") + query, {"run": RUN}).status_code == 422
    assert held(client)["refills"] == ("yes",)


@pytest.mark.parametrize(
    "headers",
    [
        {"accept-language": "xx-" + "y" * 1000},
        {"accept-language": ",;q=;;"},
        {"accept-encoding": "gzip;q=banana, *;q=-1"},
        {"if-none-match": '"', "if-modified-since": "yesterday"},
        {"range": "bytes=999-0"},
        {"content-length": "many"},
        {"x-http-method-override": "DELETE"},
        {"x-forwarded-host": "evil.example"},
    ],
)
def test_odd_headers_change_nothing(headers):
    response = visitor().get(CHECK, headers=headers)
    assert response.status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "a b", "localhost:port", "", "☃".encode().decode("latin-1")])
def test_other_host_is_a_kind_400(host):
    response = visitor().get(START, headers={"host": host})
    assert response.status_code == 400
    assert kind(response)

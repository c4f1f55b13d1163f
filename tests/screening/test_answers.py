"""The answers cookie: sealed, of one length, short-lived, readable with every current key, and by nobody else."""

import importlib.util
import time
from http.cookies import SimpleCookie

import pytest
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from screening import answers, published
from screening.actions import publish_questionnaire
from screening.answers import AWAKE, COOKIE, Expired, Unreadable, Visit
from screening.definition import read_folder
from screening.engine.reading import read_answers
from tests.conftest import BASE
from tests.screening.patients import RULES, patients

FULL = read_answers(RULES, BASE)
MINUTE = 60


@pytest.fixture(autouse=True)
def _published(questionnaire, settings):
    settings.ANSWERS_KEYS = [Fernet.generate_key().decode()]


def request_with(token):
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = token
    return request


def read(token):
    return answers.read(request_with(token))


def written(visit):
    """The cookie a response sets."""
    response = HttpResponse()
    answers.write(response, visit)
    return response.cookies[COOKIE]


def sealed_before(seconds, raw=None):
    """A token as it was sealed some time ago, holding ``raw`` or a full visit."""
    raw = answers.fernet().decrypt(answers.seal(Visit(1, FULL))) if raw is None else raw
    return answers.fernet().encrypt_at_time(raw, int(time.time()) - seconds).decode()


# --- what comes back


def test_visit_comes_back_as_it_was_written():
    visit = Visit(1, FULL)
    again = read(written(visit).value)
    assert (again.version, again.run, again.answers) == (1, visit.run, FULL)


@pytest.mark.parametrize(("number", "given", "disposition"), patients())
def test_answers_that_are_not_asked_any_more_come_back_too(number, given, disposition):
    kept = read_answers(RULES, {**BASE, **given})
    assert read(answers.seal(Visit(1, kept))).answers == kept


def test_without_a_cookie_there_is_no_visit():
    assert answers.read(RequestFactory().get("/")) is None


def test_each_visit_has_a_run_of_its_own():
    assert len({Visit(1).run for _each in range(20)}) == 20


def test_new_answer_keeps_the_run_and_the_other_answers():
    visit = Visit(1, FULL, age=500)
    after = visit.with_answer("age", ("under-18",))
    assert (after.run, after.version, after.age) == (visit.run, 1, 0)
    assert after.answers == {**FULL, "age": ("under-18",)}
    assert visit.answers == FULL


@pytest.mark.parametrize(("who", "other"), [("myself", False), ("someone-else", True)])
def test_visit_knows_whom_the_answers_are_about(who, other):
    assert Visit(1, {"answering-for": (who,)}).for_someone_else is other
    assert Visit(1).for_someone_else is False


# --- how the cookie looks from outside


def test_cookie_is_http_only_same_site_and_ends_with_the_browser():
    cookie = written(Visit(1, FULL))
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert (cookie["max-age"], cookie["expires"], cookie["domain"]) == ("", "", "")


def test_cookie_is_secure_where_the_session_is(settings):
    settings.SESSION_COOKIE_SECURE = True
    assert written(Visit(1))["secure"] is True


@pytest.mark.parametrize(("secure", "name"), [(True, "__Host-answers"), (False, "answers")])
def test_cookie_bound_to_the_host_where_it_is_secure(settings, secure, name):
    settings.SESSION_COOKIE_SECURE = secure
    spec = importlib.util.find_spec("screening.answers")
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    assert name == fresh.COOKIE


def test_cookie_is_sealed():
    token = answers.seal(Visit(1, FULL, run="00112233aabb"))
    assert token.startswith("gAAAA")
    assert "severe" not in token
    assert answers.fernet().decrypt(token)[2:8].hex() == "00112233aabb"
    with pytest.raises(InvalidToken):
        Fernet(Fernet.generate_key()).decrypt(token)


def test_cookie_has_the_same_length_for_everyone():
    everyone = [{}, {"age": ("under-18",)}, FULL, *(read_answers(RULES, given) for _n, given, _d in patients())]
    lengths = {len(answers.seal(Visit(1, given))) for given in everyone}
    assert len(lengths) == 1
    assert lengths.pop() < 300


def test_same_answers_are_never_sealed_alike():
    visit = Visit(1, FULL)
    assert answers.seal(visit) != answers.seal(visit)


def test_value_needs_no_quoting():
    token = answers.seal(Visit(1, FULL))
    assert SimpleCookie(f"{COOKIE}={token}")[COOKIE].value == token


# --- the idle limit


@pytest.mark.parametrize("minutes", [0, 1, 15, 29])
def test_answers_can_be_read_within_the_idle_limit(minutes):
    visit = read(sealed_before(minutes * MINUTE))
    assert visit.answers == FULL
    assert minutes * MINUTE <= visit.age < (minutes + 1) * MINUTE


@pytest.mark.parametrize("minutes", [31, 60, 60 * 24 * 365])
def test_answers_past_the_idle_limit_are_gone(minutes):
    with pytest.raises(Expired):
        read(sealed_before(minutes * MINUTE))


def test_idle_limit_is_a_setting(settings):
    settings.ANSWERS_IDLE_SECONDS = 5 * MINUTE
    assert read(sealed_before(4 * MINUTE)).answers == FULL
    with pytest.raises(Expired):
        read(sealed_before(6 * MINUTE))


@pytest.mark.parametrize(("age", "renewed"), [(0, False), (59, False), (61, True), (1500, True)])
def test_page_that_only_shows_things_renews_the_limit_when_it_is_worth_it(age, renewed):
    response = HttpResponse()
    answers.keep_awake(response, Visit(1, FULL, age=age))
    assert (AWAKE in response.cookies) is renewed


def renewed_by(visit):
    """The cookie that a page merely looked at gives back."""
    response = HttpResponse()
    answers.keep_awake(response, visit)
    assert COOKIE not in response.cookies  # nothing a late reply could undo
    return response.cookies[AWAKE].value


def test_page_that_only_shows_things_makes_the_answers_young_again():
    request = request_with(sealed_before(20 * MINUTE))
    request.COOKIES[AWAKE] = renewed_by(answers.read(request))
    assert answers.read(request).age < MINUTE


def test_page_of_another_run_does_not_keep_these_answers():
    request = request_with(sealed_before(31 * MINUTE))
    for value in (renewed_by(Visit(1, FULL, age=90)), sealed_before(0), "nothing of ours"):
        request.COOKIES[AWAKE] = value
        with pytest.raises(Expired):
            answers.read(request)


# --- keys


def test_cookie_of_another_key_is_unreadable():
    other = Fernet(Fernet.generate_key())
    raw = answers.fernet().decrypt(answers.seal(Visit(1, FULL)))
    with pytest.raises(Unreadable):
        read(other.encrypt(raw).decode())


def test_older_key_still_opens_and_the_newest_seals(settings):
    (old_key,) = settings.ANSWERS_KEYS
    before = answers.seal(Visit(1, FULL))
    new_key = Fernet.generate_key().decode()
    settings.ANSWERS_KEYS = [new_key, old_key]
    visit = read(before)
    assert visit.answers == FULL
    after = answers.seal(visit)
    settings.ANSWERS_KEYS = [new_key]
    assert read(after).answers == FULL
    with pytest.raises(Unreadable):
        read(before)


def test_old_key_keeps_the_idle_limit(settings):
    expired = sealed_before(31 * MINUTE)
    settings.ANSWERS_KEYS = [Fernet.generate_key().decode(), *settings.ANSWERS_KEYS]
    assert isinstance(answers.fernet(), MultiFernet)
    with pytest.raises(Expired):
        read(expired)


# --- what is not ours


@pytest.mark.parametrize("token", ["", "x", "gAAAA", "é", "\ud800", "a b", "=" * 100, "A" * 4000, "\0"])
def test_anything_else_in_the_cookie_is_unreadable(token):
    with pytest.raises(Unreadable):
        read(token)


@pytest.mark.parametrize("keep", [1, 20, -1, -4, -40])
def test_truncated_cookie_is_unreadable(keep):
    with pytest.raises(Unreadable):
        read(answers.seal(Visit(1, FULL))[:keep])


@pytest.mark.parametrize("place", [0, 8, 30, 60, -10])
def test_changed_cookie_is_unreadable(place):
    token = list(answers.seal(Visit(1, FULL)))
    token[place] = "B" if token[place] != "B" else "C"
    with pytest.raises(Unreadable):
        read("".join(token))


@pytest.mark.parametrize("length", [0, 1, 2, 7, 8, 9])
def test_sealed_bytes_that_are_too_short_are_unreadable(length):
    raw = answers.fernet().decrypt(answers.seal(Visit(1, FULL)))
    with pytest.raises(Unreadable):
        read(sealed_before(0, raw[:length]))


def test_sealed_bytes_that_no_answers_pack_to_are_unreadable():
    raw = answers.fernet().decrypt(answers.seal(Visit(1)))
    with pytest.raises(Unreadable):
        read(sealed_before(0, raw[:8] + b"\xff" * len(raw[8:])))


# --- versions


def publish_version_2():
    snapshot = read_folder()
    snapshot["rules"]["version"] = 2
    return publish_questionnaire(snapshot, by=None, at=timezone.now(), note="Second")


def test_version_that_is_not_published_here_is_unreadable():
    raw = answers.fernet().decrypt(answers.seal(Visit(1, FULL)))
    with pytest.raises(Unreadable):
        read(sealed_before(0, (7).to_bytes(2, "big") + raw[2:]))


def test_visit_keeps_the_version_it_began_with():
    token = answers.seal(Visit(1, FULL))
    publish_version_2()
    visit = read(token)
    assert published.current().ruleset.version == 2
    assert visit.version == visit.ruleset.version == 1


def test_cookie_is_read_without_a_query_once_the_version_is_in_memory(django_assert_num_queries):
    token = answers.seal(Visit(1, FULL))
    with django_assert_num_queries(0):
        visit = read(token)
        written(visit)


# --- clearing


def test_cleared_cookie_is_empty_and_ends_at_once():
    response = HttpResponse()
    answers.write(response, Visit(1, FULL))
    answers.clear(response)
    cookie = response.cookies[COOKIE]
    assert (cookie.value, cookie["max-age"], cookie["path"]) == ("", 0, "/")

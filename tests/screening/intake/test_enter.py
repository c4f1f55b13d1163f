"""What a nurse enters for a patient, on the phone or from paper, is stored once, whole, and only when told to."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from screening import access, entering, published
from screening.actions import delete_screening
from screening.models import AuditEvent, Questionnaire, Screening
from tests.conftest import BASE, person
from tests.screening.patients import RULES, patient

pytestmark = pytest.mark.usefixtures("questionnaire")

PHONE, CHECK, STORED, HELP = (
    "/intake/phone/",
    "/intake/phone/check/",
    "/intake/phone/stored/",
    "/intake/phone/help-now/",
)
SHEET = "/intake/enter/1/"
ORDER = [link_id for link_id in RULES.by_link_id if link_id in BASE]
CONTACT = {"name": "Mary Example", "birth_date": "02/03/1950", "phone": "555 0100", "consent": "on"}


@pytest.fixture
def desk(client, nurse):
    client.force_login(nurse)
    return client


def at(link_id):
    return reverse("intake:phone-question", args=[link_id])


def text(response):
    return unescape(response.content.decode())


def run_in(response):
    return re.search(r'name="run"[^>]*value="([0-9a-f]+)"|value="([0-9a-f]+)"[^>]*name="run"', text(response))


def say(client, link_id, codes, **more):
    """Answer one question of the call."""
    found = run_in(client.get(at(link_id)))
    return client.post(at(link_id), {"answer": codes, "run": found[1] or found[2], **more})


def begin(client):
    return client.post(PHONE).url


def page_of(client):
    """The form of the check page as it stands, without what is typed into it."""
    return dict(re.findall(r'name="(run|seen)" value="(\w+)"', text(client.get(CHECK))))


def store(client, contact=CONTACT):
    return client.post(CHECK, {**page_of(client), **contact})


def ask_all(client, answers):
    """The whole call, as it leads: the addresses it went through, the last one where it ended."""
    place, went = begin(client), []
    while "/question/" in place:
        went.append(place)
        link_id = place.rstrip("/").split("/")[-1]
        place = say(client, link_id, answers[link_id]).url
    return [*went, place]


# --- on the phone


def test_a_call_asks_what_the_patient_would_be_asked_and_stores_it_once(desk, nurse):
    went = ask_all(desk, BASE)
    assert [place.rstrip("/").split("/")[-1] for place in went[:-1]] == ORDER
    assert went[-1] == CHECK
    assert not Screening.objects.exists()
    assert store(desk).url == STORED
    row = Screening.objects.get()
    assert (row.answered_by, row.entered_by) == ("nurse-phone", nurse)
    code = re.search(r'class="code">([^<]+)<', text(desk.get(STORED)))[1]
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", code)
    opened = access.opened_row(row)
    assert opened.contact["name"] == "Mary Example"
    assert set(opened.answers) == set(BASE)
    assert AuditEvent.objects.get(action="enter").detail == "nurse-phone"
    assert access.find_by_code(nurse, code, at=row.sent_at) == row.pk


def test_a_call_stored_twice_or_after_a_lost_reply_is_one_screening(desk):
    ask_all(desk, BASE)
    before, form = desk.cookies[entering.COOKIE].value, {**page_of(desk), **CONTACT}
    desk.post(CHECK, form)
    desk.cookies[entering.COOKIE] = before  # the reply that said "stored" never came
    assert desk.post(CHECK, form).url == desk.post(CHECK, form).url == STORED
    assert Screening.objects.count() == AuditEvent.objects.filter(action="enter").count() == 1


def test_after_storing_nothing_of_the_call_can_be_changed(desk):
    ask_all(desk, BASE)
    store(desk)
    for path in (at("age"), CHECK, HELP):
        assert desk.get(path).url == STORED
    assert desk.post(PHONE, {"do": "drop"}).url == "/intake/new/"
    assert desk.get(STORED).url == PHONE


def test_any_question_can_be_jumped_to_and_left_open(desk):
    begin(desk)
    assert at("refills") in text(desk.get(at("age")))
    assert say(desk, "urgent-signs", ["none"]).url == at("answering-for")
    assert say(desk, "age", "18-or-over").url == at("main-problem")
    assert say(desk, "refills", "yes").url == at("trial-willing")
    say(desk, "age", [], leave="1")
    page = text(desk.get(CHECK))
    assert "Not answered yet" in page
    assert "Not counted" in page  # without the age nobody knows whether refills are asked


def test_a_question_is_worded_to_be_read_out_with_a_key_for_each_option(desk):
    begin(desk)
    page = text(desk.get(at("pain-severity")))
    assert "You can say: Mild; Moderate; Severe; or: Not sure." in page
    assert re.findall(r'data-key="(.)"', page) == ["1", "2", "3", "4"]
    keys = re.findall(r'data-key="(.)"', text(desk.get(at("pain-causes"))))
    assert len(set(keys)) == len(keys) == len(RULES.by_link_id["pain-causes"].codes)
    assert not {"b", "o"} & set(keys)


def test_the_list_says_of_each_question_how_it_stands(desk):
    begin(desk)
    say(desk, "urgent-signs", ["none"])
    say(desk, "age", "under-18")
    states = re.findall(r"jump--([a-z-]+)", text(desk.get(at("age"))))
    assert len(states) == len(RULES.questions)
    assert states[:4] == ["answered", "open", "answered", "not-asked"]


def test_someone_who_answers_for_another_is_asked_about_them(desk):
    begin(desk)
    say(desk, "answering-for", "someone-else")
    assert "How old are they?" in text(desk.get(at("age")))


def test_leaving_open_takes_an_answer_back_and_goes_on(desk):
    begin(desk)
    say(desk, "urgent-signs", ["none"])
    say(desk, "answering-for", "myself")
    assert say(desk, "answering-for", [], leave="1").url == at("age")
    assert "checked" not in text(desk.get(at("answering-for"))).split("options")[1].split("page-actions")[0]


def test_an_unfinished_call_may_be_stored_and_says_so(desk):
    begin(desk)
    say(desk, "urgent-signs", ["none"])
    say(desk, "age", "18-or-over")
    store(desk, {"consent": "on"})
    assert Screening.objects.get().disposition == "unfinished"


def test_an_urgent_sign_stops_the_questions_with_the_words_to_read(desk):
    begin(desk)
    assert say(desk, "urgent-signs", ["breathing"]).url == HELP
    page = text(desk.get(HELP))
    assert "Call 911 now" in page
    assert "Trouble breathing" in page
    assert desk.get(at("age")).url == HELP
    assert say(desk, "urgent-signs", ["none"]).url == at("answering-for")


@pytest.mark.parametrize("posted", [{}, {"answer": "nonsense"}, {"answer": ["yes", "no"]}])
def test_an_answer_that_cannot_be_meant_is_shown_again(desk, posted):
    begin(desk)
    say(desk, "urgent-signs", ["none"])
    response = say(desk, "refills", posted.get("answer", []))
    assert response.status_code == 422
    assert "Error:" in text(response)


def test_without_consent_nothing_is_stored_and_all_is_kept(desk):
    ask_all(desk, BASE)
    response = store(desk, {**CONTACT, "consent": "", "birth_date": "31/31/1950"})
    assert response.status_code == 422
    for kept in ("Mary Example", "31/31/1950", "555 0100", "Confirm that the patient agreed", "such as 02/28/1960"):
        assert kept in text(response)
    assert not Screening.objects.exists()
    begin(desk)
    assert store(desk).status_code == 422
    assert not Screening.objects.exists()


def test_the_next_nurse_on_the_same_machine_cannot_go_on_with_a_call(desk):
    begin(desk)
    say(desk, "urgent-signs", ["none"])
    desk.force_login(person("nina", "Intake nurse"))
    response = desk.get(at("age"))
    assert response.status_code == 410
    assert "cannot be read any more" in text(response)
    assert desk.cookies[entering.COOKIE].value == ""


def test_an_answer_from_another_call_is_not_kept(desk):
    begin(desk)
    assert desk.post(at("age"), {"answer": "18-or-over", "run": "0" * 32}).status_code == 409


@pytest.mark.parametrize("next_call", [BASE, None])
def test_a_name_typed_for_one_call_never_stands_over_the_answers_of_the_next(desk, next_call):
    ask_all(desk, patient(5))
    left_open = {**page_of(desk), **CONTACT}
    begin(desk)
    if next_call:
        ask_all(desk, next_call)
        store(desk, {"consent": "on"})
    response = desk.post(CHECK, left_open)
    assert response.status_code == 409
    assert "This page is from another call" in text(response)
    assert Screening.objects.count() == bool(next_call)
    assert not Screening.objects.filter(contact__isnull=False).exists()


def test_an_answer_changed_in_another_tab_is_not_stored_unseen(desk):
    ask_all(desk, BASE)
    left_open = {**page_of(desk), **CONTACT}
    say(desk, "refills", "no")
    response = desk.post(CHECK, left_open)
    assert response.status_code == 409
    assert "Some answers of this call were changed" in text(response)
    assert all(typed in text(response) for typed in ("Mary Example", "02/03/1950", "555 0100"))
    assert 'name="consent" id="id_consent">' in text(response)
    assert not Screening.objects.exists()


def test_a_broken_or_foreign_cookie_leads_to_the_beginning(desk, settings):
    for value in ("nonsense", "gAAAA", entering.fernet().encrypt(b"phone").decode()):
        desk.cookies[entering.COOKIE] = value
        assert desk.get(at("age")).status_code == 410
    settings.ANSWERS_IDLE_SECONDS = -1
    begin(desk)
    assert desk.get(CHECK).status_code == 410


def test_the_cookie_is_seen_by_the_phone_pages_alone(desk):
    desk.post(PHONE)
    cookie = desk.cookies[entering.COOKIE]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == (PHONE, "Strict", True)


def test_a_version_withdrawn_during_the_call_is_left_for_the_newest(desk, version_1, monkeypatch):
    begin(desk)
    say(desk, "urgent-signs", ["none"])
    gone = published.InUse(1, frozenset({1}))
    monkeypatch.setattr(published, "now", lambda: gone)
    assert desk.get(at("age")).url == at("urgent-signs")  # signs that cannot wait are asked anew


# --- from paper


def fields(answers, **more):
    return {**{f"q-{link_id}": codes for link_id, codes in answers.items()}, **CONTACT, **more}


def nonce(response):
    return re.search(r'name="nonce" value="([^"]+)"', text(response))[1]


def enter(client, answers, **more):
    return client.post(SHEET, fields(answers, nonce=nonce(client.get(SHEET)), **more))


def test_a_sheet_is_checked_then_stored_once(desk, nurse):
    seen = enter(desk, patient(5))
    assert seen.status_code == 200
    assert not Screening.objects.exists()
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text(seen))
    again: dict[str, list[str]] = {}
    for name, value in hidden:
        again.setdefault(name, []).append(value)
    first = desk.post(SHEET, {**again, "do": "store"})
    second = desk.post(SHEET, {**again, "do": "store"})
    row = Screening.objects.get()
    assert first.url == second.url == f"/intake/entered/{row.pk}/"
    assert (row.answered_by, row.entered_by) == ("nurse-paper", nurse)
    assert f"No. {row.pk}" in text(desk.get(first.url))
    given = {key: tuple([value] if isinstance(value, str) else value) for key, value in patient(5).items()}
    assert access.opened_row(row).answers == given


MENDED = {"name": "Mary Example", "birth_date": "03/02/1950", "phone": "555 0100"}


def by_phone(client):
    """(address, what is posted there to store it)"""
    ask_all(client, BASE)
    return CHECK, {**page_of(client), **CONTACT}


def by_sheet(client):
    return SHEET, fields(BASE, nonce=nonce(client.get(SHEET)), do="store")


@pytest.mark.parametrize("way", [by_phone, by_sheet])
def test_a_contact_mended_after_storing_is_not_lost_in_silence(desk, nurse, way):
    """Stored, back in the browser, the date of birth mended, stored again."""
    path, form = way(desk)
    stored = desk.post(path, form).url
    row = Screening.objects.get()
    response = desk.post(path, {**form, **MENDED})
    assert response.status_code == 409
    assert f"This is stored already as No. {row.pk}, with another name" in text(response)
    assert f'href="/intake/{row.pk}/"' in text(response)
    assert 'value="03/02/1950"' in text(response)
    assert desk.post(path, form).url == stored
    assert access.opened_row(Screening.objects.get()).contact["birth_date"].isoformat() == "1950-02-03"
    delete_screening(row, by=nurse, at=timezone.now())
    assert desk.post(path, {**form, **MENDED}).status_code == 302
    assert access.opened_row(Screening.objects.get()).contact["birth_date"].isoformat() == "1950-03-02"


@pytest.mark.parametrize("way", [by_phone, by_sheet])
@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ({"phone": "ask the daughter"}, "Write the phone number with digits"),
        ({"phone": "12345"}, "at least 7 digits"),
        ({"name": "A" * 121}, "Write the name in 120 characters or fewer"),
        ({"birth_date": "Feb 3"}, "such as 02/28/1960"),
        ({"birth_date": "02/30/1950"}, "That month has fewer days"),
        ({"birth_date": "02/03/2999"}, "It is in the future"),
    ],
)
def test_a_slip_in_the_contact_is_named_as_it_is_to_patients(desk, way, slip, said):
    path, form = way(desk)
    response = desk.post(path, {**form, **slip})
    assert response.status_code == 422
    assert said in text(response)
    assert not Screening.objects.exists()


@pytest.mark.parametrize("typed", ["02/03/1950", "2-3-1950", "1950-02-03", "02031950"])
def test_a_contact_is_read_as_at_the_desk_and_without_what_cannot_be_seen(desk, typed):
    enter(desk, BASE, name=" Mary\u202e\x00 \t Ann ", birth_date=typed, do="store")
    contact = access.opened_row(Screening.objects.get()).contact
    assert (contact["name"], contact["birth_date"].isoformat()) == ("Mary Ann", "1950-02-03")


@pytest.mark.parametrize(("way", "agreed"), [(by_phone, "agreed on the phone"), (by_sheet, "signed on the sheet")])
def test_the_words_a_nurse_ticks_are_kept_as_they_stood_and_shown_on_the_record(desk, settings, way, agreed):
    desk.post(*way(desk))
    words = f"The patient {agreed} that this is stored for 90 days."
    row = Screening.objects.get()
    assert (row.consent.purpose, row.consent.text) == ("enter", words)
    settings.SCREENING_DAYS = 365
    assert words in text(desk.get(f"/intake/{row.pk}/"))


def test_blank_is_unanswered_not_no(desk):
    some = {"urgent-signs": ["none"], "age": "18-or-over", "blood-thinners": ""}
    enter(desk, some, do="store")
    assert list(access.opened_row(Screening.objects.get()).answers) == ["urgent-signs", "age"]


def test_what_is_not_asked_is_shown_as_not_counted(desk):
    page = text(enter(desk, {"urgent-signs": ["none"], "age": "under-18", "refills": "no"}))
    assert "Not counted" in page
    assert "Getting the pump refilled: No, I could not" in page


def test_two_ticks_where_one_is_meant_come_back_with_all_that_was_entered(desk):
    wrong = {**BASE, "age": ["under-18", "18-or-over"], "pain-causes": ["cancer", "not-sure"]}
    response = enter(desk, wrong, do="store")
    assert response.status_code == 422
    page = text(response)
    for kept in ("Question 3: select one answer", "Question 7: an answer that stands alone", "Mary Example"):
        assert kept in page
    ticks = sum(1 if isinstance(codes, str) else len(codes) for codes in wrong.values())
    assert page.count(" checked>") == ticks  # with the consent, but only one of the two radios
    assert not Screening.objects.exists()


@pytest.mark.parametrize("wrong", [{"age": "nonsense"}, {"age": "\x00"}, {"pain-causes": ["cancer", "x" * 5000]}, {}])
def test_what_cannot_be_meant_is_an_instruction_not_a_fault(desk, wrong):
    assert enter(desk, wrong).status_code == 422


def test_a_page_open_too_long_loses_nothing(desk):
    response = desk.post(SHEET, fields(BASE, nonce="stale", do="store"))
    assert response.status_code == 422
    assert "once more" in text(response)
    assert 'name="name" value="Mary Example"' in text(response)
    desk.post(SHEET, fields(BASE, nonce=nonce(response), do="store"))
    assert Screening.objects.count() == 1


def test_change_something_shows_the_sheet_as_it_was_entered(desk):
    page = text(enter(desk, BASE, do="change"))
    assert 'value="18-or-over" id="id_q-age_2" checked' in page
    assert "Mary Example" in page


def test_urgent_signs_on_a_sheet_say_to_call_the_patient(desk):
    page = text(enter(desk, {"urgent-signs": ["self-harm"]}))
    assert "Call the patient before anything else" in page
    assert "Call or text 988" in page


def test_a_sheet_of_a_withdrawn_version_can_be_entered(desk, monkeypatch):
    monkeypatch.setattr(published, "now", lambda: published.InUse(2, frozenset({1})))
    assert "was withdrawn" in text(desk.get(SHEET))


def test_markup_in_a_name_stays_text(desk):
    page = enter(desk, BASE, name="<b>x</b>").content.decode()
    assert "<b>x</b>" not in page


# --- who may


PATHS = ["/intake/new/", PHONE, "/intake/phone/question/age/", CHECK, STORED, HELP, SHEET]


@pytest.mark.parametrize("path", PATHS)
def test_only_nurses_enter(path, editor):
    client = Client()
    assert "/login/" in client.get(path).url
    client.force_login(editor)
    assert client.get(path).status_code == 403
    assert client.post(path).status_code in (403, 405)


def test_pages_are_kept_by_nobody(desk):
    begin(desk)
    for path in ("/intake/new/", PHONE, at("urgent-signs"), CHECK, SHEET, "/intake/blank/"):
        assert "no-store" in desk.get(path).headers["Cache-Control"]


def test_the_number_page_shows_only_what_this_nurse_entered(desk):
    enter(desk, BASE, do="store")
    number = Screening.objects.get().pk
    assert desk.get(f"/intake/entered/{number + 1}/").url == "/intake/"
    desk.force_login(person("nina", "Intake nurse"))
    assert desk.get(f"/intake/entered/{number}/").url == "/intake/"


def test_versions_are_listed_newest_first():
    assert published.numbers() == list(Questionnaire.objects.order_by("-version").values_list("version", flat=True))

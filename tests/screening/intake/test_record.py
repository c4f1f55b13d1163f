"""One screening at the desk: what was said, what was found, and that nothing takes the place of anything."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from screening.actions import ask_to_delete, look_over, review_point, withdraw
from screening.models import Questionnaire, Review, Screening
from tests.conftest import person
from tests.screening.patients import changed

from .rows import NOBODY, finding, opened, read, sent, traces


@pytest.fixture
def sending(at_desk):
    return sent()


@pytest.fixture
def path(sending):
    return f"/intake/{sending.screening.pk}/"


@pytest.fixture
def point(sending):
    return next(point for point in opened(sending).points if point.kind == "open")


def note(sending, point, /, **changes):
    """What the form of a point sends."""
    answer = finding(point, opened(sending).definition)
    given = {"point": point.link_id, "seen": "0", "outcome": "confirmed", "answer": answer, "found_in": "report"}
    return {**given, "note": "From the letter.", **changes}


def test_the_record_shows_everything_but_name_and_number(at_desk, sending, path):
    page = read(at_desk.get(path))
    for text in (opened(sending).summary.heading, "The patient", "Version 1", "All answers", "I agree.", "Sources"):
        assert text in page
    for hidden in ("Mary", "1950", "555 0100"):
        assert hidden not in page
    assert traces() == [("view", f"screening {sending.screening.pk}", "")]


def test_name_and_number_are_shown_on_demand_and_never_in_the_title(at_desk, sending, path):
    page = read(at_desk.post(f"{path}contact/"))
    for shown in ("Mary Example", "02/03/1950", "555 0100"):
        assert shown in page
    assert "Mary" not in page.split("</title>")[0]
    assert traces() == [("reveal", f"screening {sending.screening.pk}", "")]


def test_who_gave_no_name_has_no_button_for_it(at_desk):
    page = read(at_desk.get(f"/intake/{sent(contact=NOBODY).screening.pk}/"))
    assert "Show name and number" not in page


def test_a_note_is_kept_and_leads_back_to_its_point(at_desk, sending, path, point):
    place = opened(sending).points.index(point) + 1
    response = at_desk.post(f"{path}review/", note(sending, point))
    assert (response.status_code, response.url) == (302, f"{path}#point-{place}")
    review = Review.objects.get()
    assert (review.link_id, review.outcome, review.found_in) == (point.link_id, "confirmed", "report")
    page = read(at_desk.get(path))
    assert "From the letter." in page
    assert "Saved." in page


def test_what_cannot_be_seen_is_left_out_of_a_note(at_desk, sending, path, point):
    at_desk.post(f"{path}review/", note(sending, point, note="By \u202eletter\u2066\x00\r\n of May 3."))
    assert opened(sending).noted[0].note == "By letter of May 3."


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outcome": ""}, "Select “Confirmed”, “Not so” or “Still open”"),
        ({"outcome": "sure"}, "Select “Confirmed”, “Not so” or “Still open”"),
        ({"found_in": ""}, "Select where you found it"),
        ({"found_in": "dream"}, "Select where you found it"),
        ({"answer": ""}, "Select the answer you found"),
        ({"answer": []}, "Select the answer you found"),
        ({"note": "From the letter." * 30}, "Shorten the note to 300 characters"),
    ],
)
def test_what_does_not_hold_together_comes_back_with_all_that_was_typed(at_desk, sending, path, point, changes, said):
    response = at_desk.post(f"{path}review/", note(sending, point, **changes))
    page = read(response)
    assert response.status_code == 422
    assert page.split("</title>")[0].endswith("Pump Guide")
    assert "<title>Error:" in page
    assert said in page
    assert "From the letter." in page
    assert not Review.objects.exists()


@pytest.mark.parametrize("name", ["", "no-such-question", "\0"])
def test_a_question_that_is_no_point_is_not_found(at_desk, sending, path, point, name):
    assert at_desk.post(f"{path}review/", note(sending, point, point=name)).status_code == 404


def test_two_nurses_notes_both_stay_and_the_second_is_told(at_desk, sending, path, point):
    olga = person("olga", "Intake nurse")
    second = Client()
    second.force_login(olga)
    at_desk.post(f"{path}review/", note(sending, point, note="First note."))
    second.post(f"{path}review/", note(sending, point, outcome="still-open", note="Second note."))
    page = read(second.get(path))
    assert "While this page was open, 1 other note was added." in page
    assert page.index("First note.") < page.index("Second note.")
    assert page.index("Second note.") < page.index(">newest<")
    assert Screening.objects.get().open_points == len([p for p in opened(sending).points if p.kind == "open"])


def test_what_was_said_and_what_was_confirmed_stand_side_by_side(at_desk, nurse, sending, path, point):
    before = opened(sending).summary.heading
    assert "With what was confirmed" not in read(at_desk.get(path))
    for one in opened(sending).points:
        if one.kind == "open":
            at_desk.post(f"{path}review/", note(sending, one))
    now = opened(sending)
    page = read(at_desk.get(path))
    said, confirmed = page.index("As the patient said it"), page.index("With what was confirmed")
    assert said < confirmed
    assert f"<h1>{before}</h1>" in page
    assert before in page[said:confirmed]
    assert now.confirmed_summary.heading in page[confirmed:]
    assert page.count("Confirmed: ") >= 2


def confirm(client, sending, link_id, answer, outcome="confirmed"):
    given = {"point": link_id, "seen": "0", "outcome": outcome, "answer": answer, "found_in": "report"}
    return client.post(f"/intake/{sending.screening.pk}/review/", given).status_code


@pytest.mark.parametrize(
    ("said", "found", "asked_since", "then"),
    [
        ({"pain-causes": ["not-sure"]}, ["failed-back-surgery"], "surgery-outlook", "told-wont-help"),
        ({"serious-illness": "prefer-not-to-say"}, "yes", "life-expectancy", "6-months-or-more"),
    ],
)
def test_what_a_confirmed_fact_asks_for_is_a_point_of_its_own_until_it_is_answered(
    at_desk, said, found, asked_since, then
):
    (link_id,) = said
    sending = sent(changed(said, remove=("surgery-outlook",) if link_id == "pain-causes" else ()))
    before = Screening.objects.get().open_points
    assert asked_since not in [point.link_id for point in opened(sending).points]
    assert confirm(at_desk, sending, link_id, found) == 302
    now = opened(sending)
    assert now.confirmed_summary.disposition == "unfinished"
    assert (now.points[-1].link_id, now.points[-1].kind, now.points[-1].was_asked) == (asked_since, "open", False)
    assert Screening.objects.get().open_points == before
    page = read(at_desk.get(f"/intake/{sending.screening.pk}/"))
    assert "<strong>Not asked</strong>. What was confirmed since asks for it." in page
    assert confirm(at_desk, sending, asked_since, then) == 302
    assert opened(sending).confirmed_summary.disposition != "unfinished"
    assert Screening.objects.get().open_points == before - 1


def test_a_point_that_is_not_asked_any_more_stays_with_its_notes_and_is_not_counted(at_desk):
    sending = sent(changed({"serious-illness": "prefer-not-to-say"}))
    before = Screening.objects.get().open_points
    confirm(at_desk, sending, "serious-illness", "yes")
    confirm(at_desk, sending, "life-expectancy", [], outcome="still-open")
    confirm(at_desk, sending, "serious-illness", "no")
    assert [(point.link_id, point.asked) for point in opened(sending).points][-1] == ("life-expectancy", False)
    assert Screening.objects.get().open_points == before - 1
    assert "Not asked any more" in read(at_desk.get(f"/intake/{sending.screening.pk}/"))


def test_what_nobody_answered_is_a_point_also_where_no_line_rests_on_it(at_desk):
    sending = sent(changed({}, remove=("answering-for",)))
    assert [(point.link_id, point.was_asked) for point in opened(sending).points] == [("answering-for", True)]
    assert confirm(at_desk, sending, "answering-for", "myself") == 302
    assert opened(sending).confirmed_summary.disposition == "talk"
    assert Screening.objects.get().open_points == 0


def test_looking_over_marks_it_and_says_who(at_desk, nurse, sending, path):
    assert at_desk.post(f"{path}look/").url == path
    assert "Looked over by nora" in read(at_desk.get(path))
    assert Screening.objects.get().reviewed_by == nurse


def test_a_wish_to_delete_stands_on_the_record_and_in_the_list(at_desk, nurse, sending, path):
    look_over(sending.screening, by=nurse, at=timezone.now())
    ask_to_delete(sending.secret, at=timezone.now())
    assert "The patient wishes to have this deleted." in read(at_desk.get(path))
    assert "Wishes to have it deleted" in read(at_desk.get("/intake/?reviewed=yes"))


def test_deleting_asks_once_more_and_then_it_is_gone(at_desk, path):
    assert "Delete for good" in read(at_desk.get(f"{path}delete/"))
    assert Screening.objects.exists()
    assert at_desk.post(f"{path}delete/").url == "/intake/"
    assert not Screening.objects.exists()
    for gone in (path, f"{path}delete/"):
        response = at_desk.get(gone)
        assert response.status_code == 404
        assert "It may be deleted, or older than 90 days." in read(response)
    assert at_desk.post(f"{path}look/").status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", "9" * 40])
def test_a_number_that_nothing_has_is_not_found(at_desk, number):
    assert at_desk.get(f"/intake/{number}/").status_code == 404


def test_a_version_withdrawn_since_is_told(at_desk, reviewer, sending, path):
    one = Questionnaire.objects.get()
    assert "was withdrawn since" not in read(at_desk.get(path))
    Questionnaire.objects.create(
        url=one.url, version=2, snapshot={**one.snapshot, "rules": {**one.snapshot["rules"], "version": 2}},
        approved_by=reviewer, published_at=timezone.now(), note="Next",
    )  # fmt: skip
    withdraw(one, by=reviewer, at=timezone.now(), reason="A slip.")
    from screening import published

    published.in_use_shelf.forget()
    assert "Version 1 of the questions was withdrawn since." in read(at_desk.get(path))


def test_an_answer_that_was_checked_needs_no_second_choice(at_desk, nurse):
    """Of a point that was said for certain, “Confirmed” alone means: as said; a leftover choice is not taken for it."""
    from tests.screening.patients import patients

    for _number, answers, _disposition in patients():
        sending = sent(answers)
        checks = [point for point in opened(sending).points if point.kind == "check"]
        if checks:
            break
    point, path = checks[0], f"/intake/{sending.screening.pk}/"
    assert at_desk.post(f"{path}review/", note(sending, point)).status_code == 302
    assert opened(sending).confirmed[point.link_id] == point.said


def test_a_note_later_than_another_is_the_newest(questionnaire, nurse):
    sending = sent()
    point = next(point for point in opened(sending).points if point.kind == "open")
    now = timezone.now()
    for hours, outcome in ((0, "still-open"), (1, "confirmed")):
        review_point(
            sending.screening, point.link_id, outcome, by=nurse, at=now + timedelta(hours=hours),
            answer=(finding(point, opened(sending).definition),), found_in="report",
        )  # fmt: skip
    assert [note.outcome for note in opened(sending).points[0].reviews] == ["still-open", "confirmed"]


def test_a_database_in_trouble_is_told_in_the_desks_own_words(at_desk, path, monkeypatch):
    def slow(*_words, **_more):
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr("screening.access.open_screening", slow)
    response = at_desk.get(path)
    assert response.status_code == 503
    assert "Wait a minute, then load this page again." in read(response)


def test_a_deletion_without_its_journal_does_not_happen_and_is_told(at_desk, path, settings, tmp_path):
    settings.DELETIONS_LOG = tmp_path
    response = at_desk.post(f"{path}delete/")
    assert response.status_code == 503
    assert "It could not be deleted right now." in read(response)
    assert Screening.objects.count() == 1


def test_what_no_key_fits_is_told_and_not_shown(at_desk, path, settings):
    settings.PATIENT_KEYS = [Fernet.generate_key().decode()]
    response = at_desk.get(path)
    assert response.status_code == 503
    assert "a key or a version of the questions is missing here" in read(response)

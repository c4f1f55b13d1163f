"""The desk finds one screening by its code or a date of birth, and goes through the list without counting."""

import re
from datetime import timedelta
from itertools import chain, product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from screening.access import Filters, Place, list_screenings
from screening.access.listing import MOST_WISHES, PAGE, page_query, wishes_query
from screening.actions import ask_to_delete, delete_screening, look_over
from screening.codes import reference_code
from screening.forms_intake import LIKE_A_DATE, FindForm
from screening.models import Disposition, Screening
from screening.paper import paper_code
from screening.symbols import SYMBOLS, check_symbol
from tests.conftest import BASE, person
from tests.screening.patients import RULES, read_answers

from .rows import NOBODY, read, sent, traces

DESK, FIND = "/intake/", "/intake/find/"


def find(client, typed):
    return client.post(FIND, {"code": typed})


def wrong_symbol(code):
    return ("3" if code[0] == "2" else "2") + code[1:]


# --- by code


@pytest.mark.parametrize(
    "typed", [str.lower, lambda code: code.replace("-", ""), lambda code: f"  {code.replace('-', ' ')} "]
)
def test_a_code_opens_in_any_case_and_spacing(at_desk, typed):
    sending = sent()
    response = find(at_desk, typed(sending.code))
    assert (response.status_code, response.url) == (302, f"/intake/{sending.screening.pk}/")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda code: code[:-1], "A code has 12 letters and digits; this has 11."),
        (lambda code: "O" + code[1:], "A code never has O in it."),
        (lambda code: "?" + code[1:], "Take out “?”."),
        (wrong_symbol, "the last one, a check, does not fit"),
        (lambda code: "", "Type a code, such as"),
        (lambda code: "Mary Example", "Names cannot be searched."),
    ],
)
def test_a_slip_is_named_before_any_look_up_and_what_was_typed_stays(at_desk, spoil, said):
    typed = spoil(sent().code)
    response = find(at_desk, typed)
    assert response.status_code == 422
    assert said in read(response)
    assert f'value="{typed}"' in read(response)
    assert traces() == []


def test_a_code_of_letters_then_digits_is_no_date():
    """As a scanner types it, without dashes."""
    starts = (f"ABCDE{letter}23456" for letter in SYMBOLS[8:])
    codes = [start + check_symbol(start) for start in starts]
    like_dates = [code for code in codes if LIKE_A_DATE.fullmatch(code)]
    assert like_dates
    for code in like_dates:
        form = FindForm({"code": code})
        assert form.is_valid()
        assert form.cleaned_data["code"].replace("-", "") == code


def test_never_sent_and_deleted_read_the_same(at_desk, nurse):
    sending, never = sent(), reference_code(b"x" * 32)
    delete_screening(sending.screening, by=nurse, at=timezone.now())
    pages = []
    for code in (sending.code, never):
        response = find(at_desk, code)
        assert response.status_code == 422
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", read(response).replace(code, "")))
    assert pages[0] == pages[1]
    assert "Nothing is here under this code or number." in pages[0]
    assert traces()[-2:] == [("lookup-failed", "", "code")] * 2


def test_twenty_vain_look_ups_close_the_field_even_to_a_right_code(at_desk):
    sending = sent()
    for number in range(20):
        assert find(at_desk, reference_code(bytes([number]) * 32)).status_code == 422
    response = find(at_desk, sending.code)
    assert (response.status_code, response["Retry-After"]) == (429, "600")
    assert "Wait 10 minutes" in read(response)
    assert sending.code in read(response)


def test_a_code_from_paper_opens_in_the_same_field(at_desk):
    answers = read_answers(RULES, BASE)
    response = find(at_desk, paper_code(RULES, answers, timezone.localdate()))
    assert response.status_code == 200
    assert "From paper. Nothing was stored." in read(response)
    assert traces() == [("paper-opened", "", "version 1")]


# --- by the number that lists and sheets show


@pytest.mark.parametrize("typed", ["{}", "No. {}", "no{}", "#{}"])
def test_a_number_opens_as_it_is_written_on_a_sheet(at_desk, typed):
    number = sent().screening.pk
    response = find(at_desk, typed.format(number))
    assert (response.status_code, response.url) == (302, f"/intake/{number}/")


@pytest.mark.parametrize("typed", ["0", "999", f"No. {10**18 - 1}"])
def test_a_number_that_is_not_there_is_told(at_desk, typed):
    response = find(at_desk, typed)
    assert response.status_code == 422
    assert "Nothing is here under this code or number." in read(response)
    assert f'value="{typed}"' in read(response)


def test_numbers_in_vain_leave_the_field_open_to_codes(at_desk):
    sending = sent()
    for number in range(1000, 1020):
        assert find(at_desk, str(number)).status_code == 422
    assert at_desk.get("/intake/1000/").status_code == 404
    assert traces() == [("lookup-failed", "", "number")] * 21
    assert find(at_desk, sending.code).status_code == 302


# --- by date of birth


@pytest.mark.parametrize(
    "typed", ["1950-02-03", "02/03/1950", "2/3/1950", " 02 / 03 / 1950 ", "02-03-1950", "02031950"]
)
def test_a_date_of_birth_lists_who_has_it_and_opens_nobody(at_desk, typed):
    sending, _other = sent(), sent(contact=NOBODY)
    response = find(at_desk, typed)
    assert response.status_code == 200
    assert read(response).count("data-row") == 1
    assert f'href="/intake/{sending.screening.pk}/"' in read(response)
    assert traces() == [("reveal", f"screening {sending.screening.pk}", "date of birth")]


def test_a_day_that_no_month_has_is_told(at_desk):
    response = find(at_desk, "02/30/1950")
    assert response.status_code == 422
    assert "That month has fewer days" in read(response)


@pytest.mark.parametrize("typed", ["2/3/50", "Feb 3, 1950", "August 22, 1952", "Sept. 22, 2006", "1950/2/3"])
def test_a_date_written_otherwise_is_no_code(at_desk, typed):
    response = find(at_desk, typed)
    assert response.status_code == 422
    assert "Write a date of birth as month/day/year" in read(response)
    assert traces() == []


def test_matches_show_their_names_on_demand(at_desk):
    number = sent().screening.pk
    assert "Mary Example" not in read(find(at_desk, "02/03/1950"))
    page = read(at_desk.post(FIND, {"code": "02/03/1950", "names": "1"}))
    assert "Mary Example" in page
    assert "02/03/1950</span>" in page
    assert traces()[-1] == ("reveal", f"screening {number}", "")


def test_a_date_nobody_has_is_a_vain_look_up(at_desk):
    response = find(at_desk, "02/03/1951")
    assert response.status_code == 422
    assert "Nothing was sent with this date of birth" in read(response)
    assert traces() == [("lookup-failed", "", "date of birth")]


# --- the list


def test_the_list_begins_with_who_waits_longest_and_leaves_out_who_was_looked_at(at_desk, nurse):
    now = timezone.now()
    new, old, done = (sent(at=now - timedelta(hours=hours)).screening for hours in (1, 50, 3))
    look_over(done, by=nurse, at=now)
    page = read(at_desk.get(DESK))
    assert page.index(f'"/intake/{old.pk}/"') < page.index(f'"/intake/{new.pk}/"')
    assert f'"/intake/{done.pk}/"' not in page
    assert "Mary" not in page


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ({"reviewed": ""}, {"open", "done", "new"}),
        ({"reviewed": "yes"}, {"done"}),
        ({"reviewed": "", "open": "yes"}, {"open", "done"}),
        ({"reviewed": "", "open": "no"}, {"new"}),
        ({"reviewed": "no", "heading": "need-more-information"}, {"open"}),
        ({"reviewed": "", "sent": "waiting"}, {"open", "done"}),
        ({"reviewed": "", "sent": "today"}, {"new"}),
        ({"reviewed": "perhaps", "heading": "'", "open": "\0", "sent": "never"}, {"open", "done", "new"}),
    ],
)
def test_filters_mix(questionnaire, nurse, query, kept):
    now = timezone.now()
    rows = {
        "open": sent(at=now - timedelta(days=3)).screening,
        "done": sent(at=now - timedelta(days=4)).screening,
        "new": sent(BASE, at=now).screening,
    }
    look_over(rows["done"], by=nurse, at=now)
    found = list_screenings(nurse, Filters.read(query), at=now).rows
    assert {name for name, row in rows.items() if row in found} == kept


def many(count):
    """That many rows, some sent at the very same time."""
    pattern, now = sent().screening, timezone.now()
    for number in range(1, count):
        pattern.pk = None
        pattern.sending_hash = pattern.code_hash = pattern.secret_hash = f"{number:064x}"
        pattern.sent_at = now - timedelta(hours=number // 7)
        pattern.save(force_insert=True)


@pytest.mark.parametrize("reviewed", ["no", ""])
def test_pages_forward_and_back_show_each_row_once(questionnaire, nurse, reviewed):
    many(2 * PAGE + 9)
    filters, at = Filters(reviewed=reviewed), timezone.now()
    wanted = [row.pk for row in Screening.objects.order_by(*(["sent_at", "id"] if reviewed else ["-sent_at", "-id"]))]
    forward, page = [], list_screenings(nurse, filters, at=at)
    assert page.before is None
    forward.append([row.pk for row in page.rows])
    while page.after:
        page = list_screenings(nurse, filters, at=at, after=Place.read(str(page.after)))
        forward.append([row.pk for row in page.rows])
    assert list(chain.from_iterable(forward)) == wanted
    back = [forward[-1]]
    while page.before:
        page = list_screenings(nurse, filters, at=at, before=Place.read(str(page.before)))
        back.append([row.pk for row in page.rows])
    assert back == forward[::-1]


@pytest.mark.parametrize("place", ["", "1", "x-y", "-", "1-2-3", "9" * 39 + "-1", "1-" + "9" * 30, "٣-٣", "\0-1"])
def test_a_place_that_is_none_is_the_first_page(at_desk, place):
    sending = sent()
    for way in ("after", "before"):
        response = at_desk.get(DESK, {way: place})
        assert response.status_code == 200
        assert f'"/intake/{sending.screening.pk}/"' in read(response)


def test_no_page_counts_and_each_takes_as_many_queries(at_desk):
    many(3 * PAGE)
    spent = []
    for query in ({}, {"after": f"{timezone.now().timestamp() * 1e6 - 4e9:.0f}-1"}):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert "data-row" in read(at_desk.get(DESK, query))
        assert not any("COUNT(" in one["sql"].upper() or "OFFSET" in one["sql"].upper() for one in queries)
        spent.append(sum("screening_screening" in one["sql"] for one in queries))
    assert spent == [2, 2]  # the rows, and the wishes to delete


MIXES = list(product(("", Disposition.TALK), ("", "yes", "no"), ("", "yes", "no"), ("", "today", "waiting")))


def without_shortcuts_for_small_tables():
    """PostgreSQL would read a handful of rows whole."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off; SET LOCAL enable_incremental_sort = off")


def test_every_mix_of_filters_is_read_off_an_index_in_order(questionnaire):
    now, place = timezone.now(), Place(timezone.now(), 7)
    without_shortcuts_for_small_tables()
    wrong = []
    for mix in MIXES:
        for places in ({}, {"after": place}, {"before": place}):
            plan = page_query(Filters(*mix), now, **places).explain()
            at_once = "screening_by_" in plan and "Sort" not in plan and "TEMP B-TREE" not in plan
            if not at_once or "SCAN screening_screening\n" in plan or "Seq Scan on screening_screening" in plan:
                wrong.append((mix, places, plan))
    assert not wrong, wrong[:2]


# --- wishes to delete


def test_a_wish_to_delete_stands_on_top_of_every_page_of_the_list(at_desk, nurse):
    assert "deleted." not in read(at_desk.get(DESK))
    sending, _other = sent(), sent()
    row, now = sending.screening, timezone.now()
    look_over(row, by=nurse, at=now)
    ask_to_delete(sending.secret, at=now)
    for query in ("", "?reviewed=yes", "?after=1-1"):
        page = read(at_desk.get(DESK + query))
        assert "1 patient wishes to have what they sent deleted." in page
        assert f'<a href="/intake/{row.pk}/">No. {row.pk}</a></p>' in page


def test_of_many_wishes_those_that_came_first_are_shown(at_desk):
    first = [sent() for _number in range(MOST_WISHES + 2)][::-1]
    for hour, sending in enumerate(first):
        ask_to_delete(sending.secret, at=timezone.now() + timedelta(hours=hour))
    page = read(at_desk.get(DESK)).split("Several patients wish")[1].split("and others, who asked later")[0]
    shown = [int(number) for number in re.findall(r">No. (\d+)<", page)]
    assert shown == [sending.screening.pk for sending in first[:MOST_WISHES]]


def test_wishes_are_read_off_an_index_in_order(questionnaire):
    without_shortcuts_for_small_tables()
    plan = wishes_query().explain()
    assert "screening_by_wish" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


# --- names


def test_names_are_shown_on_demand_and_every_number_stands_in_the_audit(at_desk):
    many(PAGE)
    response = at_desk.post(DESK)
    assert response.status_code == 200
    assert read(response).count("Mary Example") == PAGE
    assert {action for action, _subject, _detail in traces()} == {"reveal"}
    numbers = [int(n) for _action, subject, _detail in traces() for n in subject.removeprefix("screening ").split(", ")]
    assert sorted(numbers) == sorted(Screening.objects.values_list("pk", flat=True))


# --- who may


def test_strangers_log_in_first(client, db):
    response = client.get(DESK)
    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))


def test_others_are_told_and_an_administrator_is_shown_the_way_in_an_emergency(client, questionnaire, editor):
    client.force_login(editor)
    response = client.get(DESK)
    assert response.status_code == 403
    assert "Only intake nurses open what patients sent." in read(response)
    assert "/intake/glass/" not in read(response)
    client.force_login(person("ada", "Administrator"))
    assert "/intake/glass/" in read(client.get(DESK))


def test_nothing_of_the_desk_is_kept_by_the_browser(at_desk):
    assert "no-store" in at_desk.get(DESK)["Cache-Control"]


def test_each_row_leads_to_its_record(at_desk):
    number = sent().screening.pk
    assert f'href="{reverse("intake:screening", args=[number])}"' in read(at_desk.get(DESK))

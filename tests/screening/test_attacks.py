"""What someone may try who is not one of the clinic's people: odd requests, and floods."""

import io
import re
from types import SimpleNamespace

import pytest
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import Client

from pumpguide.wsgi import application
from screening.keys import opened
from screening.models import CallbackRequest, Screening, SendCount
from tests.screening.handing import finished, mark, name_the_clinic

CALL, SEND, SENT = "/screening/call/", "/screening/send/", "/screening/sent/"
SEEN = re.compile(r'name="seen" value="([0-9a-f]+)"')

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clinic(questionnaire, settings, tmp_path):
    settings.DELETIONS_LOG = tmp_path / "deletions.log"
    name_the_clinic()


def wish(**changes):
    given = {"name": "Mary", "phone": "555 010 7777", "best_time": "any", "consent": "on", "token": mark()}
    return {**given, **changes}


# --- odd requests --------------------------------------------------------------------------------------------------


def multipart(fields: dict[str, str]) -> bytes:
    parts = [
        f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    return ("".join(parts) + "--B--\r\n").encode()


def served(path: str, kind: str, body: bytes = b"", **facts) -> str:
    """The status that gunicorn's way in answers with."""
    got, environ = [], Client()._base_environ(PATH_INFO=path, CONTENT_TYPE=kind, SERVER_NAME="localhost", **facts)
    environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    request_started.disconnect(close_old_connections)  # as Django's own test client does: the test's must stay open
    try:
        list(application(environ, lambda status, headers, *_: got.append(status)))
    finally:
        request_started.connect(close_old_connections)
    return got[0]


@pytest.mark.parametrize("charset", ["unicode_escape", "hex", "idna", "undefined", "utf-16"])
def test_charset_of_the_sender_s_choice_is_not_believed(charset):
    kind = f"multipart/form-data; boundary=B; charset={charset}"
    assert served(CALL, kind, multipart(wish(name=r"A\ud800B")), REQUEST_METHOD="POST") == "302 Found"
    assert opened(CallbackRequest.objects.get().contact)["name"] == r"A\ud800B"
    assert served("/admin/login/", kind, QUERY_STRING="next=/intake/") == "200 OK"


@pytest.mark.parametrize("kind", ["text/html; charset*=zzz''%41", "multipart/form-data; boundary*=zzz''%41"])
def test_content_type_that_cannot_be_read_is_as_none(kind):
    assert served(CALL, kind) == "200 OK"


@pytest.mark.parametrize(
    ("path", "status"),
    [(CALL, 413), ("/admin/login/", 413), ("/intake/find/", 413), (f"/screening/delete/{'a' * 22}/", 200)],
)
def test_huge_upload_is_not_read(path, status):
    def read(*_size):
        raise AssertionError("it was read")

    client = Client()
    client.cookies["csrftoken"] = "a" * 32
    kind = "multipart/form-data; boundary=B"
    response = client.generic(
        "POST",
        path,
        content_type=kind,
        **{"CONTENT_LENGTH": 13_000_000, "wsgi.input": SimpleNamespace(read=read, readline=read)},
    )
    assert response.status_code == status


# --- floods --------------------------------------------------------------------------------------------------------


def send(run: int, place="192.0.2.1", **given):
    client = finished(run=f"{run:032x}")
    form = {"seen": SEEN.search(client.get(SEND).text)[1], "consent": "on", **given}
    return client, client.post(SEND, form, REMOTE_ADDR=place)


def test_sends_from_one_address_stop_at_the_limit_with_everything_kept_and_another_way(settings):
    settings.SENDS_AN_HOUR = 2
    assert [send(run)[1].status_code for run in (1, 2)] == [302, 302]
    client, refused = send(3, name="Mary Markerson")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert 'value="Mary Markerson"' in refused.text
    assert "print the summary" in refused.text
    assert client.get("/screening/summary/").status_code == 200
    assert send(4, place="192.0.2.2")[1].status_code == 302
    assert Screening.objects.count() == 3


def test_what_was_sent_already_is_found_beyond_the_limit_too_and_counts_once(settings):
    settings.SENDS_AN_HOUR = 1
    client, first = send(1)
    again = client.post(SEND, {"consent": "on"}, REMOTE_ADDR="192.0.2.1")
    assert first.url == again.url == SENT
    assert SendCount.objects.get().count == Screening.objects.count() == 1


def test_count_names_no_address_and_goes_with_its_hour(settings):
    send(1)
    row = SendCount.objects.get()
    assert "192.0.2" not in str(vars(row))
    SendCount.objects.update(hour=row.hour.replace(year=2020))
    send(2, place="192.0.2.2")
    assert SendCount.objects.get().place != row.place


# --- nobody is dropped in silence ----------------------------------------------------------------------------------


def test_wish_to_be_called_that_was_corrected_with_the_back_button_is_kept():
    token = mark()
    for phone in ("555 010 7777", "555 010 7778", "555 010 7778"):
        assert Client().post(CALL, wish(token=token, phone=phone)).status_code == 302
    kept = [opened(row.contact)["phone"] for row in CallbackRequest.objects.order_by("pk")]
    assert kept == ["555 010 7777", "555 010 7778"]


def test_limit_of_a_phone_number_knows_the_digits_of_other_scripts():
    numbers = ("5550107777", "٥٥٥٠١٠٧٧٧٧", "５５５０１０７７７７", "555 010 7777")
    found = [Client().post(CALL, wish(phone=phone), REMOTE_ADDR=f"192.0.2.{n}") for n, phone in enumerate(numbers)]
    assert [response.status_code for response in found] == [302, 302, 302, 429]

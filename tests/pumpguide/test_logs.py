"""What stands in the log, as it is written."""

import io
import logging

import pytest
from django.test import Client

SECRET = "AbCdEfGhIjKlMnOpQrStUv"


def broken(*_words, **_more):
    raise RuntimeError("a slip of ours")


@pytest.mark.parametrize("path", ["/screening/delete/", "/screening/delete/ <", "/SCREENING/delete/"])
@pytest.mark.django_db
def test_delete_link_is_cut_off_wherever_a_request_fails(path, monkeypatch):
    handler = next(one for one in logging.getLogger("django").handlers if one.name == "stderr")
    written = io.StringIO()
    monkeypatch.setattr(handler, "stream", written)
    monkeypatch.setattr("django.middleware.common.CommonMiddleware.process_request", broken)
    assert Client(raise_request_exception=False).get(f"{path}{SECRET}/").status_code == 500
    assert "Internal Server Error: " in written.getvalue()
    assert SECRET not in written.getvalue()

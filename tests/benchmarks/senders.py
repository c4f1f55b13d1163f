"""People who send what they answered, over HTTP, each with a browser of their own, as fast as the site takes them."""

import re
import secrets
from dataclasses import dataclass
from functools import cached_property

from .ask import Ask, Wire

SEND, SENT = "/screening/send/", "/screening/sent/"
SEEN = re.compile(rb'name="seen" value="([0-9a-f]+)"')
CODE = re.compile(rb"([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})")


@dataclass(frozen=True)
class Sender:
    """One person at the end of the questions, about to send."""

    address: tuple
    run: str
    answers: dict

    @cached_property
    def cookies(self) -> dict[str, str]:
        from screening import answers
        from screening.answers import Visit

        visit = Visit(1, self.answers, self.run)
        return {answers.COOKIE: answers.seal(visit), "csrftoken": "a" * 32}

    @cached_property
    def posted(self) -> bytes:
        """The form as the page gave it, with the consent ticked. Raises OSError where the page did not come."""
        _head, page = Wire(self.address)(Ask(SEND, cookies=self.cookies).raw())
        seen = SEEN.search(page).group(1).decode()
        form = {"csrfmiddlewaretoken": "a" * 32, "seen": seen, "consent": "on"}
        return Ask(SEND, cookies=self.cookies, form=form).raw()

    def send(self) -> bool:
        """Whether the site said that it has it. Raises OSError where the reply was lost."""
        head, _body = Wire(self.address)(self.posted)
        return head.startswith(b"HTTP/1.1 302") and SENT.encode() in head

    def code(self) -> str:
        """The code on the page that follows."""
        _head, body = Wire(self.address)(Ask(SENT, cookies=self.cookies).raw())
        found = CODE.search(body)
        return found.group(1).decode() if found else ""


def open_clinic() -> None:
    """A clinic that takes what patients send."""
    from content.models import SiteSettings

    SiteSettings(clinic_name="Example Pain Clinic", phone="555 0100").save()


def new_sender(address, answers) -> Sender:
    return Sender(address, secrets.token_hex(16), answers)


def finished_answers() -> dict[str, tuple[str, ...]]:
    """Base B of the clinical specification, as the engine reads it."""
    from screening import published
    from screening.engine.reading import read_answers
    from tests.conftest import BASE

    return dict(read_answers(published.version(1).ruleset, BASE))

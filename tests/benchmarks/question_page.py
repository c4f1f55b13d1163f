"""A question page against a minimal Django form page with a session in SQLite: shown, and answered with a redirect.

Both get the cookies of a person on the way, and the answers differ from request to request.
"""

from . import ground
from .ask import Ask, Handler
from .measure import COMPARED, NO_BOUND, Side, compared_row, table
from .patients import patients, way

BOUND = 1.0
EVERY = 11
"""Of all steps, this many-th is measured: about sixty pages that all differ."""
CSRF = "a" * 32
CASES = (  # shown or answered, the encoding asked for, whether the database waits for the disk
    ("shown", "plain", True),
    ("shown", "brotli", True),
    ("answered", "brotli", True),
    ("answered", "brotli", False),
)


def main() -> None:
    ground.prepare()
    from django.db import connection

    handler, world = Handler(), World()
    rows = []
    for kind, encoding, waits in CASES:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous={'FULL' if waits else 'OFF'}")
        ours = Side(handler, lambda kind=kind, encoding=encoding: world.ours(kind, encoding))
        theirs = Side(handler, lambda kind=kind, encoding=encoding: world.theirs(kind, encoding))
        wanted = "200" if kind == "shown" else "302"
        for environ in (*ours.items(), *theirs.items()):
            status, _headers, body = handler(environ)
            if not status.startswith(wanted):
                raise ValueError(f"{environ['PATH_INFO']}: {status}, not {wanted}. {body[:200]!r}")
        asked = {"plain": "no compression", "brotli": "a browser's Accept-Encoding"}[encoding]
        name = f"{kind}, {asked}" + ("" if waits else ", SQLite not waiting for the disk")
        rows.append(compared_row(name, ours, theirs, BOUND))
    anew = Side(lambda environ: handler(forgetful(environ)), lambda: world.ours("shown", "brotli"))
    theirs = Side(handler, lambda: world.theirs("shown", "brotli"))
    rows.append(compared_row("shown for the first time in a process", anew, theirs, NO_BOUND))
    table(f"Question page, {len(world.steps)} steps, against a minimal form page with a session row", COMPARED, rows)


def forgetful(environ):
    """The same request, after the process has forgotten every page it had made."""
    from screening.views.patient import question_page

    question_page.cache_clear()
    return environ


class World:
    """Steps of the sixteen test patients, going on and coming back, and a session row for each on the other side."""

    def __init__(self) -> None:
        from django.contrib.sessions.backends.db import SessionStore

        from screening.published import current

        self.ruleset = current().ruleset
        everyone = patients(self.ruleset)
        self.steps = []
        for number, answers in enumerate(everyone):
            steps = list(way(self.ruleset, answers))
            given = {link_id: answers[link_id] for _so_far, link_id in steps}
            self.steps += [(number, so_far, link_id, given[link_id]) for so_far, link_id in steps]
            self.steps += [(number, given, link_id, given[link_id]) for _so_far, link_id in steps]
        self.steps = self.steps[::EVERY]
        self.sessions = [SessionStore() for _ in everyone]
        for session in self.sessions:
            session["answer"] = "option-1"
            session.create()

    def ours(self, kind: str, encoding: str) -> list[dict]:
        """Fresh cookies each time, so that none grows old enough to be renewed or refused."""
        from screening.answers import COOKIE, Visit, seal

        asks = []
        for _number, so_far, link_id, codes in self.steps:
            visit = Visit(self.ruleset.version, so_far)
            form = {"csrfmiddlewaretoken": CSRF, "run": visit.run, "answer": codes} if kind == "answered" else None
            cookies = {"csrftoken": CSRF, COOKIE: seal(visit)}
            asks.append(Ask(f"/screening/question/{link_id}/", encoding, cookies, form))
        return [ask.environ() for ask in asks]

    def theirs(self, kind: str, encoding: str) -> list[dict]:
        """The same number of options as our question has, and an answer at the same place."""
        asks = []
        for number, _so_far, link_id, codes in self.steps:
            question = self.ruleset.by_link_id[link_id]
            answer = f"option-{question.codes.index(codes[0])}"
            form = {"csrfmiddlewaretoken": CSRF, "answer": answer} if kind == "answered" else None
            cookies = {"csrftoken": CSRF, "sessionid": self.sessions[number].session_key}
            asks.append(Ask(f"/comparison/form/{len(question.codes)}", encoding, cookies, form))
        return [ask.environ() for ask in asks]


if __name__ == "__main__":
    main()

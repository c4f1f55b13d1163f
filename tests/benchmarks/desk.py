"""The intake desk on 10,000 and on 1,000,000 sent screenings: lists, deep pages, filters, opening by code.

On SQLite, then on PostgreSQL; that alone: ``python -m tests.benchmarks.desk postgresql``. Takes about ten minutes and
eight gigabytes, most of both for making the million. Beside it Django's own admin, as one would get it for nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from . import ground
from .ask import Ask, Handler
from .measure import Side, Spread, alone, kept, queries, table

FEW, MANY = 10_000, 1_000_000
PAGE_OF_THE_DEEP = 10_000
MOST_RATIO, MOST_MICROSECONDS = 1.5, 10_000
CALLS, ROUNDS = 20, 15
FILTERS = {
    "not reviewed (the first page)": {},
    "all": {"reviewed": ""},
    "one heading": {"reviewed": "", "heading": "earlier-steps"},
    "one heading, open points, not reviewed": {"heading": "talk", "open": "yes", "reviewed": "no"},
    "no open points, reviewed": {"open": "no", "reviewed": "yes"},
}


@dataclass(frozen=True)
class Desk:
    """A nurse who has signed in."""

    handler: Handler
    cookies: dict[str, str]

    def get(self, path: str, query: dict[str, str] | None = None) -> bytes:
        environ = {**Ask(path, cookies=self.cookies).environ(), "QUERY_STRING": urlencode(query or {})}
        status, _headers, body = self.handler(environ)
        assert status.startswith("200"), status
        return body

    def find(self, code: str) -> str:
        """Type a code; where the record is."""
        form = {"csrfmiddlewaretoken": "a" * 32, "code": code}
        status, headers, _body = self.handler(Ask("/intake/find/", cookies=self.cookies, form=form).environ())
        assert status.startswith("302"), status
        return dict(headers)["Location"]


def main() -> None:
    ground.on_each_database("tests.benchmarks.desk", measure)


def measure() -> None:
    ground.prepare()
    from django.db import connection

    from .many_screenings import grow_to

    desk = signed_in()
    grow_to(FEW)
    few = timed(desk, FEW)
    grow_to(MANY)
    many, fits = timed(desk, MANY), True
    rows = []
    for name, (took, counted) in many.items():
        ratio = took.middle / few[name][0].middle
        holds = ratio <= MOST_RATIO and took.middle <= MOST_MICROSECONDS
        fits = fits and holds
        rows.append((name, few[name][0], took, f"{ratio:.2f}", f"≤ {MOST_RATIO}", kept(holds), counted))
    headings = ("server time µs", f"{FEW:,} rows", f"{MANY:,} rows", "ratio", "bound", "and ≤ 10 ms", "queries")
    table(f"The intake desk, {connection.vendor}", headings, rows)
    stock = alone(Side(lambda path: stock_admin(desk.handler, path), lambda: ["/admin/screening/screening/"]), 3)
    table("Django's own admin of the same rows", ("", "server time µs"), [("first page", stock)])
    if not fits:
        raise SystemExit(1)


def timed(desk: Desk, count: int) -> dict[str, tuple[Spread, str]]:
    """What is asked for -> (time, queries)."""
    from .many_screenings import code

    asked: dict[str, Callable[[int], object]] = {
        name: lambda _call, query=query: desk.get("/intake/", query) for name, query in FILTERS.items()
    }
    deep = {"reviewed": "", "after": place(min(PAGE_OF_THE_DEEP * 25, count - 100))}
    asked["all, page 10,000 (or the last)"] = lambda _call: desk.get("/intake/", deep)
    numbers = iter(range(7, count, 11))
    asked["find by code"] = lambda _call: desk.find(code(next(numbers)))
    asked["open the record"] = lambda _call: desk.get(f"/intake/{next(numbers)}/")
    sides = {name: Side(ask, lambda: range(CALLS)) for name, ask in asked.items()}
    return {name: (alone(side, ROUNDS), queries(side)) for name, side in sides.items()}


def place(rows_before: int) -> str:
    """Where a list of all, newest first, stands after so many rows."""
    from screening.access.listing import Place
    from screening.models import Screening

    sent_at, number = Screening.objects.order_by("-sent_at", "-pk").values_list("sent_at", "pk")[rows_before]
    return str(Place(sent_at, number))


def signed_in() -> Desk:
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.test import Client

    nurse = get_user_model().objects.create_user("nora", is_staff=True)
    nurse.groups.add(Group.objects.get(name="Intake nurse"))
    client = Client()
    client.force_login(nurse)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    return Desk(Handler(), {**cookies, settings.CSRF_COOKIE_NAME: "a" * 32})


def stock_admin(handler: Handler, path: str) -> None:
    """The list that one line of code gives: counted, filtered by what there is, all its columns read."""
    from django.contrib import admin
    from django.contrib.auth import get_user_model
    from django.test import RequestFactory

    from screening.models import Screening

    class Stock(admin.ModelAdmin):
        list_display = ("pk", "sent_at", "disposition", "open_points", "answered_by")
        list_filter = ("disposition", "has_open", "is_reviewed")

        def has_view_permission(self, request, obj=None):
            return True

    request = RequestFactory().get(path)
    request.user = get_user_model().objects.get(username="nora")
    Stock(Screening, admin.site).changelist_view(request).render()


if __name__ == "__main__":
    main()

"""A conversation with the solver: terms, names for them, and the smallest solution of what is required.

The solver (z3) is imported here and nowhere else; only ``formulas``, ``prove`` and ``compare`` import this module.
Terms are SMT-LIB text, which z3 reads far faster than it builds them from Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import NamedTuple, TypeVar

import z3  # type: ignore[import-untyped]

from .terms import Status

Key = TypeVar("Key")
SECONDS = 60
"""What one conversation may take in all; version 1 takes one. The only clock of the engine: it may end a conversation,
which is told as GaveUp, and never changes what is shown. (z3's own units cannot do it: a hard one takes sixty times as
long as an easy one.)"""
STATUSES: tuple[Status, ...] = ("met", "not-met", "unknown")

Term = str
"""A formula: "true", "false", a name, "(not name)" or any SMT-LIB text over them."""

Model = frozenset[str]
"""The names that are true in one solution."""


class GaveUp(RuntimeError):
    """The solver could not decide all it was asked within SECONDS, so nothing is shown."""


class Tri(NamedTuple):
    """A three-valued formula. ``yes``: it is true; ``may``: it is true or unknown."""

    yes: Term
    may: Term

    @property
    def unknown(self) -> Term:
        return conj(self.may, neg(self.yes))

    def status(self, status: Status) -> Term:
        return {"met": self.yes, "not-met": neg(self.may), "unknown": self.unknown}[status]


def neg(term: Term) -> Term:
    if term in ("true", "false"):
        return "false" if term == "true" else "true"
    return term[5:-1] if term.startswith("(not ") else f"(not {term})"


def conj(*terms: Term) -> Term:
    return joined("and", terms, "true", "false")


def disj(*terms: Term) -> Term:
    return joined("or", terms, "false", "true")


def joined(word: str, terms: Sequence[Term], empty: Term, strong: Term) -> Term:
    left = list(dict.fromkeys(term for term in terms if term != empty))
    if strong in left:
        return strong
    return f"({word} {' '.join(left)})" if len(left) > 1 else (left or [empty])[0]


def differ(one: Term, other: Term) -> Term:
    if one == other:
        return "false"
    return f"(xor {one} {other})"


def at_least(needed: int, terms: Sequence[Term]) -> Term:
    """True when that many of the terms are; a term given twice counts twice."""
    left = [term for term in terms if term not in ("true", "false")]
    needed -= terms.count("true")
    if needed <= 0:
        return "true"
    if needed > len(left):
        return "false"
    if needed in (1, len(left)):
        return disj(*left) if needed == 1 else conj(*left)
    return f"((_ at-least {needed}) {' '.join(left)})"


class Solver:
    """One conversation with z3: names, requirements, questions. Same words in, same answers out."""

    def __init__(self) -> None:
        context = z3.Context()
        self._context = context
        self._z3 = z3.SolverFor("QF_FD", ctx=context)
        self._z3.set("phase", "always_false")  # few ticks first: small patients
        self._parser = z3.ParserContext(ctx=context)
        self._text: list[str] = []
        self._count = 0
        self._ends = monotonic() + SECONDS
        self._names: dict[Term, Term] = {}

    def fresh(self) -> Term:
        self._count += 1
        name = f"v{self._count}"
        self._text.append(f"(declare-const {name} Bool)")
        return name

    def require(self, term: Term) -> None:
        if term != "true":
            self._text.append(f"(assert {term})")

    def name(self, term: Term) -> Term:
        """A short name for a formula; the same formula has the same name."""
        if term.startswith("(not "):
            return neg(self.name(neg(term)))
        if "(" not in term:
            return term
        if term not in self._names:
            name = self.fresh()
            self.require(f"(= {name} {term})")
            self._names[term] = name
        return self._names[term]

    def named(self, tri: Tri) -> Tri:
        return Tri(self.name(tri.yes), self.name(tri.may))

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Names and requirements made inside are gone after it."""
        self._send()
        self._z3.push()
        before = len(self._names)
        try:
            yield
        finally:
            self._text.clear()
            self._z3.pop()
            for term in list(self._names)[before:]:
                del self._names[term]

    def solve(self, *terms: Term) -> Model | None:
        """A solution in which all the terms hold, or None: there is none."""
        if not self.possible(*terms):
            return None
        found = re.findall(r"define-fun (\w+) \(\) Bool\s+true", self._z3.model().sexpr())
        return frozenset(found)

    def possible(self, *terms: Term) -> bool:
        names = [self.name(term) for term in terms]
        if "false" in names:
            return False
        self._send()
        self._z3.set("timeout", max(1, int(1000 * (self._ends - monotonic()))))
        found = self._z3.check([self._literal(name) for name in names if name != "true"])
        if found == z3.unknown or monotonic() > self._ends:
            raise GaveUp(f"The solver was not done after {SECONDS} seconds; nothing is shown. Make the rules simpler.")
        return bool(found == z3.sat)

    def possible_of(self, goals: Mapping[Key, Term], *given: Term) -> list[Key]:
        """The goals that are possible, each for itself."""
        with self.scope():
            if not self.possible(*given, disj(*goals.values())):
                return []
            return [key for key, term in goals.items() if self.possible(*given, term)]

    def smallest(self, terms: Sequence[Term], *costs: Sequence[Term]) -> Model | None:
        """A solution with the fewest true terms of the first cost; among those, the fewest of the second; ..."""
        model = self.solve(*terms)
        if model is None:
            return None
        with self.scope():
            for cost in costs:
                model = self._cheapest(terms, cost, model)
        return model

    def _cheapest(self, terms: Sequence[Term], cost: Sequence[Term], model: Model) -> Model:
        cost = [self.name(term) for term in cost]
        while True:
            count = sum(true_in(model, term) for term in cost)
            better = None
            if count:
                with self.scope():
                    self.require(at_most(count - 1, cost))
                    better = self.solve(*terms)
            if better is None:
                self.require(at_most(count, cost))
                return model
            model = better

    def _literal(self, name: Term) -> z3.BoolRef:
        plain = z3.Bool(name.removeprefix("(not ").removesuffix(")"), self._context)
        return z3.Not(plain) if name.startswith("(not ") else plain

    def _send(self) -> None:
        if self._text:
            self._z3.add(self._parser.from_string("".join(self._text)))
            self._text.clear()


def at_most(count: int, terms: Sequence[Term]) -> Term:
    return at_least(len(terms) - count, [neg(term) for term in terms])


def true_in(model: Model, term: Term) -> bool:
    if term.startswith("(not "):
        return not true_in(model, neg(term))
    return term == "true" or term in model

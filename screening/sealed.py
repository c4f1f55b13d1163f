"""Every column in which something of a person lies sealed under PATIENT_KEYS; a new one is added here."""

from collections.abc import Iterator

from cryptography.fernet import InvalidToken
from django.db.models import Model

from .keys import patient_fernet
from .models import CallbackRequest, Review, Screening

COLUMNS: tuple[tuple[type[Model], str], ...] = (
    (Screening, "record"),
    (Screening, "contact"),
    (Review, "sealed"),
    (CallbackRequest, "contact"),
)


def tokens() -> Iterator[tuple[str, bytes]]:
    """(name of the place, token) of every sealed value; the name says nothing about a person."""
    for model, column in COLUMNS:
        rows = model._default_manager.exclude(**{column: None}).order_by("pk").values_list("pk", column)
        for number, token in rows.iterator():
            yield f"{model._meta.model_name} {number}, {column}", bytes(token)


def unreadable() -> tuple[int, list[str]]:
    """(how many sealed values there are, a sentence for each that none of PATIENT_KEYS opens)."""
    fernet, count, closed = patient_fernet(), 0, []
    for place, token in tokens():
        count += 1
        try:
            fernet.decrypt(token)
        except InvalidToken:
            closed.append(f"No key opens {place}.")
    return count, closed

"""Small helps for the desk's templates."""

import json

from django import template

register = template.Library()


@register.filter
def at(table, key):
    """The value of a dict at a key that is only known here."""
    return table.get(key, "")


@register.filter
def as_json(value):
    """A value as JSON, for a hidden field."""
    return json.dumps(value, ensure_ascii=False)

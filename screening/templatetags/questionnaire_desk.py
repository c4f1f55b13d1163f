"""Small helps for the templates of the questionnaire's desk."""

import json

from django import template

register = template.Library()


@register.filter
def as_json(value):
    """A value as JSON, for a hidden field."""
    return json.dumps(value, ensure_ascii=False)

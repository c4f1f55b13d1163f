"""For the desk's first page: what needs someone."""

from django import template

from ..admin.overview import overview

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_overview(context) -> list:
    """The cards of the first page that this person may see."""
    return overview(context["request"].user)

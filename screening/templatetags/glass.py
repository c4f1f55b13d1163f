"""How long the glass that this person broke stays open, for the banner on every page of the desk."""

from django import template
from django.utils import timezone

from ..access import glass_until

register = template.Library()


@register.simple_tag(takes_context=True)
def glass_minutes(context) -> int:
    """Minutes left, rounded up; 0 when nothing is broken. Costs people without the right no query."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return 0
    now = timezone.now()
    until = glass_until(user, now)
    return -int((now - until).total_seconds() // 60) if until else 0

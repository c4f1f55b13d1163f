"""What every desk page says about the accounts: a notice where a password alone opens them, and when a session ends."""

from django import template
from django.conf import settings

from pumpguide.staff.views import is_off

register = template.Library()


@register.inclusion_tag("staff/notice.html")
def staff_notice():
    return {"off": is_off()}


@register.inclusion_tag("staff/session.html")
def staff_session():
    return {"idle": settings.STAFF_IDLE_SECONDS // 60}

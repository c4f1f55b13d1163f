"""What every desk page says about the accounts: a plain notice where a password alone opens them."""

from django import template

from pumpguide.staff.views import is_off

register = template.Library()


@register.inclusion_tag("staff/notice.html")
def staff_notice():
    return {"off": is_off()}

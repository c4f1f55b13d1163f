"""For the heads of public pages: addresses that other sites can use."""

from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.templatetags.static import static

register = template.Library()


@register.simple_tag
def static_address(path: str) -> str:
    """The whole address of a static file, host included: ``{% static_address "img/social-card.png" %}``."""
    return urljoin(f"{settings.PUBLIC_URL}/", static(path))

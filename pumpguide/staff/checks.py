"""What ``manage.py check --deploy`` says about the accounts of staff."""

from django.conf import settings
from django.core.checks import Tags, Warning, register


@register(Tags.security, deploy=True)
def second_step_is_required(app_configs, **kwargs):
    """Production can run without the second step, but never without being told what that means."""
    if settings.TWO_FACTOR == "required":
        return []
    return [
        Warning(
            "Staff sign in with a password alone.",
            hint="Unset PUMPGUIDE_TWO_FACTOR, or set it to required.",
            id="pumpguide.W001",
        )
    ]

"""Breaking the glass: the page where an administrator gives a reason to open what patients sent."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from .. import access, actions
from ..forms_queue import GlassForm
from .staff import intake_view


@intake_view
@require_http_methods(["GET", "HEAD", "POST"])
def glass(request):
    """The reason; after it, the desk is open for a quarter of an hour. A nurse is led to the desk, which is open."""
    user, at = request.user, timezone.now()
    if not user.has_perm("screening.break_glass"):
        if access.may_use_desk(user, at):
            return redirect("intake:desk")
        raise PermissionDenied
    form = GlassForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.break_glass(by=user, at=at, reason=form.cleaned_data["reason"])
        return redirect("intake:desk")
    context = {"form": form, "minutes": access.MINUTES_OF_GLASS}
    return render(request, "screening/intake/glass.html", context, status=422 if form.errors else 200)

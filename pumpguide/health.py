"""Is this process well? For load balancers and for people who watch."""

from datetime import timedelta

from django.db import Error as DatabaseError
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from screening.models import Upkeep

PURGE_LATE = timedelta(hours=3)  # it runs every hour
SWEEP_LATE = timedelta(days=2)  # of large tables, it is done at night


@require_safe
@never_cache
def healthz(request):
    """200 with ``{"database": "ok", "purge": "ok", "sweep": "ok"}``, or 503 when the database does not answer.

    "purge" is "late" when the hourly ``manage.py purge`` has not come to its end for PURGE_LATE, "sweep" when something
    deleted has been left in the database's files for SWEEP_LATE. No visitor is turned away for that, so it stays 200;
    ``/healthz?strict``, for those who watch, answers 503.
    """
    try:
        upkeep = Upkeep.objects.first() or Upkeep()
    except DatabaseError:
        return JsonResponse({"database": "does not answer"}, status=503)
    now = timezone.now()
    late = {
        "purge": upkeep.purged_at is None or now - upkeep.purged_at > PURGE_LATE,
        "sweep": upkeep.unswept_since is not None and now - upkeep.unswept_since > SWEEP_LATE,
    }
    status = 503 if any(late.values()) and "strict" in request.GET else 200
    said = {what: "late" if is_late else "ok" for what, is_late in late.items()}
    return JsonResponse({"database": "ok", **said}, status=status)

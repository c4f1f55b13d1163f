"""Is this process well? For load balancers and for people who watch."""

from datetime import datetime, timedelta

from django.db import Error as DatabaseError
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from screening.models import Upkeep

PURGE_LATE = timedelta(hours=3)  # it runs every hour


@require_safe
@never_cache
def healthz(request):
    """200 with ``{"database": "ok", "purge": "ok"}``, or 503 when the database does not answer.

    "purge" is "late" when the hourly ``manage.py purge`` has not come to its end for PURGE_LATE. No visitor is turned
    away for that, so it stays 200; ``/healthz?strict``, for those who watch, answers 503.
    """
    try:
        last = Upkeep.objects.values_list("purged_at", flat=True).first()
    except DatabaseError:
        return JsonResponse({"database": "does not answer"}, status=503)
    late = is_late(last)
    status = 503 if late and "strict" in request.GET else 200
    return JsonResponse({"database": "ok", "purge": "late" if late else "ok"}, status=status)


def is_late(last: datetime | None) -> bool:
    return last is None or timezone.now() - last > PURGE_LATE

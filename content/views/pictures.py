"""Pictures that staff uploaded, as we re-encoded them."""

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from ..models import Picture


@require_safe
def picture(request, hash):
    """The bytes. Their hash is their name, so a reader may keep them for good."""
    if request.META.get("HTTP_IF_NONE_MATCH") == f'"{hash}"' and Picture.objects.filter(hash=hash).exists():
        response = HttpResponseNotModified()
    else:
        found = get_object_or_404(Picture.objects.only("data"), hash=hash)
        response = HttpResponse(bytes(found.data), content_type="image/webp")
    response.headers["ETag"] = f'"{hash}"'
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response

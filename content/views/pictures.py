"""Pictures that staff uploaded, as we re-encoded them."""

from django.http import Http404


def picture(request, hash):
    raise Http404

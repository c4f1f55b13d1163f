"""The draft of a page by a signed link that expires."""

from django.http import Http404


def preview(request, token):
    raise Http404

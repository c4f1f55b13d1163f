"""What search engines and feed readers ask for."""

from django.http import Http404


def sitemap(request):
    raise Http404


def robots(request):
    raise Http404


def changes(request):
    raise Http404

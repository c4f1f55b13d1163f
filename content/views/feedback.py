"""Did you find this helpful?"""

from django.http import Http404


def feedback(request, key):
    raise Http404

"""Files to take along, from patients' pages and nurses' alike."""

from django.http import HttpResponse


def attachment(content: bytes | str, content_type: str, name: str, *, inline: bool = False) -> HttpResponse:
    """A file to keep, or to show in the browser. ``name``: the same for everybody, so that it tells nothing."""
    way = "inline" if inline else "attachment"
    headers = {"Content-Disposition": f'{way}; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)

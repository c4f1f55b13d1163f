"""Pictures at the desk, and their bytes for readers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from content.models import Picture
from tests.content.admin.conftest import put_live
from tests.content.test_pictures import drawn
from tests.content.test_snapshot import make_page

pytestmark = pytest.mark.django_db


def add(desk, editor, data=None, **fields):
    with desk(editor) as edith:
        given = {"title": "A pump", "alt": "A round pump.", **fields}
        given["file"] = SimpleUploadedFile("x.png", drawn() if data is None else data)
        return edith.client.post(reverse("admin:content_picture_add"), given)


def test_upload_is_kept_as_webp_and_served(client, desk, editor):
    assert add(desk, editor).status_code == 302
    picture = Picture.objects.get()
    response = client.get(f"/pictures/{picture.hash}.webp")
    assert response.headers["Content-Type"] == "image/webp"
    assert response.content == bytes(picture.data)
    assert "immutable" in response.headers["Cache-Control"]
    again = client.get(f"/pictures/{picture.hash}.webp", headers={"if-none-match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["nothing", "%00", "0" * 64])
def test_unknown_picture_is_404(client, name):
    assert client.get(f"/pictures/{name}.webp").status_code == 404
    assert client.get(f"/pictures/{name}.webp", headers={"if-none-match": f'"{name}"'}).status_code == 404


def test_svg_is_refused_and_the_words_stay_in_the_form(desk, editor):
    response = add(desk, editor, b"<svg/>", title="My words")
    assert response.status_code == 422
    assert "such as SVG, as PNG" in response.content.decode()
    assert "My words" in response.content.decode()
    assert not Picture.objects.exists()


def test_alternative_text_is_asked_for_unless_it_only_decorates(desk, editor):
    assert add(desk, editor, alt="").status_code == 422
    assert add(desk, editor, alt="", decorative="on").status_code == 302


def test_same_picture_twice_is_named(desk, editor):
    add(desk, editor)
    response = add(desk, editor, title="Again")
    assert response.status_code == 422
    assert "A pump" in response.content.decode()


def test_words_can_be_mended_and_pixels_not(desk, editor):
    add(desk, editor)
    picture = Picture.objects.get()
    with desk(editor) as edith:
        address = reverse("admin:content_picture_change", args=[picture.pk])
        assert f"/pictures/{picture.hash}.webp" in edith.client.get(address).content.decode()
        edith.client.post(address, {"title": "New", "alt": "New.", "file": SimpleUploadedFile("y.png", drawn("GIF"))})
    after = Picture.objects.get()
    assert (after.title, after.hash, bytes(after.data)) == ("New", picture.hash, bytes(picture.data))
    assert [user for user, _when in after.authors] == [editor.pk]


def test_picture_can_be_removed_until_a_revision_shows_it(desk, editor):
    add(desk, editor)
    picture = Picture.objects.get()
    address = reverse("admin:content_picture_delete", args=[picture.pk])
    page = put_live(make_page("risks", {"kind": "figure", "picture": picture, "subject": ""}))
    page.blocks.all().delete()
    with desk(editor) as edith:
        assert edith.client.get(address).status_code == 403
    other = Picture.objects.create(title="B", alt="B.", data=b"x", width=1, height=1, hash="b" * 64)
    with desk(editor) as edith:
        edith.client.post(reverse("admin:content_picture_delete", args=[other.pk]), {"post": "yes"})
    assert list(Picture.objects.all()) == [picture]

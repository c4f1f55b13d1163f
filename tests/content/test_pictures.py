"""Uploads come out as WebP, upright and small, with nothing of the file but its pixels."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from content import pictures
from content.pictures import reencode


def drawn(kind="PNG", size=(8, 4), mode="RGB", **options):
    out = BytesIO()
    Image.new(mode, size, "#ff000080" if mode == "RGBA" else "red").save(out, kind, **options)
    return out.getvalue()


def upload(data, name="a.png"):
    return SimpleUploadedFile(name, data)


def opened(encoded):
    return Image.open(BytesIO(encoded.data))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_each_kind_becomes_webp(kind):
    encoded = reencode(upload(drawn(kind)))
    assert (opened(encoded).format, opened(encoded).size) == ("WEBP", (8, 4))
    assert (encoded.width, encoded.height, len(encoded.hash)) == (8, 4, 64)


def test_name_and_declared_type_do_not_matter():
    assert reencode(SimpleUploadedFile("x.svg", drawn(), content_type="image/svg+xml")).width == 8


def test_place_time_camera_and_comments_are_dropped():
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "SECRETNOTE")
    for data in (drawn("JPEG", exif=exif), drawn("PNG", pnginfo=note, exif=exif), drawn("JPEG", comment=b"SECRET")):
        encoded = reencode(upload(data))
        assert b"SECRET" not in encoded.data
        assert not opened(encoded).getexif()
        assert {"exif", "xmp", "icc_profile"}.isdisjoint(opened(encoded).info)


def test_picture_taken_on_its_side_is_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert (reencode(upload(drawn("JPEG", exif=exif))).width, 8) == (4, 8)


def test_large_picture_is_made_small_in_proportion():
    encoded = reencode(upload(drawn(size=(4000, 1000))))
    assert (encoded.width, encoded.height) == (1600, 400)


def test_see_through_stays():
    assert opened(reencode(upload(drawn(mode="RGBA")))).mode == "RGBA"


def test_same_picture_gives_the_same_name():
    assert reencode(upload(drawn())).hash == reencode(upload(drawn())).hash


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<?xml version='1.0'?><svg/>",
        b"%PDF-1.7",
        b"<html><script>alert(1)</script></html>",
        b"",
        b"\0" * 100,
        drawn("BMP"),
        drawn("TIFF"),
        drawn("ICO", size=(16, 16)),
    ],
    ids=["svg", "xml", "pdf", "html", "empty", "zeros", "bmp", "tiff", "ico"],
)
def test_other_kinds_are_refused_with_the_mend(data):
    with pytest.raises(ValidationError, match="Choose a PNG, JPEG, WebP or GIF"):
        reencode(upload(data))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_damaged_file_is_refused_kindly_wherever_it_is_cut(kind):
    whole = drawn(kind, size=(64, 64))
    for length in range(8, len(whole) - 1, 7):
        with suppress(ValidationError):  # anything else would be a server error
            reencode(upload(whole[:length]))


def bomb(width, height):
    """A tiny PNG that says it is enormous."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(10_000, 5_000), (60_000, 60_000), (2_000_000_000, 1)])
def test_picture_of_too_many_pixels_is_refused_before_it_is_read(size):
    with pytest.raises(ValidationError, match=r"pixels|damaged"):
        reencode(upload(bomb(*size)))


def test_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_BYTES", 10)
    with pytest.raises(ValidationError, match="larger than 10 MB"):
        reencode(upload(drawn()))

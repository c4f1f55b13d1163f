"""Makes an uploaded picture safe and small: read as pixels, written anew as WebP. Nothing else of the file is kept."""

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")  # never SVG: it can hold script
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000  # more than any phone's camera takes; read before the pixels are
LONGEST_SIDE = 1600  # pixels; twice the width of a page's text
QUALITY = 82


@dataclass(frozen=True)
class Encoded:
    """WebP bytes and what a page needs to know of them; ``width`` and ``height`` in pixels."""

    data: bytes
    width: int
    height: int
    hash: str


def reencode(file) -> Encoded:
    """The picture in an uploaded file, upright, at most LONGEST_SIDE, without place, time or camera.

    Raises ValidationError with the mend for what is too large, damaged, or none of FORMATS.
    """
    if file.size > MAX_BYTES:
        raise ValidationError(_("This file is larger than 10 MB. Save a smaller copy and choose that."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = upright(Image.open(file, formats=FORMATS))
    except UnidentifiedImageError as error:
        raise not_a_picture() from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many_pixels() from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # what Pillow raises for damaged files
        raise ValidationError(_("This file is damaged. Open it in a picture program and save it anew.")) from error
    out = BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=6)
    data = out.getvalue()
    return Encoded(data, picture.width, picture.height, hashlib.sha256(data).hexdigest())


def upright(picture: Image.Image) -> Image.Image:
    """The first frame's pixels alone, turned as they were meant to be seen, made small."""
    if picture.width * picture.height > MAX_PIXELS:
        raise too_many_pixels()
    picture = ImageOps.exif_transpose(picture)
    see_through = picture.has_transparency_data
    picture = picture.convert("RGBA" if see_through else "RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    pixels = Image.new(picture.mode, picture.size)
    pixels.paste(picture)
    return pixels


def too_many_pixels() -> ValidationError:
    return ValidationError(_("This picture has more than 40 million pixels. Save a smaller copy and choose that."))


def not_a_picture() -> ValidationError:
    return ValidationError(_("Choose a PNG, JPEG, WebP or GIF file. Save other kinds, such as SVG, as PNG."))

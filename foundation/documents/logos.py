"""The logo of a letter-head: pixels and nothing else. What was sent is read, drawn again and forgotten."""

import io
import warnings

from django.core.files import File
from django.utils.translation import gettext as _
from PIL import Image

from foundation.errors import Refusal
from foundation.files.profiles import Profile
from foundation.files.services import check_upload

LARGEST_UPLOAD = 2 * 1024 * 1024
PROFILE = Profile("documents.logo", frozenset({"png", "jpg", "jpeg"}), LARGEST_UPLOAD)
LARGEST_SIDE = 6000
BOX = (1000, 400)
"""Pixels of the logo once drawn again: enough for 18 mm high on paper at 500 dots an inch."""
ALLOWED = ("PNG", "JPEG")


def redrawn(sent: File) -> bytes:
    """A PNG without metadata of the picture that was sent, checked as every file is, by the antivirus too.

    Raises Refusal for anything but a PNG or JPEG picture. SVG is refused: it may hold scripts and addresses, and a
    letter-head needs neither.
    """
    check_upload(sent, profile=PROFILE, field="logo")
    try:
        return _draw(sent.read())
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refusal(
            _("Ce fichier n’est pas une image PNG ou JPEG de 6 000 pixels au plus. Exportez le logo en PNG."),
            field="logo",
        )


def _draw(sent: bytes) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        Image.open(io.BytesIO(sent), formats=ALLOWED).verify()
        image = Image.open(io.BytesIO(sent), formats=ALLOWED)
        if max(image.size) > LARGEST_SIDE:
            raise ValueError("too large")
        image.load()
    # Printed archives (PDF/A) want opaque pictures of known colours: put on white paper.
    flat = Image.new("RGB", image.size, "white")
    layer = image.convert("RGBA")
    flat.paste(layer, mask=layer.getchannel("A"))
    flat.thumbnail(BOX)
    target = io.BytesIO()
    flat.save(target, format="PNG", optimize=True)
    return target.getvalue()

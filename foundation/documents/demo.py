"""The letter-head of the demonstration's buyer, in two versions, and one preview. Told again, it changes nothing."""

import io
from datetime import timedelta

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from foundation.documents import services
from foundation.documents.models import Letterhead

BLUE, RED = (15, 76, 92), (163, 58, 37)


def tell(cast, *, at) -> None:
    """Before the other chapters, so that their documents are printed with it."""
    dinum, by = cast.orgs["dinum"], cast.people["administration"]
    if Letterhead.objects.filter(organisation=dinum).exists():
        return
    words = {
        "name": "Direction interministérielle du numérique (démonstration)",
        "address": "20 avenue de Ségur\n75007 Paris",
        "footer": "Document de démonstration, sans valeur",
        "logo_alternative": "Deux carrés qui se chevauchent",
    }
    began = at - timedelta(days=900)
    first = {**words, "name": "DINUM", "logo": None, "logo_alternative": ""}
    services.letterhead_save(organisation=dinum, **first, by=by, at=began)
    services.letterhead_save(organisation=dinum, **words, logo=_logo(), by=by, at=began + timedelta(days=30))
    services.preview_request(organisation=dinum, by=by, at=at)


def _logo() -> ContentFile:
    """A mark of no one: that of the State is reserved to it."""
    image = Image.new("RGB", (360, 220), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 20, 180, 180), fill=BLUE)
    draw.rectangle((140, 60, 300, 200), outline=RED, width=14)
    target = io.BytesIO()
    image.save(target, format="PNG")
    return ContentFile(target.getvalue(), name="logo.png")

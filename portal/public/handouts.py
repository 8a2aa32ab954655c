"""What people take home on paper: the leaflet of a one-thing, and forms to fill in with a sample beside them.

A handout is laid out when it is first asked for and kept under the fingerprint of what it says: an edition costs one
printing of each, and a changed telephone number a new one.
"""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.urls import reverse

from portal.catalogue.models import Edition
from portal.catalogue.schema import Material, OneThing, confidence
from portal.context import site_facts
from portal.documents.press import print_pdf, qr, style_text
from portal.public.guide import guide_of

_STYLE = "public/handout.css"
_VARIANT = "pdf/ua-1"
_FOLDER = "handouts"


@dataclass(frozen=True, slots=True)
class Handout:
    """html: the whole of what is printed. name: of the file, for whoever saves it."""

    html: str
    name: str

    @property
    def path(self) -> str:
        """Where its PDF is kept: another text, or another look, is another file."""
        digest = hashlib.sha256((self.html + style_text(_STYLE)).encode()).hexdigest()
        return f"{_FOLDER}/{digest[:40]}.pdf"

    @property
    def is_printed(self) -> bool:
        return default_storage.exists(self.path)

    def pdf(self) -> bytes:
        """The PDF, printed and kept when nobody has asked for it before."""
        path = self.path
        if default_storage.exists(path):
            with default_storage.open(path, "rb") as kept:
                return kept.read()
        made = print_pdf(self.html, style=_STYLE, variant=_VARIANT, identifier=path.encode())
        default_storage.save(path, ContentFile(made))
        return made


def leaflet(edition: Edition, one_thing: OneThing) -> Handout:
    """One sheet on a one-thing: size, time, matters, materials, where and how, and a QR code to the guide."""
    address = settings.SITE_URL + reverse("public:guide", args=[one_thing.id])
    html = render_to_string(
        "public/leaflet.html",
        {
            "guide": guide_of(edition.catalogue, one_thing),
            "one_thing": one_thing,
            "edition": edition,
            "address": address,
            "qr": qr(address),
            "site": site_facts(),
        },
    )
    return Handout(html, f"{one_thing.name}.pdf")


def form(edition: Edition, material: Material, *, filled: bool) -> Handout:
    """The form of a material, blank or as the sample. LookupError when the edition has none."""
    if material.blank is None or (filled and not material.sample):
        raise LookupError(f"material {material.id!r} has no {'sample' if filled else 'blank form'}")
    values = dict(material.sample) if filled else {}
    blank = material.blank
    html = render_to_string(
        "public/form.html",
        {
            "material": material,
            "blank": blank,
            "addressee": edition.catalogue.authority_name(blank.addressee),
            "lines": [(line, values.get(line, "")) for line in material.must_contain],
            "filled": filled,
            "mark": confidence(blank.status),
            "edition": edition,
            "site": site_facts(),
        },
    )
    return Handout(html, f"{material.name}（{'样例' if filled else '空白'}）.pdf")

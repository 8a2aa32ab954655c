"""WeasyPrint with the portal's fonts: HTML in, PDF out. It may fetch nothing: pictures are data."""

from functools import lru_cache
from threading import Lock
from typing import Any

import segno
from django.template.loader import render_to_string

from portal import fonts
from portal.documents.seals import RED

# The layout libraries below WeasyPrint keep state per process: one paper at a time.
_one_at_a_time = Lock()


def print_pdf(html: str, *, style: str, variant: str, identifier: bytes) -> bytes:
    """The PDF of a page; the first one in a process takes a second or two longer. style: name of a template of CSS."""
    with _one_at_a_time:
        weasyprint, font_config = _machine()
        return weasyprint.HTML(string=html, url_fetcher=_fetcher()).write_pdf(
            stylesheets=[_style(style)], font_config=font_config, pdf_variant=variant, pdf_identifier=identifier
        )


def qr(url: str) -> str:
    """A QR code as the ``src`` of an image."""
    return str(segno.make(url, error="m", micro=False).svg_data_uri(border=0, scale=4))


def style_text(name: str) -> str:
    """The CSS of a paper with the portal's fonts and red in it."""
    families = {"fangsong": fonts.FANGSONG, "heiti": fonts.HEITI, "kaiti": fonts.KAITI, "red": RED}
    return render_to_string(name, families)


@lru_cache(maxsize=1)
def _machine() -> tuple[Any, Any]:
    fonts.configure()
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    return weasyprint, FontConfiguration()


@lru_cache(maxsize=8)
def _style(name: str) -> Any:
    weasyprint, font_config = _machine()
    return weasyprint.CSS(string=style_text(name), font_config=font_config)


@lru_cache(maxsize=1)
def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("data",))

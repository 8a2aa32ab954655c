"""From frozen contents to a PDF in the look of GB/T 9704: archivable, tagged (PDF/A-3a), the same bytes each time."""

from functools import lru_cache
from threading import Lock
from typing import Any

import segno
from django.template.loader import render_to_string

from portal import fonts
from portal.documents.lettering import display
from portal.documents.models import Document
from portal.documents.seals import RED, seal_source

_TEMPLATES = {
    Document.Kind.RECEIPT: "documents/receipt.html",
    Document.Kind.ACCEPTANCE: "documents/acceptance.html",
    Document.Kind.NON_ACCEPTANCE: "documents/non_acceptance.html",
    Document.Kind.GRANT: "documents/grant.html",
    Document.Kind.REFUSAL: "documents/refusal.html",
    Document.Kind.CONCLUSION: "documents/conclusion.html",
}
_VARIANT = "pdf/a-3a"
_TITLE_MM = 7.76
"""2号."""
_TYPE_AREA_MM = 156
# The layout libraries below WeasyPrint keep state per process: one paper at a time.
_one_at_a_time = Lock()


def render_pdf(document: Document) -> bytes:
    """The PDF of a paper, from its frozen contents alone. The first one in a process takes a second or two longer."""
    html = paper_html(document)
    with _one_at_a_time:
        weasyprint, options = _press()
        return weasyprint.HTML(string=html, url_fetcher=options["url_fetcher"]).write_pdf(
            stylesheets=[options["css"]],
            font_config=options["font_config"],
            pdf_variant=_VARIANT,
            pdf_identifier=document.verify_code.encode(),
        )


def paper_html(document: Document) -> str:
    """The page that is printed; everything in it that came from people is escaped."""
    contents = document.contents
    return render_to_string(
        _TEMPLATES[Document.Kind(document.kind)],
        {
            "paper": contents,
            "title": display(contents["title"], size_mm=_TITLE_MM, colour="#000000"),
            "issuer": _issuer(contents["authority"]),
            "seal": seal_source(contents["authority"]) if contents["demonstration"] else "",
            "verify_qr": _qr(contents["verify"]["url"]),
            "status_qr": _qr(contents["status_url"]) if "status_url" in contents else "",
            "rating_qr": _qr(contents["rating_url"]) if "rating_url" in contents else "",
        },
    )


def _issuer(authority: str) -> str:
    """发文机关标志: red, as large as the width allows, never larger than the first-class heading of a decree."""
    size_mm = min(11.0, (_TYPE_AREA_MM - 6) / (len(authority) * 1.06))
    return display(authority, size_mm=size_mm, colour=RED, spacing_em=0.06)


def _qr(url: str) -> str:
    return str(segno.make(url, error="m", micro=False).svg_data_uri(border=0, scale=4))


@lru_cache(maxsize=1)
def _press() -> tuple[Any, dict[str, Any]]:
    """WeasyPrint with the portal's fonts and style, made once per process. It may fetch nothing: images are data."""
    fonts.configure()
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    font_config = FontConfiguration()
    style = render_to_string(
        "documents/paper.css",
        {"fangsong": fonts.FANGSONG, "heiti": fonts.HEITI, "kaiti": fonts.KAITI, "red": RED},
    )
    css = weasyprint.CSS(string=style, font_config=font_config)
    return weasyprint, {"css": css, "font_config": font_config, "url_fetcher": URLFetcher(allowed_protocols=("data",))}

"""From frozen contents to a PDF in the look of GB/T 9704: archivable, tagged (PDF/A-3a), the same bytes each time."""

from django.template.loader import render_to_string

from portal.documents.lettering import display
from portal.documents.models import Document
from portal.documents.press import print_pdf, qr
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


def render_pdf(document: Document) -> bytes:
    """The PDF of a paper, from its frozen contents alone. The first one in a process takes a second or two longer."""
    return print_pdf(
        paper_html(document),
        style="documents/paper.css",
        variant=_VARIANT,
        identifier=document.verify_code.encode(),
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
            "verify_qr": qr(contents["verify"]["url"]),
            "status_qr": qr(contents["status_url"]) if "status_url" in contents else "",
            "rating_qr": qr(contents["rating_url"]) if "rating_url" in contents else "",
        },
    )


def _issuer(authority: str) -> str:
    """发文机关标志: red, as large as the width allows, never larger than the first-class heading of a decree."""
    size_mm = min(11.0, (_TYPE_AREA_MM - 6) / (len(authority) * 1.06))
    return display(authority, size_mm=size_mm, colour=RED, spacing_em=0.06)

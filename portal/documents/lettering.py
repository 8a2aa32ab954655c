"""Large words in the weight of 小标宋, which no free font has: set as an SVG whose strokes are thickened a little."""

from base64 import b64encode
from xml.sax.saxutils import escape, quoteattr

from portal import fonts

_STROKE_EM = 0.028
# WeasyPrint keeps the space after a comma as part of a family's name.
_FAMILIES = fonts.XIAOBIAOSONG.replace(", ", ",")


def svg_source(svg: str) -> str:
    """An SVG as the ``src`` of an image: inline ``<svg>`` breaks the tagging of the PDF."""
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


def display(text: str, *, size_mm: float, colour: str, spacing_em: float = 0.0) -> str:
    """One line of display type as the ``src`` of an image; it brings its own size in millimetres."""
    advance = size_mm * (1 + spacing_em)
    width, height = f"{len(text) * advance:.2f}", f"{size_mm * 1.3:.2f}"
    baseline = f"{size_mm * 1.02:.2f}"
    letters = "".join(
        f'<text x="{(index + 0.5) * advance:.2f}" y="{baseline}" text-anchor="middle">{escape(letter)}</text>'
        for index, letter in enumerate(text)
    )
    return svg_source(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}" '
        f'font-family={quoteattr(_FAMILIES)} font-size="{size_mm:.2f}" fill="{colour}" '
        f'stroke="{colour}" stroke-width="{size_mm * _STROKE_EM:.3f}" stroke-linejoin="round">{letters}</svg>'
    )

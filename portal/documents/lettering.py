"""Large words in the weight of 小标宋, which no free font has: set as an SVG whose strokes are thickened a little."""

from base64 import b64encode
from xml.sax.saxutils import escape, quoteattr

from portal import fonts

_STROKE_EM = 0.028


def svg_source(svg: str) -> str:
    """An SVG as the ``src`` of an image: inline ``<svg>`` breaks the tagging of the PDF."""
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


def display(text: str, *, size_mm: float, colour: str, spacing_em: float = 0.0) -> dict[str, str]:
    """One line of display type: ``src`` for the image, and its width and height in millimetres for the page."""
    advance = size_mm * (1 + spacing_em)
    width, height = len(text) * advance, size_mm * 1.3
    glyphs = "".join(
        f'<text x="{(index + 0.5) * advance:.2f}" y="{size_mm * 1.02:.2f}" text-anchor="middle">{escape(character)}</text>'
        for index, character in enumerate(text)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.2f} {height:.2f}" '
        f"font-family={quoteattr(fonts.XIAOBIAOSONG)} font-size={quoteattr(f'{size_mm:.2f}')} "
        f'fill="{colour}" stroke="{colour}" stroke-width="{size_mm * _STROKE_EM:.3f}" stroke-linejoin="round">{glyphs}</svg>'
    )
    return {"src": svg_source(svg), "width": f"{width:.2f}mm", "height": f"{height:.2f}mm"}

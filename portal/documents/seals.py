"""The demonstration seal: a red round seal with a star and the authority's name, which says 演示 and stands for nobody.

A real electronic seal (GB/T 38540, SM2) is the business of the authority's own seal system; none is imitated here.
"""

from functools import lru_cache
from math import cos, pi, sin
from typing import Any

from portal.documents.lettering import svg_source

RED = "#d7000f"
DIAMETER_MM = 42
"""Of a county-level authority's seal."""
MARK = "演示印章"
_RADIUS = DIAMETER_MM / 2
# The name runs clockwise over the top and leaves the bottom free.
_ARC_DEGREES = 250
_LARGEST_MM = 5.4


def seal_source(authority: str) -> str:
    """The demonstration seal of this authority as the ``src`` of an image."""
    return svg_source(seal_svg(authority))


@lru_cache(maxsize=128)
def seal_svg(authority: str) -> str:
    """SVG of the seal. Its words are outlines: the rotated letters must not turn up in the text of the paper."""
    centre = _RADIUS
    ring = (
        f'<circle cx="{centre}" cy="{centre}" r="{_RADIUS - 0.7:.2f}" fill="none" stroke="{RED}" stroke-width="1.1"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {DIAMETER_MM} {DIAMETER_MM}" fill="{RED}">'
        f"{ring}{_star(centre, centre - 0.6, 6.2)}{_name(authority)}{_mark()}</svg>"
    )


def _name(authority: str) -> str:
    """Each character upright on the circle; long names get narrower letters, then smaller ones."""
    step_degrees = min(_ARC_DEGREES / max(len(authority), 1), 21)
    radius = _RADIUS - 1.7
    room_mm = step_degrees * pi / 180 * (radius - _LARGEST_MM / 2)
    height = min(_LARGEST_MM, room_mm * 1.55)
    width = min(height, room_mm * 0.94)
    first = -step_degrees * (len(authority) - 1) / 2
    baseline = _RADIUS - radius + height * 0.88
    start = f"translate({_RADIUS - width / 2:.2f} {baseline:.2f})"
    return "".join(
        _letter(
            letter,
            place=f"rotate({first + index * step_degrees:.2f} {_RADIUS} {_RADIUS}) {start}",
            width=width,
            height=height,
        )
        for index, letter in enumerate(authority)
    )


def _mark() -> str:
    """演示印章, level, below the star."""
    size, gap, baseline = 4.4, 4.7, _RADIUS + 12.6
    left = _RADIUS - gap * len(MARK) / 2 + (gap - size) / 2
    return "".join(
        _letter(letter, place=f"translate({left + index * gap:.2f} {baseline:.2f})", width=size, height=size)
        for index, letter in enumerate(MARK)
    )


def _letter(letter: str, *, place: str, width: float, height: float) -> str:
    scale = f"scale({width / 1000:.5f} {-height / 1000:.5f})"
    return f'<path transform="{place} {scale}" d="{_outline(letter)}"/>'


def _star(x: float, y: float, radius: float) -> str:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = pi / 5 * corner - pi / 2
        points.append(f"{x + reach * cos(angle):.3f},{y + reach * sin(angle):.3f}")
    return f'<polygon points="{" ".join(points)}"/>'


@lru_cache(maxsize=1024)
def _outline(letter: str) -> str:
    """The glyph as SVG path data in thousandths of an em, y upwards; nothing for a letter that the font lacks."""
    from fontTools.pens.svgPathPen import SVGPathPen

    font, pen = _font(), SVGPathPen(None, ntos=lambda value: f"{value:.0f}")
    glyph = font.get_nominal_glyph(ord(letter))
    if glyph is not None:
        font.draw_glyph_with_pen(glyph, pen)
    return str(pen.getCommands())


@lru_cache(maxsize=1)
def _font() -> Any:
    import pylopdf_fonts_zh_cn as wheel
    import uharfbuzz

    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(wheel.serif_path()))))

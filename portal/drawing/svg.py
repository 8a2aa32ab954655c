"""The few words of SVG that the pictures are written in: escaped, deterministic, free of style attributes."""

import unicodedata
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from portal.drawing.palette import INK

# One rem at the reader's default size; pictures are sized in rem so that they grow with the large-type mode.
UNITS_PER_REM = 16
CLOSING = "，。、；：？！）》”’】〉"
OPENING = "（《“‘【〈"
_FONTS = (
    "'PingFang SC', 'HarmonyOS Sans SC', 'Microsoft YaHei UI', 'Microsoft YaHei', 'Noto Sans SC', "
    "'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"
)

Number = int | float


def number(value: Number) -> str:
    """A coordinate with at most one decimal, the same on every machine."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")


def element(tag: str, *children: str, **attributes: Number | str | None) -> str:
    """One element. Children are markup already; attribute values are escaped; `_` in a name becomes `-`."""
    parts = [tag]
    for name, value in attributes.items():
        if value is None:
            continue
        shown = value if isinstance(value, str) else number(value)
        parts.append(f"{name.rstrip('_').replace('_', '-')}={quoteattr(shown)}")
    opening = " ".join(parts)
    return f"<{opening}>{''.join(children)}</{tag}>" if children else f"<{opening}/>"


def words(
    text: str,
    *,
    x: Number,
    y: Number,
    size: Number = 14,
    fill: str = INK,
    anchor: str | None = None,
    bold: bool = False,
    halo: bool = False,
) -> str:
    """A line of text whose baseline is y. A halo keeps it legible where a line passes behind it."""
    return element(
        "text",
        escape(text),
        x=x,
        y=y,
        font_size=size,
        fill=fill,
        text_anchor=anchor,
        font_weight="700" if bold else None,
        paint_order="stroke" if halo else None,
        stroke="#ffffff" if halo else None,
        stroke_width=4 if halo else None,
        stroke_linejoin="round" if halo else None,
    )


def lines(texts: Iterable[str], *, x: Number, y: Number, leading: Number, **how: object) -> str:
    """Several lines below each other, the first baseline at y."""
    return "".join(words(text, x=x, y=y + index * leading, **how) for index, text in enumerate(texts))  # type: ignore[arg-type]


def width_of(text: str, size: Number) -> float:
    """Estimated width: a Chinese character is one em, a Latin letter or digit a little over half."""
    ems = sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.57 for char in text)
    return ems * size


def wrapped(text: str, *, width: Number, size: Number) -> tuple[str, ...]:
    """Break a text into lines no wider than width; nothing is cut off, and no line begins with a closing mark."""
    rows: list[str] = []
    row = ""
    for char in text:
        if row and width_of(row + char, size) > width and char not in CLOSING:
            carry = row[-1] if row[-1] in OPENING else ""
            rows.append(row.removesuffix(carry) if carry else row)
            row = carry
        row += char
    if rows and len(row) == 1 and len(rows[-1]) > 2:
        # A character does not stand alone on the last line.
        row, rows[-1] = rows[-1][-1] + row, rows[-1][:-1]
    return (*rows, row) if row else tuple(rows)


def arrow_head(x: Number, y: Number, *, direction: str, fill: str, size: Number = 6) -> str:
    """A solid triangle whose tip is at (x, y), pointing right, up or down."""
    half = size * 0.6
    base = {
        "right": ((x - size, y - half), (x - size, y + half)),
        "down": ((x - half, y - size), (x + half, y - size)),
        "up": ((x - half, y + size), (x + half, y + size)),
    }[direction]
    points = " ".join(f"{number(px)},{number(py)}" for px, py in ((x, y), *base))
    return element("polygon", points=points, fill=fill)


def picture(*, width: Number, height: Number, title: str, desc: str, body: Iterable[str], kind: str) -> str:
    """The whole picture: named for screen readers, scalable, sized in rem."""
    return element(
        "svg",
        element("title", escape(title)),
        element("desc", escape(desc)) if desc else "",
        *body,
        xmlns="http://www.w3.org/2000/svg",
        class_=f"drawing drawing--{kind}",
        role="img",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=f"{number(width / UNITS_PER_REM)}rem",
        height=f"{number(height / UNITS_PER_REM)}rem",
        font_family=_FONTS,
    )

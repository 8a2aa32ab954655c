"""Amounts side by side: one bar per line, its parts told apart by words and pattern as well as by colour."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.drawing.palette import INK, INK_SOFT, LINE, TONES, Tone
from portal.drawing.svg import element, number, picture, width_of, words, wrapped

_MARGIN = 16
_LABEL_WIDTH = 216
_CHART_WIDTH = 520
_END_WIDTH = 64
_ROW = 34
_BAR = 18
_LEGEND = 40


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of amount, the same for every bar. striped: drawn with stripes besides its colour."""

    label: str
    tone: Tone
    striped: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One line: amounts in the order of the parts, none negative."""

    label: str
    amounts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.amounts)


def bars(lines: Sequence[Bar], parts: Sequence[Part], *, title: str, unit: str) -> str:
    """SVG of the bars in the order given. unit: what is counted (“件”). ValueError when a bar has other parts."""
    for line in lines:
        if len(line.amounts) != len(parts):
            raise ValueError(f"bar {line.label!r} has {len(line.amounts)} amounts for {len(parts)} parts")
    most = max((line.total for line in lines), default=0) or 1
    body = [_legend(parts)]
    top = float(_LEGEND)
    for line in lines:
        names = wrapped(line.label, width=_LABEL_WIDTH - _MARGIN - 12, size=14)
        height = max(_ROW, 20 * len(names) + 12)
        body.append(_line(line, names, parts, top=top, height=height, most=most))
        top += height
    desc = "。".join(f"{line.label}：{_in_words(line, parts, unit)}" for line in lines)
    width = _LABEL_WIDTH + _CHART_WIDTH + _END_WIDTH
    return picture(width=width, height=top + 8, title=title, desc=desc, body=[_stripes(), *body], kind="bars")


def _in_words(line: Bar, parts: Sequence[Part], unit: str) -> str:
    told = [f"{part.label} {amount} {unit}" for part, amount in zip(parts, line.amounts, strict=True) if amount]
    return "，".join(told) or f"0 {unit}"


def _stripes() -> str:
    stroke = element("path", d="M0 6L6 0", stroke="#ffffff", stroke_width=1.5)
    pattern = element("pattern", stroke, id="stripes", width=6, height=6, patternUnits="userSpaceOnUse")
    return element("defs", pattern)


def _box(part: Part, *, x: float, y: float, width: float, height: float) -> str:
    where = {"x": x, "y": y, "width": width, "height": height}
    solid = element("rect", **where, fill=TONES[part.tone].strong)
    return solid + element("rect", **where, fill="url(#stripes)") if part.striped else solid


def _legend(parts: Sequence[Part]) -> str:
    drawn, x = [], float(_LABEL_WIDTH)
    for part in parts:
        drawn.append(_box(part, x=x, y=8, width=14, height=14))
        drawn.append(words(part.label, x=x + 20, y=20, size=13, fill=INK_SOFT))
        x += 20 + width_of(part.label, 13) + 24
    return element("g", *drawn)


def _line(line: Bar, names: Sequence[str], parts: Sequence[Part], *, top: float, height: float, most: int) -> str:
    middle = top + height / 2
    drawn = [element("line", x1=_MARGIN, y1=top, x2=_LABEL_WIDTH + _CHART_WIDTH + _END_WIDTH, y2=top, stroke=LINE)]
    first = middle + 5 - 10 * (len(names) - 1)
    drawn += [words(name, x=_MARGIN, y=first + 20 * index, size=14) for index, name in enumerate(names)]
    x = float(_LABEL_WIDTH)
    for part, amount in zip(parts, line.amounts, strict=True):
        width = amount / most * _CHART_WIDTH
        if amount:
            drawn.append(_box(part, x=x, y=middle - _BAR / 2, width=max(width - 1, 2), height=_BAR))
            x += max(width, 3)
    drawn.append(words(number(line.total), x=x + 8, y=middle + 5, size=14, fill=INK, bold=bool(line.total)))
    return element("g", *drawn)

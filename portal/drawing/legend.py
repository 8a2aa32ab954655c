"""What the lines of a picture mean, below it: as many entries to a row as there is room for."""

from collections.abc import Iterable
from typing import Literal

from portal.drawing.palette import INK, INK_SOFT
from portal.drawing.svg import arrow_head, element, width_of, words

NeedKind = Literal["start", "decide"]
NEED_WORDS: dict[NeedKind, str] = {"start": "完成后才开始", "decide": "完成后才能决定"}
NEED_DASHES: dict[NeedKind, str | None] = {"start": None, "decide": "5 4"}

Entry = NeedKind | Literal["due"]
_ENTRY_WORDS: dict[Entry, str] = {
    "start": f"前一项{NEED_WORDS['start']}",
    "decide": f"前一项{NEED_WORDS['decide']}",
    "due": "作出决定的期限",
}
_LEADING = 22
_GAP = 26


def legend(entries: Iterable[Entry], *, left: float, top: float, right: float) -> tuple[str, float]:
    """The entries between left and right from top down, and the height that they take; nothing and 0 for none."""
    parts: list[str] = []
    x, baseline = left, top + 24
    for entry in entries:
        sign_width = 12 if entry == "due" else 38
        width = sign_width + width_of(_ENTRY_WORDS[entry], 13)
        if x > left and x + width > right:
            x, baseline = left, baseline + _LEADING
        parts.append(_sign(entry, x, baseline))
        parts.append(words(_ENTRY_WORDS[entry], x=x + sign_width, y=baseline, size=13, fill=INK_SOFT))
        x += width + _GAP
    return (element("g", *parts), baseline + 16 - top) if parts else ("", 0)


def _sign(entry: Entry, x: float, baseline: float) -> str:
    if entry == "due":
        return element("line", x1=x + 2, y1=baseline - 14, x2=x + 2, y2=baseline + 3, stroke=INK, stroke_width=2)
    y = baseline - 5
    dashes = NEED_DASHES[entry]
    line = element("line", x1=x, y1=y, x2=x + 24, y2=y, stroke=INK_SOFT, stroke_width=1.5, stroke_dasharray=dashes)
    return line + arrow_head(x + 30, y, direction="right", fill=INK_SOFT)

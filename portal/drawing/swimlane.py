"""The swimlane of an affair: one lane per department approval over a common calendar, with what waits for what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.drawing.dates import short_day, ticks
from portal.drawing.legend import NEED_DASHES, NEED_WORDS, NeedKind, legend
from portal.drawing.palette import BLUE, EDGE, INK, INK_SOFT, LINE, PAPER, SURFACE, TONES, Tone
from portal.drawing.svg import arrow_head, element, lines, number, picture, width_of, words, wrapped

_MARGIN = 16
_AXIS_HEIGHT = 52
_BAR_HEIGHT = 14
_TITLE_LEADING = 21
_NOTE_LEADING = 18


@dataclass(frozen=True, slots=True)
class Lane:
    """One approval as people see it.

    start: first day of the department's work; end: day of the decision; due: last day to decide; None where there is
    none yet. needs: pairs of (index of the lane waited for, kind), kind “start” (R48) or “decide” (R49).
    """

    department: str
    title: str
    state_label: str
    tone: Tone = "neutral"
    start: date | None = None
    end: date | None = None
    due: date | None = None
    needs: tuple[tuple[int, NeedKind], ...] = ()
    note: str = ""

    def needs_in_words(self, lanes: Sequence["Lane"]) -> str:
        """“企业设立登记（完成后才能决定）”: the arrows of the picture for those who read."""
        return "；".join(f"{lanes[index].title}（{NEED_WORDS[kind]}）" for index, kind in self.needs)


@dataclass(frozen=True, slots=True)
class _Frame:
    """How wide the picture is. label_width: the column of the lanes' names; 0 puts each name above its bar."""

    label_width: float
    chart_width: float
    most_ticks: int

    @property
    def left(self) -> float:
        return self.label_width + _MARGIN

    @property
    def right(self) -> float:
        return self.left + self.chart_width

    @property
    def width(self) -> float:
        return self.right + _MARGIN

    @property
    def title_width(self) -> float:
        return (self.label_width or self.chart_width) - 24

    def within(self, middle: float, half: float) -> float:
        """The middle of a label of that half width, moved so far that the label stays over the calendar."""
        return min(max(middle, self.left + half), self.right - half + 12)


_WIDE = _Frame(label_width=180, chart_width=440, most_ticks=6)
# On a phone of 360 px: what a page leaves between its margins.
_NARROW = _Frame(label_width=0, chart_width=294, most_ticks=4)


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date
    frame: _Frame

    @property
    def unit(self) -> float:
        return self.frame.chart_width / ((self.last - self.first).days + 1)

    def x(self, day: date) -> float:
        """Left edge of a day."""
        return self.frame.left + (day - self.first).days * self.unit

    def middle(self, day: date) -> float:
        return self.x(day) + self.unit / 2

    def after(self, day: date) -> float:
        """Right edge of a day."""
        return self.x(day) + self.unit


@dataclass(frozen=True, slots=True)
class _Row:
    """Where a lane stands: its top, its height, the middle of its bar, and the bar's two ends."""

    top: float
    height: float
    middle: float
    left: float
    right: float
    drawn: bool


def swimlane(lanes: Sequence[Lane], *, today: date, title: str, narrow: bool = False) -> str:
    """SVG of the lanes in the order given; narrow fits a phone.

    ValueError when a lane waits for itself or for a lane that is not there.
    """
    _check(lanes)
    frame = _NARROW if narrow else _WIDE
    scale = _scale(lanes, today, frame)
    rows = _rows(lanes, scale, today)
    bottom = rows[-1].top + rows[-1].height if rows else _AXIS_HEIGHT
    meaning, meaning_height = legend(("start", "decide", "due"), left=_MARGIN, top=bottom + 4, right=frame.right)
    body = [
        _axis(scale, today, bottom),
        *(_ground(row, frame) for row in rows),
        _today(scale, today, bottom),
        *_arrows(lanes, rows),
        *(
            _lane(lane, row, scale, leaving=_leaving(lanes, index))
            for index, (lane, row) in enumerate(zip(lanes, rows, strict=True))
        ),
        element("line", x1=0, y1=bottom, x2=frame.width, y2=bottom, stroke=LINE),
        meaning,
    ]
    desc = "。".join(f"{lane.title}，{lane.department}，{lane.state_label}" for lane in lanes)
    kind = "swimlane-narrow" if narrow else "swimlane"
    height = bottom + 4 + meaning_height
    return picture(width=frame.width, height=height, title=title, desc=desc, body=body, kind=kind)


def _check(lanes: Sequence[Lane]) -> None:
    for index, lane in enumerate(lanes):
        for needed, _kind in lane.needs:
            if needed == index or not 0 <= needed < len(lanes):
                raise ValueError(f"lane {index} ({lane.title}) cannot wait for lane {needed}")


def _scale(lanes: Sequence[Lane], today: date, frame: _Frame) -> _Scale:
    days = [day for lane in lanes for day in (lane.start, lane.end, lane.due) if day is not None]
    first, last = min([*days, today]), max([*days, today])
    return _Scale(first=first, last=max(last, first + timedelta(days=6)), frame=frame)


def _rows(lanes: Sequence[Lane], scale: _Scale, today: date) -> list[_Row]:
    rows: list[_Row] = []
    top = float(_AXIS_HEIGHT)
    for lane in lanes:
        label_height = 22 + len(_title_lines(lane, scale.frame)) * _TITLE_LEADING + 26
        chart_height = 50 + len(_texts(lane, scale.frame)) * _NOTE_LEADING
        head = 0.0 if scale.frame.label_width else label_height - 18
        height = max(label_height, head + chart_height)
        left, right, drawn = _extent(lane, lanes, scale, today)
        rows.append(_Row(top=top, height=height, middle=top + head + 32, left=left, right=right, drawn=drawn))
        top += height
    return rows


def _extent(lane: Lane, lanes: Sequence[Lane], scale: _Scale, today: date) -> tuple[float, float, bool]:
    """The bar's ends; an approval that has not begun has no bar and stands where its work can begin at the earliest."""
    if lane.start is not None:
        return scale.x(lane.start), scale.after(max(lane.end or today, lane.start)), True
    ready = [max(lanes[index].end or today, today) for index, kind in lane.needs if kind == "start"]
    place = scale.after(max(ready, default=today))
    place = min(place, scale.after(scale.last) - 14)
    return place, place, False


def _title_lines(lane: Lane, frame: _Frame) -> tuple[str, ...]:
    return wrapped(lane.title, width=frame.title_width, size=15)


def _texts(lane: Lane, frame: _Frame) -> tuple[str, ...]:
    """What stands below the bar: the state, then the note."""
    width = frame.chart_width - 24
    return (*wrapped(lane.state_label, width=width, size=14), *wrapped(lane.note, width=width, size=13))


def _axis(scale: _Scale, today: date, bottom: float) -> str:
    """The days that are named, but for those that the label of today would cover."""
    top = _AXIS_HEIGHT
    label, half_label = _today_label(scale, today)
    parts = []
    for day in ticks(scale.first, scale.last, at_most=scale.frame.most_ticks):
        x = scale.middle(day)
        half = width_of(short_day(day), 13) / 2
        parts.append(element("line", x1=x, y1=top, x2=x, y2=bottom, stroke=LINE))
        if abs(x - label) >= half_label + half + 4 and x + half <= scale.frame.width:
            parts.append(words(short_day(day), x=x, y=top - 14, size=13, fill=INK_SOFT, anchor="middle"))
    return element("g", *parts)


def _today_words(today: date) -> str:
    return f"今天 {short_day(today)}"


def _today_label(scale: _Scale, today: date) -> tuple[float, float]:
    """Middle and half width of the label of today."""
    half = width_of(_today_words(today), 13) / 2 + 9
    return scale.frame.within(scale.middle(today), half), half


def _today(scale: _Scale, today: date, bottom: float) -> str:
    x = scale.middle(today)
    middle, half = _today_label(scale, today)
    return element(
        "g",
        element("line", x1=x, y1=_AXIS_HEIGHT - 8, x2=x, y2=bottom, stroke=BLUE, stroke_width=1.5),
        element("rect", x=middle - half, y=_AXIS_HEIGHT - 32, width=2 * half, height=25, rx=4, fill=BLUE),
        words(_today_words(today), x=middle, y=_AXIS_HEIGHT - 15, size=13, fill="#ffffff", anchor="middle"),
        class_="today",
    )


def _ground(row: _Row, frame: _Frame) -> str:
    return element(
        "g",
        element("rect", x=0, y=row.top, width=frame.label_width, height=row.height, fill=PAPER),
        element("line", x1=0, y1=row.top, x2=frame.width, y2=row.top, stroke=LINE),
    )


def _lane(lane: Lane, row: _Row, scale: _Scale, *, leaving: int) -> str:
    """leaving: how many arrows go down from this bar; its words keep out of their way where there is room."""
    frame = scale.frame
    label = _title_lines(lane, frame)
    halo = not frame.label_width
    ink = TONES[lane.tone]
    parts = [
        lines(label, x=12, y=row.top + 27, leading=_TITLE_LEADING, size=15, bold=True, halo=halo),
        words(lane.department, x=12, y=row.top + 27 + len(label) * _TITLE_LEADING, size=13, fill=INK_SOFT, halo=halo),
        _bar(lane, row),
    ]
    if lane.due is not None:
        parts.append(_due(lane.due, row, scale))
    texts = _texts(lane, frame)
    states = len(wrapped(lane.state_label, width=frame.chart_width - 24, size=14))
    widest = max(width_of(text, 14) for text in texts)
    left = max(min(_text_left(row, widest, leaving), frame.right - widest), frame.left)
    state, note = texts[:states], texts[states:]
    top = row.middle + 26
    parts.append(lines(state, x=left, y=top, leading=_NOTE_LEADING, size=14, fill=ink.text, bold=True, halo=True))
    top += 1 + states * _NOTE_LEADING
    parts.append(lines(note, x=left, y=top, leading=_NOTE_LEADING, size=13, fill=INK_SOFT, halo=True))
    return element("g", *parts, class_=f"lane lane--{lane.tone}")


def _leaving(lanes: Sequence[Lane], source: int) -> int:
    return sum(needed == source for lane in lanes[source + 1 :] for needed, _kind in lane.needs)


def _text_left(row: _Row, width: float, leaving: int) -> float:
    """Below the bar's beginning, unless arrows that leave its end would cross the words: then beyond them."""
    if not leaving or row.left + width < row.right - 10 - 4 * leaving:
        return row.left
    return row.right + 4


def _bar(lane: Lane, row: _Row) -> str:
    ink = TONES[lane.tone]
    top = row.middle - _BAR_HEIGHT / 2
    if not row.drawn:
        return element("circle", cx=row.left, cy=row.middle, r=5, fill=SURFACE, stroke=EDGE, stroke_width=1.5)
    width = row.right - row.left
    if lane.end is not None:
        return element("rect", x=row.left, y=top, width=width, height=_BAR_HEIGHT, rx=3, fill=ink.strong)
    # Work that still runs has an outline open to the right, so that it differs from a decision without colour.
    edge = _BAR_HEIGHT
    outline = f"M{number(row.right)} {number(top)}H{number(row.left)}v{edge}H{number(row.right)}"
    return element("path", d=outline, fill=ink.wash, stroke=ink.strong, stroke_width=1.5)


def _due(due: date, row: _Row, scale: _Scale) -> str:
    x = scale.after(due)
    label = f"期限 {short_day(due)}"
    half = width_of(label, 12) / 2
    middle = scale.frame.within(x, half)
    top = row.middle - _BAR_HEIGHT / 2
    return element(
        "g",
        element("line", x1=x, y1=top - 3, x2=x, y2=top + _BAR_HEIGHT + 3, stroke=INK, stroke_width=2),
        words(label, x=middle, y=top - 7, size=12, fill=INK, anchor="middle", halo=True),
    )


def _arrows(lanes: Sequence[Lane], rows: Sequence[_Row]) -> list[str]:
    arrows = []
    sources = sorted({source for lane in lanes for source, _kind in lane.needs})
    leaving = dict.fromkeys(sources, 0)
    for target, lane in enumerate(lanes):
        for order, (source, kind) in enumerate(lane.needs):
            # Bars that end on one day share an edge: each source and each of its arrows keeps its own line.
            shift = 4 * leaving[source] + 5 * sources.index(source)
            leaving[source] += 1
            arrows.append(_arrow(rows, source=source, target=target, kind=kind, shift=shift, order=order))
    return arrows


def _arrow(rows: Sequence[_Row], *, source: int, target: int, kind: NeedKind, shift: float, order: int) -> str:
    """From the end of the source's bar to the target's beginning (start) or to its decision (decide)."""
    origin, goal = rows[source], rows[target]
    down = target > source
    side = 1 if down else -1
    leave_x = max(origin.right - 5 - shift, origin.left + 2)
    leave_y = origin.middle + side * (_BAR_HEIGHT / 2 if origin.drawn else 6)
    gap = 7 if goal.drawn else 6
    if kind == "start" and goal.left - leave_x > 12:
        path = f"M{number(leave_x)} {number(leave_y)}V{number(goal.middle)}H{number(goal.left - gap)}"
        tip = arrow_head(goal.left - gap + 6, goal.middle, direction="right", fill=INK_SOFT)
    else:
        end_x = max(goal.left, leave_x) if kind == "start" else goal.right - 4 - 5 * order
        end_y = goal.middle - side * (_BAR_HEIGHT / 2 + 1)
        turn_y = end_y - side * (12 + 4 * order)
        path = f"M{number(leave_x)} {number(leave_y)}V{number(turn_y)}H{number(end_x)}V{number(end_y)}"
        tip = arrow_head(end_x, end_y, direction="down" if down else "up", fill=INK_SOFT)
    dashes = NEED_DASHES[kind]
    line = element("path", d=path, fill="none", stroke=INK_SOFT, stroke_width=1.5, stroke_dasharray=dashes)
    return element("g", line, tip, class_=f"need need--{kind}", data_from=str(source), data_to=str(target))

"""The plan for a phone: matters below each other, earliest on top, with a rail on the left to each that waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from portal.drawing.legend import NEED_DASHES, NEED_WORDS, NeedKind, legend
from portal.drawing.palette import INK_SOFT, LINE, SURFACE, TONES
from portal.drawing.plan_graph import Edge, Node, check, stage_in_words
from portal.drawing.svg import arrow_head, element, lines, number, picture, words, wrapped

# On a phone of 360 px: what a page leaves between its margins.
_WIDTH = 326
_MARGIN = 10
_RAIL_GAP = 12
_BOX_GAP = 12
_HEAD_HEIGHT = 36
_TITLE_LEADING = 21
_NOTE_LEADING = 18


@dataclass(frozen=True, slots=True)
class _Box:
    """A matter's box: its place in the order, its upper edge and its words."""

    order: int
    top: float
    title: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def height(self) -> float:
        return 22 + len(self.title) * _TITLE_LEADING + len(self.notes) * _NOTE_LEADING


@dataclass(frozen=True, slots=True)
class _Rail:
    """Everything that waits for one matter in one way; track 0 runs next to the boxes."""

    source: str
    kind: NeedKind
    targets: tuple[str, ...]
    track: int


def plan_column(nodes: Sequence[Node], edges: Sequence[Edge], *, title: str) -> str:
    """SVG of the plan. ValueError when an edge names an unknown matter or does not lead to a later stage."""
    check(nodes, edges)
    ordered = sorted(nodes, key=lambda node: node.stage)
    rails = _rails(ordered, edges)
    left = _MARGIN + _RAIL_GAP * (1 + max((rail.track for rail in rails), default=-1)) + (8 if rails else 0)
    boxes, headings, bottom = _place(ordered, left)
    kinds = [kind for kind in NEED_WORDS if any(rail.kind == kind for rail in rails)]
    meaning, meaning_height = legend(kinds, left=_MARGIN, top=bottom, right=_WIDTH - _MARGIN)
    body = [
        *headings,
        *(_box(node, boxes[node.key], left) for node in ordered),
        *(line for rail in rails for line in _lines(rail, rails, boxes, left)),
        meaning,
    ]
    desc = "。".join(f"第 {node.stage + 1} 步：{node.title}，{node.department}" for node in ordered)
    height = bottom + meaning_height
    return picture(width=_WIDTH, height=height, title=title, desc=desc, body=body, kind="plan-narrow")


def _rails(ordered: Sequence[Node], edges: Sequence[Edge]) -> list[_Rail]:
    """Short rails run nearest to the boxes, so that few lines cross; two that overlap never share a track."""
    place = {node.key: index for index, node in enumerate(ordered)}
    bundles: dict[tuple[str, NeedKind], list[str]] = {}
    for edge in edges:
        bundles.setdefault((edge.source, edge.kind), []).append(edge.target)
    spans = sorted(
        ((max(place[target] for target in targets) - place[source], source, kind) for (source, kind), targets in
         bundles.items()),
        key=lambda span: (span[0], place[span[1]], span[2]),
    )  # fmt: skip
    taken: list[list[tuple[int, int]]] = []
    rails = []
    for length, source, kind in spans:
        first, last = place[source], place[source] + length
        track = next(
            (index for index, used in enumerate(taken) if all(last < start or end < first for start, end in used)),
            len(taken),
        )
        if track == len(taken):
            taken.append([])
        taken[track].append((first, last))
        targets = tuple(sorted(bundles[source, kind], key=place.__getitem__))
        rails.append(_Rail(source=source, kind=kind, targets=targets, track=track))
    return rails


def _place(ordered: Sequence[Node], left: float) -> tuple[dict[str, _Box], list[str], float]:
    """The boxes from top to bottom, the headings of their stages, and where they end."""
    stages = len({node.stage for node in ordered})
    inner = _WIDTH - left - _MARGIN - 28
    boxes: dict[str, _Box] = {}
    headings = []
    y = 0.0
    for stage, group in groupby(ordered, key=lambda node: node.stage):
        headings.append(words(stage_in_words(stage, stages), x=left, y=y + 24, size=13, fill=INK_SOFT))
        y += _HEAD_HEIGHT
        for node in group:
            together = "，".join(filter(None, (node.department, node.limit)))
            title, notes = (wrapped(text, width=inner, size=size) for text, size in ((node.title, 15), (together, 13)))
            box = boxes[node.key] = _Box(order=len(boxes), top=y, title=title, notes=notes)
            y += box.height + _BOX_GAP
    return boxes, headings, y


def _box(node: Node, box: _Box, left: float) -> str:
    ink = TONES[node.tone]
    width = _WIDTH - left - _MARGIN
    return element(
        "g",
        element("rect", x=left, y=box.top, width=width, height=box.height, rx=4, fill=SURFACE, stroke=LINE),
        element("rect", x=left, y=box.top, width=5, height=box.height, rx=2, fill=ink.strong),
        lines(box.title, x=left + 18, y=box.top + 27, leading=_TITLE_LEADING, size=15, bold=True),
        lines(
            box.notes,
            x=left + 18,
            y=box.top + 27 + len(box.title) * _TITLE_LEADING,
            leading=_NOTE_LEADING,
            size=13,
            fill=INK_SOFT,
        ),
        class_=f"node node--{node.tone}",
        data_key=node.key,
    )


def _lines(rail: _Rail, rails: Sequence[_Rail], boxes: dict[str, _Box], left: float) -> list[str]:
    """A line from the source's lower left to each target's upper left, all over the rail's own track."""
    x = left - 8 - _RAIL_GAP * rail.track
    source = boxes[rail.source]
    leaving = [each for each in rails if each.source == rail.source]
    start = source.top + source.height - 12 - 8 * leaving.index(rail)
    found = []
    for target in rail.targets:
        entering = [each for each in rails if target in each.targets]
        end = boxes[target].top + 14 + 10 * entering.index(rail)
        path = f"M{number(left)} {number(start)}H{number(x)}V{number(end)}H{number(left - 5)}"
        line = element(
            "path", d=path, fill="none", stroke=INK_SOFT, stroke_width=1.5, stroke_dasharray=NEED_DASHES[rail.kind]
        )
        tip = arrow_head(left, end, direction="right", fill=INK_SOFT)
        found.append(element("g", line, tip, class_=f"need need--{rail.kind}", data_from=rail.source, data_to=target))
    return found

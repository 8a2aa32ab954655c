"""The plan as a graph: matters in columns, earliest left, with an edge for each that waits for another."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from portal.drawing.legend import NEED_DASHES, NEED_WORDS, NeedKind, legend
from portal.drawing.palette import INK_SOFT, LINE, SURFACE, TONES, Tone
from portal.drawing.svg import arrow_head, element, lines, number, picture, words, wrapped

_BOX_WIDTH = 172
_COLUMN_GAP = 56
_ROW_GAP = 20
_MARGIN = 12
_HEAD_HEIGHT = 36
_PASS_HEIGHT = 12
_TITLE_LEADING = 21
_NOTE_LEADING = 18


@dataclass(frozen=True, slots=True)
class Node:
    """One matter of the plan. stage: its column, 0 = can begin at once. limit: “承诺 3 个工作日”, in words."""

    key: str
    title: str
    department: str
    stage: int
    limit: str = ""
    tone: Tone = "info"


@dataclass(frozen=True, slots=True)
class Edge:
    """target waits for source."""

    source: str
    target: str
    kind: NeedKind


@dataclass(slots=True)
class _Slot:
    """A place in a column: a matter's box, or the passage of an edge that spans more than one column."""

    order: tuple[float, int]
    height: float
    x: float = 0
    y: float = 0

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(slots=True)
class _Layout:
    columns: list[list[_Slot]] = field(default_factory=list)
    nodes: dict[str, Node] = field(default_factory=dict)
    boxes: dict[str, _Slot] = field(default_factory=dict)
    routes: list[tuple[Edge, list[_Slot]]] = field(default_factory=list)


def plan_graph(nodes: Sequence[Node], edges: Sequence[Edge], *, title: str) -> str:
    """SVG of the plan. ValueError when an edge names an unknown matter or does not lead to a later stage."""
    check(nodes, edges)
    layout = _layout(nodes, edges)
    tallest = _place(layout)
    width = len(layout.columns) * (_BOX_WIDTH + _COLUMN_GAP) - _COLUMN_GAP + 2 * _MARGIN
    width = max(width, 2 * _MARGIN + _BOX_WIDTH, 400 if edges else 0)
    bottom = _HEAD_HEIGHT + tallest + _MARGIN
    kinds = [kind for kind in NEED_WORDS if any(edge.kind == kind for edge in edges)]
    meaning, meaning_height = legend(kinds, left=_MARGIN, top=bottom, right=width - _MARGIN)
    body = [
        *(_heading(index, len(layout.columns)) for index in range(len(layout.columns))),
        *_edges(layout),
        *(_box(slot, layout.nodes[key]) for key, slot in layout.boxes.items()),
        meaning,
    ]
    desc = "。".join(f"第 {node.stage + 1} 步：{node.title}，{node.department}" for node in nodes)
    return picture(width=width, height=bottom + meaning_height, title=title, desc=desc, body=body, kind="plan")


def check(nodes: Sequence[Node], edges: Sequence[Edge]) -> None:
    """ValueError when an edge names an unknown matter or does not lead to a later stage."""
    stages = {node.key: node.stage for node in nodes}
    for edge in edges:
        for key in (edge.source, edge.target):
            if key not in stages:
                raise ValueError(f"edge {edge.source} → {edge.target}: unknown matter {key!r}")
        if stages[edge.target] <= stages[edge.source]:
            raise ValueError(f"edge {edge.source} → {edge.target} does not lead to a later stage")


def stage_in_words(stage: int, count: int) -> str:
    """The heading of a stage among so many."""
    if stage == 0:
        return "可以马上开始" if count > 1 else "可以同时办理"
    return f"第 {stage + 1} 步"


def _layout(nodes: Sequence[Node], edges: Sequence[Edge]) -> _Layout:
    layout = _Layout(columns=[[] for _ in range(max((node.stage for node in nodes), default=-1) + 1)])
    for index, node in enumerate(nodes):
        slot = _Slot(order=(index, index), height=_box_height(node))
        layout.nodes[node.key] = node
        layout.boxes[node.key] = slot
        layout.columns[node.stage].append(slot)
    for edge in edges:
        layout.routes.append((edge, _route(edge, layout)))
    _order(layout)
    return layout


def _route(edge: Edge, layout: _Layout) -> list[_Slot]:
    first, last = layout.nodes[edge.source].stage, layout.nodes[edge.target].stage
    passages = []
    source = layout.boxes[edge.source]
    for stage in range(first + 1, last):
        passage = _Slot(order=source.order, height=_PASS_HEIGHT)
        layout.columns[stage].append(passage)
        passages.append(passage)
    return [source, *passages, layout.boxes[edge.target]]


def _order(layout: _Layout) -> None:
    """Put each slot near the mean of those before it, column by column, so that few edges cross."""
    before: dict[int, list[_Slot]] = {}
    for _edge, route in layout.routes:
        for left, right in pairwise(route):
            before.setdefault(id(right), []).append(left)
    for column in layout.columns:
        for slot in column:
            if parents := before.get(id(slot)):
                mean = sum(parent.order[0] for parent in parents) / len(parents)
                slot.order = (mean, slot.order[1])
        column.sort(key=lambda slot: slot.order)
        for rank, slot in enumerate(column):
            slot.order = (float(rank), slot.order[1])


def _place(layout: _Layout) -> float:
    """Give every slot its coordinates; columns are centred on the tallest, whose height is the answer."""
    heights = [sum(slot.height for slot in column) + _ROW_GAP * (len(column) - 1) for column in layout.columns]
    tallest = max(heights, default=0)
    for index, (column, height) in enumerate(zip(layout.columns, heights, strict=True)):
        y = _HEAD_HEIGHT + (tallest - height) / 2
        for slot in column:
            slot.x = _MARGIN + index * (_BOX_WIDTH + _COLUMN_GAP)
            slot.y = y
            y += slot.height + _ROW_GAP
    return tallest


def _texts(node: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
    inner = _BOX_WIDTH - 28
    notes = wrapped(node.department, width=inner, size=13) + wrapped(node.limit, width=inner, size=13)
    return wrapped(node.title, width=inner, size=15), notes


def _box_height(node: Node) -> float:
    title, notes = _texts(node)
    return 22 + len(title) * _TITLE_LEADING + len(notes) * _NOTE_LEADING


def _box(slot: _Slot, node: Node) -> str:
    ink = TONES[node.tone]
    title, notes = _texts(node)
    below = slot.y + 27 + len(title) * _TITLE_LEADING
    return element(
        "g",
        element("rect", x=slot.x, y=slot.y, width=_BOX_WIDTH, height=slot.height, rx=4, fill=SURFACE, stroke=LINE),
        element("rect", x=slot.x, y=slot.y, width=5, height=slot.height, rx=2, fill=ink.strong),
        lines(title, x=slot.x + 18, y=slot.y + 27, leading=_TITLE_LEADING, size=15, bold=True),
        lines(notes, x=slot.x + 18, y=below, leading=_NOTE_LEADING, size=13, fill=INK_SOFT),
        class_=f"node node--{node.tone}",
        data_key=node.key,
    )


def _heading(index: int, count: int) -> str:
    return words(
        stage_in_words(index, count), x=_MARGIN + index * (_BOX_WIDTH + _COLUMN_GAP), y=22, size=13, fill=INK_SOFT
    )


def _edges(layout: _Layout) -> list[str]:
    leaving: dict[int, list[float]] = {}
    entering: dict[int, list[float]] = {}
    for _edge, route in layout.routes:
        leaving.setdefault(id(route[0]), []).append(route[1].middle)
        entering.setdefault(id(route[-1]), []).append(route[-2].middle)
    return [_edge_line(edge, route, leaving[id(route[0])], entering[id(route[-1])]) for edge, route in layout.routes]


def _port(slot: _Slot, other: _Slot, others: list[float]) -> float:
    """Height at which an edge touches a box: edges of one box are spread in the order of their other ends."""
    rank = sorted(others).index(other.middle)
    spread = min(14.0, (slot.height - 24) / max(len(others) - 1, 1))
    return slot.middle + (rank - (len(others) - 1) / 2) * spread


def _edge_line(edge: Edge, route: list[_Slot], leaving: list[float], entering: list[float]) -> str:
    source, target = route[0], route[-1]
    y = _port(source, route[1], leaving)
    x = source.x + _BOX_WIDTH
    parts = [f"M{number(x)} {number(y)}"]
    for slot in route[1:]:
        last = slot is target
        end_x = slot.x - (7 if last else 0)
        end_y = _port(target, route[-2], entering) if last else slot.middle
        bend = (end_x - x) / 2
        parts.append(
            f"C{number(x + bend)} {number(y)} {number(end_x - bend)} {number(end_y)} {number(end_x)} {number(end_y)}"
        )
        if not last:
            parts.append(f"H{number(slot.x + _BOX_WIDTH)}")
        x, y = slot.x + _BOX_WIDTH, end_y
    dashes = NEED_DASHES[edge.kind]
    return element(
        "g",
        element("path", d="".join(parts), fill="none", stroke=INK_SOFT, stroke_width=1.5, stroke_dasharray=dashes),
        arrow_head(target.x - 1, y, direction="right", fill=INK_SOFT),
        class_=f"need need--{edge.kind}",
        data_from=edge.source,
        data_to=edge.target,
    )

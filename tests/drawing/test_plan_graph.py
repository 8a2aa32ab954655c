"""The plan's graph: what can begin at once stands left, an edge leads to each matter that waits."""

import itertools

import pytest

from portal.drawing.plan_graph import Edge, Node, plan_graph
from tests.drawing.markup import SVG, groups, parse, texts

NODES = (
    Node(key="qysl", title="企业设立登记", department="市场监督管理局", stage=0, limit="承诺当日办结"),
    Node(key="hyxk", title="道路货物运输经营许可", department="交通运输局", stage=1, limit="承诺 3 个工作日"),
    Node(key="clyyz", title="道路运输证配发", department="交通运输局", stage=2),
)
EDGES = (Edge("qysl", "hyxk", "decide"), Edge("hyxk", "clyyz", "decide"), Edge("qysl", "clyyz", "start"))


def drawn(nodes=NODES, edges=EDGES) -> str:
    return plan_graph(nodes, edges, title="办理次序")


def box(svg: str, key: str):
    (group,) = (node for node in groups(svg, "node") if node.get("data-key") == key)
    return group.find(f"{SVG}rect")


def test_the_same_plan_always_gives_the_same_picture() -> None:
    assert drawn() == drawn()


def test_every_matter_shows_title_department_and_limit() -> None:
    shown = "".join(texts(drawn()))
    for node in NODES:
        assert node.title in shown
        assert node.department in shown
        assert node.limit in shown


def test_a_matter_that_waits_stands_further_right() -> None:
    svg = drawn()
    left = [float(box(svg, node.key).get("x")) for node in NODES]
    assert left == sorted(set(left))


def test_each_edge_leads_from_the_earlier_matter_to_the_later() -> None:
    found = [(edge.get("data-from"), edge.get("data-to"), edge.get("class")) for edge in groups(drawn(), "need")]
    assert found == [(edge.source, edge.target, f"need need--{edge.kind}") for edge in EDGES]


def test_an_edge_ends_at_the_left_side_of_its_matter() -> None:
    svg = drawn()
    for edge in groups(svg, "need"):
        target = box(svg, edge.get("data-to"))
        tip_x, tip_y = map(float, edge.find(f"{SVG}polygon").get("points").split()[0].split(","))
        assert tip_x == pytest.approx(float(target.get("x")), abs=2)
        assert float(target.get("y")) < tip_y < float(target.get("y")) + float(target.get("height"))


def test_boxes_of_one_stage_do_not_overlap() -> None:
    nodes = tuple(Node(key=str(number), title=f"事项{number}", department="局", stage=0) for number in range(6))
    svg = drawn(nodes, ())
    spans = sorted((float(box(svg, n.key).get("y")), float(box(svg, n.key).get("height"))) for n in nodes)
    for (top, height), (below, _) in itertools.pairwise(spans):
        assert top + height < below


def test_an_edge_over_two_stages_passes_beside_the_boxes_between() -> None:
    svg = drawn()
    between = box(svg, "hyxk")
    top, height = float(between.get("y")), float(between.get("height"))
    long_edge = groups(svg, "need")[2].find(f"{SVG}path").get("d")
    passage_y = float(long_edge.split("H")[0].split()[-1])
    assert not top <= passage_y <= top + height


def test_an_edge_to_an_unknown_matter_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown matter 'xyz'"):
        drawn(edges=(Edge("qysl", "xyz", "start"),))


def test_an_edge_must_lead_to_a_later_stage() -> None:
    with pytest.raises(ValueError, match="does not lead to a later stage"):
        drawn(edges=(Edge("hyxk", "qysl", "start"),))


def test_names_are_escaped() -> None:
    svg = drawn((Node(key='"x"', title="<script>", department="a&b", stage=0),), ())
    assert "<script>" not in svg
    assert parse(svg) is not None


def test_a_plan_without_matters_is_an_empty_picture() -> None:
    assert parse(drawn((), ())).get("role") == "img"

"""The plan for a phone says what the wide one says, within 328 px."""

from itertools import pairwise

import pytest

from portal.drawing.plan_column import plan_column
from portal.drawing.plan_graph import Edge, Node, plan_graph
from tests.drawing.markup import SVG, groups, parse, texts
from tests.drawing.test_plan_graph import EDGES, NODES


def drawn(nodes=NODES, edges=EDGES) -> str:
    return plan_column(nodes, edges, title="办理次序")


def spans(svg: str) -> dict[str, tuple[float, float]]:
    """Upper and lower edge of each matter's box."""
    boxes = {node.get("data-key"): node.find(f"{SVG}rect") for node in groups(svg, "node")}
    return {key: (float(box.get("y")), float(box.get("y")) + float(box.get("height"))) for key, box in boxes.items()}


def test_the_picture_fits_a_phone() -> None:
    assert float(parse(drawn()).get("viewBox").split()[2]) <= 328


def test_every_matter_shows_title_department_and_limit() -> None:
    said = "".join(texts(drawn()))
    for node in NODES:
        assert node.title in said
        assert node.department in said
        assert node.limit in said


def test_a_matter_that_waits_stands_below() -> None:
    ordered = spans(drawn(nodes=NODES[::-1]))
    assert [key for key, _ in sorted(ordered.items(), key=lambda item: item[1])] == [node.key for node in NODES]
    for (_, bottom), (top, _) in pairwise(sorted(ordered.values())):
        assert bottom < top


def test_the_edges_are_those_of_the_wide_picture() -> None:
    def edges(svg: str) -> set[tuple[str, str, str]]:
        return {(each.get("data-from"), each.get("data-to"), each.get("class")) for each in groups(svg, "need")}

    assert edges(drawn()) == edges(plan_graph(NODES, EDGES, title="办理次序"))


def test_an_edge_ends_at_the_left_side_of_its_matter() -> None:
    svg = drawn()
    for edge in groups(svg, "need"):
        tip_y = float(edge.find(f"{SVG}polygon").get("points").split()[0].split(",")[1])
        top, bottom = spans(svg)[edge.get("data-to")]
        assert top < tip_y < bottom


def test_rails_that_overlap_do_not_share_a_track() -> None:
    tracks = [each.find(f"{SVG}path").get("d").split("H")[1].split("V")[0] for each in groups(drawn(), "need")]
    assert tracks[0] != tracks[2]  # both leave the first matter, in different ways


def test_an_edge_to_an_unknown_matter_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown matter 'xyz'"):
        drawn(edges=(Edge("qysl", "xyz", "start"),))


def test_names_are_escaped() -> None:
    svg = drawn((Node(key='"x"', title="<script>", department="a&b", stage=0),), ())
    assert "<script>" not in svg
    assert parse(svg) is not None


def test_a_plan_without_matters_is_an_empty_picture() -> None:
    assert parse(drawn((), ())).get("role") == "img"

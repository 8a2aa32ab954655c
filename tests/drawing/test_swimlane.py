"""The swimlane shows who has what, until when, and what waits for what."""

from datetime import date, timedelta

import pytest

from portal.drawing.svg import width_of
from portal.drawing.swimlane import Lane, swimlane
from tests.drawing.markup import SVG, groups, parse, texts

TODAY = date(2026, 3, 3)
REGISTRATION = Lane(
    department="市场监督管理局",
    title="企业设立登记",
    state_label="已准予",
    tone="success",
    start=date(2026, 2, 24),
    end=date(2026, 2, 24),
    due=date(2026, 2, 25),
)
SEAL = Lane(
    department="公安局（分局）", title="公章刻制备案", state_label="等待企业设立登记办结", needs=((0, "start"),)
)
LICENCE = Lane(
    department="交通运输局",
    title="道路货物运输经营许可",
    state_label="正在审查",
    tone="info",
    start=date(2026, 2, 24),
    due=date(2026, 3, 5),
    needs=((0, "decide"),),
    note="还剩 2 个工作日",
)
LANES = (REGISTRATION, SEAL, LICENCE)


def drawn(lanes=LANES) -> str:
    return swimlane(lanes, today=TODAY, title="各部门审批进度")


def test_the_same_lanes_always_give_the_same_picture() -> None:
    assert drawn() == drawn()


def test_every_lane_names_matter_department_state_and_note() -> None:
    shown = "".join(texts(drawn()))
    for lane in LANES:
        for text in (lane.title, lane.department, lane.state_label, lane.note):
            assert text in shown


def test_a_due_date_is_marked_with_its_day() -> None:
    assert "期限 2 月 25 日" in texts(drawn())
    assert "期限 3 月 5 日" in texts(drawn())


def test_today_is_marked() -> None:
    assert "今天 3 月 3 日" in texts(drawn())


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("days", range(-3, 20))
def test_the_label_of_today_covers_no_other_day(days: int, narrow: bool) -> None:
    svg = swimlane(LANES, today=date(2026, 2, 24) + timedelta(days=days), title="进度", narrow=narrow)
    (today,) = groups(svg, "today")
    ground = today.find(f"{SVG}rect")
    left, right = float(ground.get("x")), float(ground.get("x")) + float(ground.get("width"))
    axis_y = float(today.find(f"{SVG}text").get("y"))
    labels = [
        (float(node.get("x")), width_of(node.text, 13) / 2)
        for node in parse(svg).iter(f"{SVG}text")
        if abs(float(node.get("y")) - axis_y) < 3 and "今天" not in node.text
    ]
    assert labels or narrow
    assert [x for x, half in labels if x + half > left and x - half < right] == []


def test_the_narrow_picture_fits_a_phone_and_says_the_same() -> None:
    narrow = swimlane(LANES, today=TODAY, title="各部门审批进度", narrow=True)
    assert float(parse(narrow).get("viewBox").split()[2]) <= 328
    said = "".join(texts(narrow))
    assert [text for text in texts(drawn()) if "月" not in text and text not in said] == []


def test_an_arrow_leads_from_each_needed_lane_to_the_lane_that_waits() -> None:
    start, decide = groups(drawn(), "need")
    assert (start.get("data-from"), start.get("data-to"), start.get("class")) == ("0", "1", "need need--start")
    assert (decide.get("data-from"), decide.get("data-to"), decide.get("class")) == ("0", "2", "need need--decide")


def test_an_arrow_ends_within_the_height_of_the_lane_that_waits() -> None:
    svg = drawn()
    # The first line of each lane's ground is its upper edge.
    grounds = [node for node in parse(svg).iter(f"{SVG}rect") if node.get("x") == "0"]
    edges = [(float(node.get("y")), float(node.get("y")) + float(node.get("height"))) for node in grounds]
    for arrow in groups(svg, "need"):
        tip_y = float(arrow.find(f"{SVG}polygon").get("points").split()[0].split(",")[1])
        top, bottom = edges[int(arrow.get("data-to"))]
        assert top < tip_y < bottom


def test_only_an_arrow_to_the_decision_is_dashed() -> None:
    start, decide = groups(drawn(), "need")
    assert start.find(f"{SVG}path").get("stroke-dasharray") is None
    assert decide.find(f"{SVG}path").get("stroke-dasharray")


def test_an_arrow_may_lead_upwards() -> None:
    svg = drawn((Lane("公安局", "公章", "等待", needs=((1, "start"),)), REGISTRATION))
    (arrow,) = groups(svg, "need")
    assert (arrow.get("data-from"), arrow.get("data-to")) == ("1", "0")


@pytest.mark.parametrize("needed", [0, 3, -1])
def test_a_lane_cannot_wait_for_itself_or_for_one_that_is_not_there(needed: int) -> None:
    with pytest.raises(ValueError, match="cannot wait for lane"):
        drawn((Lane("局", "事项", "等待", needs=((needed, "start"),)),))


def test_names_are_escaped() -> None:
    hostile = Lane(department='"><script>alert(1)</script>', title="甲 & 乙 <b>", state_label="a<b")
    svg = swimlane((hostile,), today=TODAY, title="<title>")
    assert "<script>" not in svg
    assert '"><script>alert(1)</script>' in texts(svg)


def test_a_picture_speaks_to_screen_readers() -> None:
    root = parse(drawn())
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == "各部门审批进度"
    assert "公章刻制备案，公安局（分局），等待企业设立登记办结" in root[1].text


def test_nothing_in_the_picture_breaks_the_content_security_policy() -> None:
    for node in parse(drawn()).iter():
        assert node.tag not in {f"{SVG}style", f"{SVG}script"}
        assert not {name for name in node.attrib if name == "style" or name.startswith("on")}


def test_lanes_without_any_date_still_show_their_states() -> None:
    assert "尚未开始" in texts(drawn((Lane("税务局", "税务信息确认", "尚未开始"),)))


def test_no_lanes_make_an_empty_calendar_rather_than_an_error() -> None:
    assert "今天 3 月 3 日" in texts(drawn(()))


def test_a_long_name_is_broken_into_lines_and_not_cut() -> None:
    name = "道路运输证（车辆营运证）配发以及一个长得不合常理的事项名称"
    assert name in "".join(texts(drawn((Lane("交通运输局", name, "尚未开始"),))))


def test_the_words_for_the_table_say_what_a_lane_waits_for() -> None:
    assert SEAL.needs_in_words(LANES) == "企业设立登记（完成后才开始）"
    assert LICENCE.needs_in_words(LANES) == "企业设立登记（完成后才能决定）"

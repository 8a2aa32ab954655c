"""The strip shows each day of a limit in its week, and says of each whether it counts."""

from datetime import date

from portal.drawing.deadline_strip import DayCell, deadline_strip
from tests.drawing.markup import SVG, groups, parse, texts

TODAY = date(2026, 3, 3)
# 3 月 2 日 2026 is a Monday.
CELLS = (
    DayCell(day=date(2026, 2, 27), kind="received"),
    DayCell(day=date(2026, 2, 28), kind="counted", ordinal=1, label="调休"),
    DayCell(day=date(2026, 3, 1), kind="rest"),
    DayCell(day=date(2026, 3, 2), kind="suspended"),
    DayCell(day=date(2026, 3, 3), kind="counted", ordinal=2),
    DayCell(day=date(2026, 3, 4), kind="due", ordinal=3),
)


def drawn(cells=CELLS) -> str:
    return deadline_strip(cells, today=TODAY, title="期限逐日计算")


def left_and_top(svg: str, day: str) -> tuple[float, float]:
    (group,) = (cell for cell in groups(svg, "day") if cell.get("data-day") == day)
    rect = group.find(f"{SVG}rect")
    return float(rect.get("x")), float(rect.get("y"))


def test_the_same_days_always_give_the_same_picture() -> None:
    assert drawn() == drawn()


def test_every_day_says_in_words_whether_it_counts() -> None:
    shown = texts(drawn())
    for text in ("起算日", "调休", "休息日", "不计时", "第2日", "到期日"):
        assert text in shown


def test_a_day_stands_in_the_column_of_its_weekday_and_the_row_of_its_week() -> None:
    svg = drawn()
    friday, monday, tuesday = (left_and_top(svg, day) for day in ("2026-02-27", "2026-03-02", "2026-03-03"))
    assert monday[0] < tuesday[0] < friday[0]
    assert friday[1] < monday[1] == tuesday[1]


def test_the_month_is_named_at_the_beginning_and_on_the_first() -> None:
    shown = texts(drawn())
    assert "2/27" in shown
    assert "3/1" in shown
    assert "4" in shown


def test_labels_are_escaped() -> None:
    svg = drawn((DayCell(day=TODAY, kind="counted", label="<b>&"),))
    assert "<b>&" in texts(svg)


def test_no_days_make_an_empty_week_rather_than_an_error() -> None:
    assert parse(drawn(())).get("role") == "img"

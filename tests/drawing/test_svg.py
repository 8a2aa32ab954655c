"""The words of SVG: lines break as Chinese is printed, icons are whole."""

import pytest

from portal.drawing.icons import _STROKES, icon
from portal.drawing.svg import width_of, wrapped
from tests.drawing.markup import parse


def test_a_line_is_no_wider_than_its_space_and_nothing_is_lost() -> None:
    text = "道路货物运输经营许可以及 4500 千克以上车辆的营运证配发"
    rows = wrapped(text, width=90, size=15)
    assert "".join(rows) == text
    assert all(width_of(row, 15) <= 90 for row in rows)


def test_a_closing_mark_does_not_begin_a_line() -> None:
    assert wrapped("车辆营运证（总质量）配发", width=150, size=15)[1][0] not in "）"


def test_an_opening_mark_does_not_end_a_line() -> None:
    assert not wrapped("道路运输证（车辆）", width=90, size=15)[0].endswith("（")


def test_a_character_does_not_stand_alone_on_the_last_line() -> None:
    assert wrapped("社会保险登记证", width=90, size=15) == ("社会保险登", "记证")


def test_an_empty_text_has_no_lines() -> None:
    assert wrapped("", width=90, size=15) == ()


@pytest.mark.parametrize("name", sorted(_STROKES))
def test_an_icon_is_well_formed_and_silent(name: str) -> None:
    assert parse(icon(name)).get("aria-hidden") == "true"


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(KeyError, match="smiley"):
        icon("smiley")

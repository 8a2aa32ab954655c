"""Bars of amounts."""

import pytest

from portal.drawing.bars import Bar, Part, bars

PARTS = (Part("正常", "info"), Part("红牌", "danger", striped=True))


def test_every_amount_stands_in_the_description() -> None:
    svg = bars([Bar("交通运输局", (3, 1)), Bar("税务局", (0, 0))], PARTS, title="在办", unit="件")
    assert "交通运输局：正常 3 件，红牌 1 件。税务局：0 件" in svg


def test_texts_are_escaped() -> None:
    assert "<b>" not in bars([Bar("<b>", (1, 0))], PARTS, title="<b>", unit="件")


def test_a_bar_with_other_parts_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="amounts for 2 parts"):
        bars([Bar("税务局", (1,))], PARTS, title="在办", unit="件")

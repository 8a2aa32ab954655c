"""The pictures and the style sheet show one set of colours, each legible on its ground."""

import re
from pathlib import Path

import pytest

from portal.drawing import palette

CSS = Path(palette.__file__).parent.parent / "static" / "portal" / "portal.css"
TOKENS = dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", CSS.read_text(encoding="utf-8")))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_pictures_use_the_tokens_of_the_style_sheet() -> None:
    assert TOKENS["ink"] == palette.INK
    assert TOKENS["ink-soft"] == palette.INK_SOFT
    assert TOKENS["surface"] == palette.SURFACE
    assert TOKENS["paper"] == palette.PAPER
    assert TOKENS["line"] == palette.LINE
    assert TOKENS["edge"] == palette.EDGE
    assert TOKENS["blue"] == palette.BLUE


@pytest.mark.parametrize(
    ("tone", "strong", "wash", "text"),
    [
        ("neutral", "edge", "grey-wash", "ink-soft"),
        ("info", "blue", "blue-wash", "blue"),
        ("success", "green", "green-wash", "green"),
        ("warning", "amber-mark", "amber-wash", "amber"),
        ("danger", "red", "red-wash", "red"),
    ],
)
def test_a_tone_has_the_same_colours_in_pictures_and_on_pages(tone, strong, wash, text) -> None:
    ink = palette.TONES[tone]
    assert (ink.strong, ink.wash, ink.text) == (TOKENS[strong], TOKENS[wash], TOKENS[text])


@pytest.mark.parametrize("tone", sorted(palette.TONES))
def test_words_are_legible_on_white_on_paper_and_on_their_own_ground(tone) -> None:
    ink = palette.TONES[tone]
    for ground in (palette.SURFACE, palette.PAPER, ink.wash):
        assert contrast(ink.text, ground) >= 4.5


@pytest.mark.parametrize("tone", sorted(palette.TONES))
def test_marks_and_edges_stand_out_from_white(tone) -> None:
    assert contrast(palette.TONES[tone].strong, palette.SURFACE) >= 3
    assert contrast(palette.EDGE, palette.SURFACE) >= 3

"""Colours of the pictures: the same tokens as the style sheet, as a picture must also stand alone (papers, exports)."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["neutral", "info", "success", "warning", "danger"]

INK = "#1a2230"
INK_SOFT = "#4a5462"
SURFACE = "#ffffff"
PAPER = "#f6f5f1"
LINE = "#dddad2"
EDGE = "#767d88"
BLUE = "#1a4f9c"


@dataclass(frozen=True, slots=True)
class Ink:
    """How one tone is drawn: a filled body, its pale ground and words that are legible on white and on the ground."""

    strong: str
    wash: str
    text: str


TONES: dict[Tone, Ink] = {
    "neutral": Ink(strong="#767d88", wash="#efede8", text=INK_SOFT),
    "info": Ink(strong=BLUE, wash="#eaf0f9", text=BLUE),
    "success": Ink(strong="#1b6840", wash="#e8f3ec", text="#1b6840"),
    "warning": Ink(strong="#b87800", wash="#fdf3dc", text="#7a4a00"),
    "danger": Ink(strong="#b3271e", wash="#fbecea", text="#b3271e"),
}

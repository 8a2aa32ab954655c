"""How a text is written and how it sounds, so that a slip of the pen or of the input method still finds it."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import lazy_pinyin

# Sounds that many speakers do not tell apart: 翘舌音 and 平舌音, 后鼻音 and 前鼻音.
_SAME_SOUND = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Spelling:
    """text: letters, digits and 汉字 only, half width, no capitals. syllables: one for each 汉字, sounds merged."""

    text: str
    syllables: tuple[str, ...]
    letters: str
    initials: str

    @property
    def is_latin(self) -> bool:
        """Whether it was typed in letters, wholly or in part: “kaifandian”, “开fandian”."""
        return bool(re.search("[a-z]", self.text))

    @property
    def is_han(self) -> bool:
        """Whether it is 汉字 only, so that each of them is one syllable."""
        return len(_HAN.findall(self.text)) == len(self.text)


def fold(text: str) -> str:
    """Full width to half width, no capitals, letters, digits and 汉字 only."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


@lru_cache(maxsize=4096)
def spelling(text: str) -> Spelling:
    folded = fold(text)
    syllables = tuple(lazy_pinyin(folded))
    return Spelling(
        text=folded,
        syllables=tuple(_merge(syllable) for syllable in syllables),
        letters=_merge("".join(syllables)),
        initials="".join(syllable[0] for syllable in syllables),
    )


def _merge(sound: str) -> str:
    for told_apart, merged in _SAME_SOUND:
        sound = sound.replace(told_apart, merged)
    return sound

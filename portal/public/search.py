"""Finding a one-thing by what people call it: their words, words that mean the same, pinyin, and what is nearly right.

The edition brings the words (keywords and groups of synonyms). What is written exactly so comes first; what only sounds
or looks alike is found too, and says so.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from rapidfuzz import fuzz, process

from portal.catalogue.models import Edition
from portal.catalogue.schema import WHO, Catalogue, Matter, OneThing
from portal.public.spelling import Spelling, fold, spelling

# Words of a request that say nothing about what is wanted.
_FILLERS = (
    "我想要", "我想", "我要", "想要", "想", "怎么样", "怎么", "如何", "怎样", "需要", "准备", "办理", "申请", "一件事",
    "哪里", "在哪", "什么", "手续", "请问", "一家", "一个",
)  # fmt: skip
# One wrong 汉字 in five (80); a short name for a long one (市场监管局: 83). “注销” for “注册” in four stays out.
_ALIKE = 80
_ALIKE_MIN_CHARACTERS = 4
# Letters slip more easily: one in seven.
_ALIKE_LETTERS = 85
_ALIKE_MIN_LETTERS = 6
_SUGGESTED = 5
_SUGGESTED_LIKENESS = 50
# A fit of so little beside the best one is only mentioned in passing.
_IN_PASSING = 0.15
_REASONS = 3


class Way(IntEnum):
    """How a phrase fits, the best last."""

    LETTERS = 1
    SOUND = 2
    WRITING = 3
    EXACT = 4

    @property
    def words(self) -> str:
        return {1: "按拼音", 2: "读音相近", 3: "写法相近", 4: ""}[self.value]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One text by which a one-thing is known. means: the phrase of the edition that it is a synonym of, or ""."""

    kind: str
    weight: float
    text: str
    spelling: Spelling
    means: str = ""
    is_prose: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a one-thing is listed: “常用说法“饭店””. before, match, after: the phrase, the part that fits marked."""

    kind: str
    before: str
    match: str
    after: str
    way: Way
    means: str
    score: float

    @property
    def text(self) -> str:
        return self.before + self.match + self.after


@dataclass(frozen=True, slots=True)
class Hit:
    one_thing: OneThing
    score: float
    reasons: tuple[Reason, ...]

    @property
    def is_close(self) -> bool:
        """Whether nothing fits as written, only what sounds or looks alike."""
        return all(reason.way != Way.EXACT for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Index:
    entries: tuple[tuple[OneThing, tuple[Phrase, ...]], ...]

    def find(self, query: str) -> tuple[Hit, ...]:
        """One-things that fit the query, best first; empty for an empty query. Exact ones keep the others out."""
        wanted = [spelling(each) for each in _essences(query)]
        hits = [hit for entry in self.entries if (hit := _hit(*entry, wanted))]
        found = [hit for hit in hits if not hit.is_close] or hits
        least = _IN_PASSING * max((hit.score for hit in found), default=0)
        return tuple(sorted((hit for hit in found if hit.score >= least), key=lambda hit: -hit.score))

    def suggest(self, query: str) -> tuple[str, ...]:
        """Words that do find something: those nearest to the query, else one or two of every one-thing."""
        known = [phrase for _one, phrases in self.entries for phrase in phrases if phrase.kind == "常用说法"]
        asked = spelling(_essence(query)).syllables
        heard = [p.text for p in known if len(p.spelling.syllables) > 1 and _place_of(p.spelling.syllables, asked) >= 0]
        texts = list(dict.fromkeys(phrase.text for phrase in known))
        near = process.extract(
            _essence(query), texts, scorer=fuzz.ratio, score_cutoff=_SUGGESTED_LIKENESS, limit=_SUGGESTED
        )
        usual = (word for one_thing, _phrases in self.entries for word in one_thing.keywords[:2])
        return tuple(dict.fromkeys([*heard, *(text for text, _score, _index in near)]))[:_SUGGESTED] or tuple(usual)


@lru_cache(maxsize=8)
def _index(edition_pk: int, digest: str) -> Index:
    return index(Edition.objects.get(pk=edition_pk, digest=digest).catalogue)


def index_of(edition: Edition) -> Index:
    """The words of an edition, put in order once per process."""
    return _index(edition.pk, edition.digest)


def index(catalogue: Catalogue) -> Index:
    return Index(tuple((each, tuple(_phrases(catalogue, each))) for each in catalogue.one_things.values()))


def _phrases(catalogue: Catalogue, one_thing: OneThing) -> Iterator[Phrase]:
    """Everything by which a one-thing is known, with how much a match of it says."""
    own = {fold(text): text for text in _own_words(catalogue, one_thing)}
    yield _phrase("名称", 10, one_thing.name)
    for keyword in one_thing.keywords:
        yield _phrase("常用说法", 8, keyword)
    for group in catalogue.synonyms:
        known = next((own[fold(word)] for word in group if fold(word) in own), "")
        for word in group:
            if known and fold(word) not in own:
                yield _phrase("常用说法", 7, word, means=known)
    for matter in one_thing.matters:
        yield _phrase("包含事项", 5, matter.name)
        yield _phrase("办理结果", 5, _result(catalogue, matter))
        yield _phrase("办理部门", 4, catalogue.departments[matter.dept].name)
    for who in one_thing.who:
        yield _phrase("适用对象", 4, WHO[who])
    for event in one_thing.life_events:
        yield _phrase("办事情形", 4, event)
    for text in (*(faq.question for faq in one_thing.faqs), one_thing.audience, one_thing.summary):
        yield _phrase("指南内容", 1, text, is_prose=True)


def _own_words(catalogue: Catalogue, one_thing: OneThing) -> Iterator[str]:
    yield from one_thing.keywords
    yield from (WHO[who] for who in one_thing.who)
    for matter in one_thing.matters:
        yield matter.name
        yield _result(catalogue, matter)


def _result(catalogue: Catalogue, matter: Matter) -> str:
    licence = matter.result_licence(catalogue)
    return licence.name if licence else matter.result


def _phrase(kind: str, weight: float, text: str, *, means: str = "", is_prose: bool = False) -> Phrase:
    return Phrase(kind, weight, text, spelling(text), means, is_prose)


def _hit(one_thing: OneThing, phrases: Iterable[Phrase], wanted: list[Spelling]) -> Hit | None:
    """The best phrase of each kind counts."""
    best: dict[str, Reason] = {}
    for phrase in phrases:
        reason = max((_reason(phrase, each) for each in wanted), key=_score, default=None)
        if reason and reason.score > _score(best.get(phrase.kind)):
            best[phrase.kind] = reason
    if not best:
        return None
    reasons = sorted(best.values(), key=lambda reason: (-reason.way, -reason.score))
    if reasons[0].way == Way.EXACT:
        reasons = [reason for reason in reasons if reason.way == Way.EXACT]
    return Hit(one_thing, sum(reason.score for reason in reasons), tuple(reasons[:_REASONS]))


def _score(reason: Reason | None) -> float:
    return reason.score if reason else 0


def _reason(phrase: Phrase, wanted: Spelling) -> Reason | None:
    found = next((found for way in _WAYS if (found := way(wanted, phrase))), None)
    if found is None:
        return None
    way, likeness, (start, end) = found
    # A word that is the whole of what was asked says more than one in passing.
    whole = min(len(wanted.text), len(phrase.spelling.text)) / max(len(wanted.text), len(phrase.spelling.text), 1)
    before, match, after = _marked(phrase, start, end)
    return Reason(phrase.kind, before, match, after, way, phrase.means, phrase.weight * likeness * (0.7 + 0.3 * whole))


Found = tuple[Way, float, tuple[int, int]]
"""The way, how good the fit is (0 to 1), and which part of the folded phrase it is."""


def _as_written(wanted: Spelling, phrase: Phrase) -> Found | None:
    text = phrase.spelling.text
    if not text or not wanted.text:
        return None
    if (at := text.find(wanted.text)) >= 0 and (len(wanted.text) > 1 or (wanted.is_han and not phrase.is_prose)):
        return Way.EXACT, 1, (at, at + len(wanted.text))
    if len(text) > 1 and text in wanted.text:
        return Way.EXACT, 1, (0, len(text))
    return None


def _alike_in_writing(wanted: Spelling, phrase: Phrase) -> Found | None:
    text = phrase.spelling.text
    if phrase.is_prose or wanted.is_latin or min(len(text), len(wanted.text)) < _ALIKE_MIN_CHARACTERS:
        return None
    likeness = max(fuzz.ratio(wanted.text, text), _part_likeness(wanted.text, text))
    return (Way.WRITING, 0.8 * likeness / 100, (0, len(text))) if likeness >= _ALIKE else None


def _alike_in_sound(wanted: Spelling, phrase: Phrase) -> Found | None:
    """Syllable by syllable; two syllables alone need one character in common, so that 发型 is not 发行 of anything."""
    spelt = phrase.spelling
    if phrase.is_prose or not (wanted.is_han and spelt.is_han):
        return None
    at = _place_of(wanted.syllables, spelt.syllables)
    part = (at, at + len(wanted.syllables))
    if at < 0:
        if _place_of(spelt.syllables, wanted.syllables) < 0:
            return None
        part = (0, len(spelt.syllables))
    length = part[1] - part[0]
    common = set(wanted.text) & set(spelt.text[slice(*part)])
    return (Way.SOUND, 0.7, part) if length >= 3 or (length == 2 and common) else None


def _alike_in_letters(wanted: Spelling, phrase: Phrase) -> Found | None:
    """“kaifandian”, “yyzz”, and with a slip “kaifandain”."""
    spelt = phrase.spelling
    whole = (0, len(spelt.text))
    if phrase.is_prose or not wanted.is_latin:
        return None
    letters = wanted.letters
    if len(letters) >= 3 and letters == spelt.initials:
        return Way.LETTERS, 0.7, whole
    if len(letters) < _ALIKE_MIN_LETTERS - 1 or len(spelt.letters) < _ALIKE_MIN_LETTERS - 1:
        return None
    if _begins_a_syllable(letters, spelt) or spelt.letters in letters:
        return Way.LETTERS, 0.9, whole
    if min(len(letters), len(spelt.letters)) < _ALIKE_MIN_LETTERS:
        return None
    likeness = fuzz.ratio(letters, spelt.letters)
    if len(letters) > len(spelt.letters):
        likeness = max(likeness, _part_likeness(letters, spelt.letters))
    return (Way.LETTERS, 0.7 * likeness / 100, whole) if likeness >= _ALIKE_LETTERS else None


def _part_likeness(one: str, other: str) -> float:
    """0 to 100: the shorter text, whole, beside the best place of the longer one."""
    best = fuzz.partial_ratio_alignment(one, other)
    shorter = min(len(one), len(other))
    if best is None or min(best.src_end - best.src_start, best.dest_end - best.dest_start) < shorter:
        return 0
    return best.score


_WAYS = (_as_written, _alike_in_writing, _alike_in_sound, _alike_in_letters)


def _begins_a_syllable(letters: str, spelt: Spelling) -> bool:
    return any("".join(spelt.syllables[index:]).startswith(letters) for index in range(len(spelt.syllables)))


def _place_of(part: tuple[str, ...], whole: tuple[str, ...]) -> int:
    """Where the one sequence stands in the other, or -1."""
    return next((at for at in range(len(whole) - len(part) + 1) if whole[at : at + len(part)] == part), -1)


def _marked(phrase: Phrase, start: int, end: int) -> tuple[str, str, str]:
    """The phrase as people read it, cut around the part that fits; punctuation does not count as a place."""
    places = [index for index, char in enumerate(phrase.text) if fold(char)]
    if len(places) != len(phrase.spelling.text):
        return "", phrase.text, ""
    first, last = places[start], places[end - 1] + 1
    return phrase.text[:first], phrase.text[first:last], phrase.text[last:]


def _essences(query: str) -> list[str]:
    """What is left without the words that say nothing, of the whole query and of each of its parts."""
    parts = [part for part in re.split(r"[\s,，、。;；+]+", query) if part]
    return list(dict.fromkeys(filter(None, (_essence(each) for each in (query, *parts)))))


def _essence(query: str) -> str:
    """A query of nothing but fillers stays whole."""
    folded = fold(query)
    bare = folded
    for filler in _FILLERS:
        bare = bare.replace(filler, "")
    return bare or folded

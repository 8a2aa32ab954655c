"""Finding a one-thing by what people call it. Substrings first, shared pairs of characters for what is nearly right."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from portal.catalogue.schema import Catalogue, OneThing

# Words of a request that say nothing about what is wanted.
_FILLERS = (
    "我想要", "我想", "我要", "想要", "怎么样", "怎么", "如何", "怎样", "需要", "准备", "办理", "申请", "一件事",
)  # fmt: skip
# Half of the query's pairs of characters: “市场监管局” still finds 市场监督管理局.
_NEARLY = 0.5


@dataclass(frozen=True, slots=True)
class Hit:
    """because: the words that matched, 常用说法“饭店”, so that the reader sees why the one-thing is listed."""

    one_thing: OneThing
    score: float
    because: str


def find(catalogue: Catalogue, query: str) -> tuple[Hit, ...]:
    """One-things that fit the query, best first; empty for an empty query."""
    wanted = _essence(query)
    if not wanted:
        return ()
    hits = (_hit(catalogue, one_thing, wanted) for one_thing in catalogue.one_things.values())
    return tuple(sorted((hit for hit in hits if hit.score > 0), key=lambda hit: -hit.score))


def _hit(catalogue: Catalogue, one_thing: OneThing, wanted: str) -> Hit:
    best: dict[str, tuple[float, str]] = {}
    for kind, weight, text in _texts(catalogue, one_thing):
        score = weight * _likeness(wanted, _fold(text))
        if score > best.get(kind, (0, ""))[0]:
            best[kind] = (score, text)
    kind, (_score, text) = max(best.items(), key=lambda item: item[1][0], default=("", (0, "")))
    return Hit(one_thing, sum(score for score, _text in best.values()), f"{kind}“{text}”" if kind else "")


def _texts(catalogue: Catalogue, one_thing: OneThing) -> Iterator[tuple[str, float, str]]:
    """Everything by which a one-thing is known, with how much a match of it says."""
    yield "名称", 10, one_thing.name
    for keyword in one_thing.keywords:
        yield "常用说法", 8, keyword
    for matter in one_thing.matters:
        yield "包含事项", 5, matter.name
        yield "办理部门", 4, catalogue.departments[matter.dept].name
        licence = matter.result_licence(catalogue)
        yield "办理结果", 5, licence.name if licence else matter.result
    yield "适用对象", 2, one_thing.audience
    yield "简介", 1, one_thing.summary


def _likeness(wanted: str, text: str) -> float:
    """0 to 1: whole when one holds the other, else the share of the wanted pairs of characters that the text has."""
    if not text:
        return 0
    if wanted in text or (len(text) > 1 and text in wanted):
        return 1
    pairs = _pairs(wanted)
    share = len(pairs & _pairs(text)) / len(pairs) if pairs else 0
    return share * share if share >= _NEARLY else 0


def _essence(query: str) -> str:
    """The query without fillers; a query of nothing but fillers stays whole."""
    folded = _fold(query)
    bare = folded
    for filler in _FILLERS:
        bare = bare.replace(filler, "")
    return bare or folded


def _fold(text: str) -> str:
    """Full width to half width, no capitals, letters and digits only."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def _pairs(text: str) -> set[str]:
    return {text[index : index + 2] for index in range(len(text) - 1)}

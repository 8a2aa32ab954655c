"""Typed reading of one TOML table: every wrong or missing value becomes a problem, and reading goes on."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Protocol, TypeVar

from portal.catalogue.entities import Condition, Term
from portal.catalogue.sources import FORMAT, Place, Problem, Sources, describe

_ID = re.compile(r"[A-Za-z0-9_-]{1,50}")
_KINDS = {str: "文字", bool: "true 或 false", int: "整数", list: "数组", dict: "表"}
_NEAR_MISS_RATIO = 0.8


@dataclass(slots=True)
class Report:
    """What reading found. problems: the table cannot be used; typos: keys that look like a misspelt known one."""

    raw: dict[str, Any]
    sources: Sources
    problems: list[Problem] = field(default_factory=list)
    typos: list[Problem] = field(default_factory=list)

    def wrong(self, place: Place, say: str, *, key: str = "", rule: str = FORMAT) -> None:
        self.problems.append(Problem(rule, describe(self.raw, self.sources, place, key), say))


class Row:
    """One table of the file. Each method reads a key, once; `finish` reports keys that nobody read."""

    def __init__(self, table: dict[str, Any], place: Place, report: Report) -> None:
        self.table = table
        self.place = place
        self.report = report
        self._known: set[str] = set()

    def has(self, key: str) -> bool:
        return key in self.table

    def id(self) -> str:
        value = self.text("id", required=True)
        if value and not _ID.fullmatch(value):
            self.wrong("id", f"id“{value}”只能由字母、数字、“-”和“_”组成，不超过 50 个字符。")
        return value

    def text(self, key: str, default: str = "", *, required: bool = False, among: Iterable[str] = ()) -> str:
        value = self._value(key, str, required=required)
        if value is None:
            return default
        if required and not value.strip():
            self.wrong(key, f"“{key}”不能为空。")
        allowed = tuple(among)
        if allowed and value not in allowed:
            self.wrong(key, f"“{key}”的值“{value}”不在允许的范围内：{'、'.join(allowed)}。")
            return default
        return str(value)

    def integer(self, key: str) -> int | None:
        """A count or a limit: never negative."""
        value: int | None = self._value(key, int)
        if value is not None and value < 0:
            self.wrong(key, f"“{key}”不能是负数（{value}）。")
            return None
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self._value(key, bool)
        return default if value is None else bool(value)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._value(key, list) or []
        if not all(isinstance(item, str) for item in value):
            self.wrong(key, f"“{key}”应是文字的数组。")
            return ()
        return tuple(value)

    def integers(self, key: str) -> tuple[int, ...]:
        value = self._value(key, list) or []
        if not all(isinstance(item, int) and not isinstance(item, bool) for item in value):
            self.wrong(key, f"“{key}”应是整数的数组。")
            return ()
        return tuple(value)

    def condition(self, key: str) -> Condition:
        """[["question=option", …], …]: OR of ANDs; a missing, empty or vacuous one always holds."""
        alternatives = self._value(key, list) or []
        parsed: list[tuple[Term, ...]] = []
        for alternative in alternatives:
            if not isinstance(alternative, list):
                self.wrong(key, f'“{key}”应写成两层数组，例如 [["问题=选项", "问题=选项"], ["问题=选项"]]。')
                return ()
            terms = tuple(filter(None, (self._term(key, item) for item in alternative)))
            if not alternative:
                return ()
            if terms:
                parsed.append(terms)
        return tuple(parsed)

    def rows(self, key: str) -> Iterator["Row"]:
        """The tables of an array of tables, [[…]] or [{…}, …]."""
        for index, item in enumerate(self._value(key, list) or []):
            if isinstance(item, dict):
                yield Row(item, (*self.place, key, index), self.report)
            else:
                self.wrong(key, f"“{key}”应是表的数组，第 {index + 1} 项不是表。")

    def row(self, key: str) -> "Row":
        """The table under a key; an empty one when it is missing."""
        return Row(self._value(key, dict, required=True) or {}, (*self.place, key), self.report)

    def part(self, key: str) -> "Row | None":
        """The table under a key that may be left out."""
        value = self._value(key, dict)
        return None if value is None else Row(value, (*self.place, key), self.report)

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """A table of texts: {"车辆数量" = "2 辆"}."""
        value = self._value(key, dict) or {}
        if not all(isinstance(item, str) for item in value.values()):
            self.wrong(key, f"“{key}”的每个值都应是文字。")
            return ()
        return tuple(value.items())

    def wrong(self, key: str, say: str, *, rule: str = FORMAT) -> None:
        self.report.wrong(self.place, say, key=key, rule=rule)

    def finish(self) -> None:
        """Report unknown keys that resemble a known one; others are additions of a district and stay."""
        absent = self._known - self.table.keys()
        for key in self.table.keys() - self._known:
            meant = _near_miss(key, absent)
            if meant:
                where = describe(self.report.raw, self.report.sources, self.place, key)
                self.report.typos.append(Problem(FORMAT, where, f"不认识的键“{key}”，是否想写“{meant}”？"))

    def _value(self, key: str, kind: type, *, required: bool = False) -> Any:
        self._known.add(key)
        if key not in self.table:
            if required:
                self.wrong(key, f"缺少“{key}”。")
            return None
        value = self.table[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.wrong(key, f"“{key}”应是{_KINDS[kind]}，现在是 {value!r}。")
            return None
        return value

    def _term(self, key: str, item: object) -> Term | None:
        question, equals, option = item.partition("=") if isinstance(item, str) else ("", "", "")
        if not (question.strip() and equals and option.strip()):
            self.wrong(key, f"“{key}”中的 {item!r} 不是“问题=选项”的形式。")
            return None
        return Term(question.strip(), option.strip())


def _near_miss(key: str, known: set[str]) -> str:
    for candidate in sorted(known):
        same_letters = sorted(key) == sorted(candidate)
        if same_letters or SequenceMatcher(None, key, candidate).ratio() >= _NEAR_MISS_RATIO:
            return candidate
    return ""


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Identified)
V = TypeVar("V")


def by_id(parent: Row, key: str, make: Callable[[Row], T]) -> dict[str, T]:
    """The rows of an array by their id; a repeated id is a problem."""
    found: dict[str, T] = {}
    for row in parent.rows(key):
        made = make(row)
        row.finish()
        if made.id in found:
            row.wrong("id", f"id“{made.id}”重复。")
        elif made.id:
            found[made.id] = made
    return found


def each(parent: Row, key: str, make: Callable[[Row], V]) -> list[V]:
    made: list[V] = []
    for row in parent.rows(key):
        made.append(make(row))
        row.finish()
    return made

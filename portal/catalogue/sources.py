"""Reading an edition's TOML files: one merged table, and for every part of it the file and line it came from."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

FORMAT = "格式"
"""Stands where a problem has no R-number: the file itself is wrong."""

Place = tuple[str | int, ...]
"""Where in the merged table: ("bundle", 0, "matter", 4)."""

_NOUNS = {
    "meta": "目录信息",
    "department": "部门",
    "licence": "证照",
    "field": "字段",
    "step": "步骤",
    "material": "材料",
    "bundle": "一件事",
    "question": "问题",
    "gate": "关口",
    "matter": "事项",
    "follow_up": "后续提醒",
    "joint_visit": "联合踏勘",
    "field_rule": "字段规则",
    "faq": "问答",
    "synonym": "同义词",
    "blank": "空白表样",
    "sample": "示例",
    "columns": "列",
    "needs": "前置",
    "materials": "所用材料",
}
_ARRAY_HEADER = re.compile(r"^\s*\[\[\s*([\w.\-]+)\s*\]\]")
_TABLE_HEADER = re.compile(r"^\s*\[\s*([\w.\-]+)\s*\]")
_KEY = re.compile(r"^\s*([\w\-]+)\s*=")
_TOML_ERROR_AT = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True)
class Problem:
    """One breach. rule: an R-number or 格式; where: what and in which file and line; say: what is wrong."""

    rule: str
    where: str
    say: str

    def __str__(self) -> str:
        return f"{self.rule} {self.where}：{self.say}"


class CatalogueError(ValueError):
    """The catalogue cannot be used; `problems` says why, completely."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Position:
    file: str
    line: int
    keys: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Sources:
    """File and line of each table. Empty for a catalogue that was not read from files."""

    positions: Mapping[Place, Position] = field(default_factory=dict)

    def at(self, place: Place, key: str = "") -> str:
        """“20-licences.toml:12” of the key, else of the table around it; "" when unknown."""
        for length in range(len(place), 0, -1):
            position = self.positions.get(place[:length])
            if position is not None:
                inner = key if length == len(place) else str(place[length])
                return f"{position.file}:{position.keys.get(inner, position.line)}"
        return ""


@dataclass(frozen=True, slots=True)
class Reading:
    raw: dict[str, Any]
    sources: Sources
    problems: list[Problem]


def read(path: Path) -> Reading:
    """The merged table of one file, or of a directory's *.toml in name order. Never raises for a faulty file."""
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    merged: dict[str, Any] = {}
    positions: dict[Place, Position] = {}
    problems: list[Problem] = []
    if not files:
        problems.append(Problem(FORMAT, str(path), "文件夹中没有 .toml 文件。"))
    for file in files:
        try:
            text = file.read_text(encoding="utf-8-sig")
            table = tomllib.loads(text)
        except OSError as error:
            problems.append(Problem(FORMAT, file.name, f"无法读取文件（{error.strerror}）。"))
        except UnicodeDecodeError:
            problems.append(Problem(FORMAT, file.name, "文件不是 UTF-8 编码。"))
        except tomllib.TOMLDecodeError as error:
            problems.append(_syntax_problem(file.name, error))
        else:
            _merge(merged, _json_values(table), _positions(text, file.name), positions, problems, file.name)
    return Reading(merged, Sources(positions), problems)


def describe(raw: Mapping[str, Any], sources: Sources, place: Place, key: str = "") -> str:
    """“一件事 ysqy 事项 hyxk（50-one-thing-ysqy.toml:128）”."""
    words: list[str] = []
    node: Any = raw
    for part in place:
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            node = None
        if isinstance(part, str):
            words.append(_NOUNS.get(part, part))
        else:
            known = isinstance(node, dict) and isinstance(node.get("id"), str)
            words.append(node["id"] if known else f"第 {part + 1} 项")
    at = sources.at(place, key)
    return " ".join(words) + (f"（{at}）" if at else "")


def _syntax_problem(file: str, error: tomllib.TOMLDecodeError) -> Problem:
    found = _TOML_ERROR_AT.search(str(error))
    detail = _TOML_ERROR_AT.sub("", str(error)).strip()
    where = f"{file}:{found[1]}" if found else file
    return Problem(FORMAT, where, f"TOML 语法错误（{detail}），请检查这一行和上一行。")


def _json_values(value: Any) -> Any:
    """TOML dates as ISO text, since an edition is stored as JSON."""
    if isinstance(value, dict):
        return {key: _json_values(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_json_values(inner) for inner in value]
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def _merge(
    merged: dict[str, Any],
    table: dict[str, Any],
    found: dict[Place, Position],
    positions: dict[Place, Position],
    problems: list[Problem],
    file: str,
) -> None:
    offsets: dict[str, int] = {}
    for name, value in table.items():
        present = merged.get(name)
        if present is None:
            merged[name] = value
        elif isinstance(present, list) and isinstance(value, list):
            offsets[name] = len(present)
            merged[name] = present + value
        elif isinstance(present, dict) and isinstance(value, dict):
            problems += [
                Problem(FORMAT, f"{file} [{name}]", f"“{key}”在前面的文件里已经写过。")
                for key in sorted(present.keys() & value.keys())
            ]
            merged[name] = value | present
        else:
            problems.append(Problem(FORMAT, file, f"“{name}”在前面的文件里已经写过，而且类型不同。"))
    for place, position in found.items():
        name = str(place[0])
        if len(place) > 1 and isinstance(place[1], int):
            place = (name, place[1] + offsets.get(name, 0), *place[2:])
        positions.setdefault(place, position)


def _positions(text: str, file: str) -> dict[Place, Position]:
    """Line of every table header and of the keys below it, by counting headers (tomllib keeps no lines)."""
    counts: dict[Place, int] = {}
    found: dict[Place, Position] = {}
    keys: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _ARRAY_HEADER.match(line) or _TABLE_HEADER.match(line):
            is_array = line.lstrip().startswith("[[")
            place = _resolve(header[1].split("."), counts, is_array=is_array)
            keys = {}
            found[place] = Position(file, number, keys)
        elif key := _KEY.match(line):
            keys.setdefault(key[1], number)
    return found


def _resolve(parts: list[str], counts: dict[Place, int], *, is_array: bool) -> Place:
    place: Place = ()
    for index, part in enumerate(parts):
        place = (*place, part)
        if is_array and index == len(parts) - 1:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place

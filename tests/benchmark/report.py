"""The figures as a table for people."""

from typing import Any
from unicodedata import east_asian_width

NAMES = {
    "portal": "本门户（真实命令，全流程）",
    "viewflow": "Viewflow（认领与办理一步完成）",
    "viewflow_stock": "Viewflow（认领、办理两步）",
    "spiffworkflow": "SpiffWorkflow（状态存 JSON）",
}
HEADINGS = ("", "人工步骤", "SQL/件", "毫秒/件", "SQL/步", "毫秒/步", "SQL 倍数", "毫秒倍数", "失败")
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def table(report: dict[str, Any]) -> str:
    """One table a database; 倍数 is the ratio to bare Viewflow in one step, same run and database."""
    lines = [f"一件事 {report['one_thing']}，每种 {report['affairs']} 件，种子 {report['seed']}。毫秒为各件的中位数。"]
    for database, figures in report["databases"].items():
        server = "，".join(f"{name} {value}" for name, value in figures["server"].items())
        rows = [HEADINGS, *(_row(NAMES[name], variant) for name, variant in figures["variants"].items())]
        lines += ["", f"{DATABASES[database]}（{server}）", *_aligned(rows)]
    lines += ["", "本门户比对照多做的事见 JSON 的 portal_does_more；倍数以“Viewflow（认领与办理一步完成）”为 1。"]
    return "\n".join(lines)


def _row(name: str, variant: dict[str, Any]) -> tuple[str, ...]:
    figures = [
        variant.get(key, "—")
        for key in (
            "person_steps_per_affair", "sql_per_affair", "milliseconds_per_affair", "sql_per_person_step",
            "milliseconds_per_person_step",
        )
    ]  # fmt: skip
    ratios = [variant["ratio_to_viewflow"].get(key, "—") for key in ("sql_per_affair", "milliseconds_per_affair")]
    return (name, *map(str, [*figures, *ratios, variant["failures"]]))


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [
        row[0]
        + " " * (widths[0] - _width(row[0]))
        + "".join("  " + " " * (width - _width(cell)) + cell for cell, width in zip(row[1:], widths[1:], strict=True))
        for row in rows
    ]


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)

"""The flows as pictures, drawn from the code: a changed procedure shows in review."""

import re
from collections.abc import Iterator
from pathlib import Path

from viewflow.workflow.chart import calc_layout_data, grid_to_bpmn, grid_to_svg

from workflows.approval import ApprovalFlow
from workflows.one_thing import OneThingFlow

FLOWS = {"one_thing": OneThingFlow, "approval": ApprovalFlow}


def pictures() -> Iterator[tuple[str, str]]:
    """File name and content of every picture: SVG for people, BPMN 2.0 for other tools."""
    for name, flow in FLOWS.items():
        grid = calc_layout_data(flow)
        yield f"{name}.svg", _tidy(grid_to_svg(grid))
        yield f"{name}.bpmn", _tidy(grid_to_bpmn(grid))


def write(folder: Path) -> list[Path]:
    """Write all pictures into ``folder``; returns the files whose content changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, content in pictures():
        path = folder / name
        if not path.exists() or path.read_text() != content:
            path.write_text(content)
            changed.append(path)
    return changed


def _tidy(markup: str) -> str:
    for english, chinese in (("yes", "是"), ("no", "否")):
        markup = re.sub(rf'(>\s*|name="){english}(\s*<|")', rf"\g<1>{chinese}\g<2>", markup)
    return "\n".join(line.rstrip() for line in markup.splitlines() if line.strip()) + "\n"

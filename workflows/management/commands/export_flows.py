"""Pictures of the flows for the documentation."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from workflows.pictures import write


class Command(BaseCommand):
    help = "把办理流程画成 SVG 和 BPMN，写入 docs/flows/；流程改动后运行并提交。"

    def handle(self, *args: Any, **options: Any) -> None:
        changed = write(Path(settings.BASE_DIR) / "docs" / "flows")
        for path in changed:
            self.stdout.write(f"已更新 {path.name}")
        if not changed:
            self.stdout.write("流程图没有变化。")

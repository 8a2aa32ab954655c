"""Deadlines, outbox, reminders."""

from typing import Any

from django.core.management.base import BaseCommand

from workflows.engine.outbox import run_due


class Command(BaseCommand):
    help = "执行所有到期的后台任务（文书、流程环节、到期归档）；可重复运行，也可与 worker 同时运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"已执行 {run_due()} 项到期任务。")

"""Flows against records."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from workflows.engine.reconciler import reconcile


class Command(BaseCommand):
    help = "核对流程与记录，补上中断后遗留的环节、文书和任务；可重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(reconcile().as_dict(), ensure_ascii=False))

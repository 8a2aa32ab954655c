"""Whole affairs through the real commands, as JSON."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.catalogue.models import Edition
from workflows.simulation import simulate


class Command(BaseCommand):
    help = "用真实命令把若干办件从提问走到归档，以 JSON 输出结果、失败数（应为 0）和每件的 SQL 与毫秒数。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--one-thing", required=True, help="一件事代码，如 ysqy")
        parser.add_argument("--affairs", type=int, default=10, help="办件数量")
        parser.add_argument("--seed", type=int, default=1, help="随机种子：同一种子给出同样的情形和决定")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("simulate 会写入虚构的办件和证照，只能在演示环境（DEMONSTRATION=true）运行。")
        known = Edition.objects.current().catalogue.one_things
        if options["one_thing"] not in known:
            raise CommandError(f"没有一件事“{options['one_thing']}”，现有：{'、'.join(known)}")
        report = simulate(options["one_thing"], affairs=options["affairs"], seed=options["seed"])
        self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
        if report.failures:
            raise SystemExit(1)

"""Proof that nobody changed the trail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.audit.models import Anchor, ChainHead, Entry
from portal.audit.services import verify


class Command(BaseCommand):
    help = "核对全部留痕链和锚点；发现第一处改动、删除或乱序时指出并以 1 退出。"

    def handle(self, *args: Any, **options: Any) -> None:
        if breach := verify():
            raise CommandError(f"留痕不可信：{breach}", returncode=1)
        chains, entries = ChainHead.objects.count(), Entry.objects.count()
        self.stdout.write(f"留痕核对通过：{chains} 条链，{entries} 条留痕，{Anchor.objects.count()} 个锚点。")

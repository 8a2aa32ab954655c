"""Everything a demonstration needs, any number of times."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.accounts import demo
from portal.accounts.models import Department
from portal.catalogue.schema import CatalogueError, load
from portal.catalogue.services import publish

EDITIONS = Path(settings.BASE_DIR) / "portal" / "catalogue" / "editions"


class Command(BaseCommand):
    help = "建库、发布目录版本、建立演示账号；可重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        for folder in sorted(path for path in EDITIONS.iterdir() if path.is_dir()):
            try:
                edition = publish(load(folder), by="demo")
            except CatalogueError as error:
                raise CommandError("\n".join(str(problem) for problem in error.problems)) from error
            self.stdout.write(f"目录版本 {edition.code} 已发布（{len(edition.catalogue.one_things)} 个一件事）")
        # A refusal must name who hears the appeal (R34). Where the catalogue does not know, a demonstration says so.
        if settings.DEMONSTRATION:
            Department.objects.filter(remedy_authority="").update(
                remedy_authority=f"{settings.DISTRICT_NAME}人民政府（演示，待部门确认）"
            )
        demo.create_accounts()
        self.stdout.write(f"演示账号 {len(demo.accounts())} 个已就绪，登录页列出用户名和密码。")

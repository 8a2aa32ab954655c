from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from portal.catalogue.lint import lint_path
from portal.catalogue.schema import load


class Command(BaseCommand):
    help = "检查事项目录：每处不符合规则的地方输出一行（规则编号、位置、说明），有不符合时退出码为 1。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="一个 .toml 文件，或者一个版本的文件夹")

    def handle(self, *, path: Path, **options: object) -> None:
        problems = lint_path(path)
        if problems:
            for problem in problems:
                self.stdout.write(str(problem))
            self.stderr.write(f"目录检查未通过：{len(problems)} 处不符合。")
            raise SystemExit(1)
        catalogue = load(path)
        matters = sum(len(one_thing.matters) for one_thing in catalogue.one_things.values())
        self.stdout.write(
            f"目录检查通过：{len(catalogue.one_things)} 个一件事，{matters} 个事项，"
            f"{len(catalogue.materials)} 种材料，{len(catalogue.departments)} 个部门。"
        )

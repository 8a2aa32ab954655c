from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from portal.catalogue.models import Edition
from portal.catalogue.schema import CatalogueError, load
from portal.catalogue.services import publish


class Command(BaseCommand):
    help = "发布目录版本。已发布的版本不能修改；内容相同的再次发布不作改动。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="一个 .toml 文件，或者一个版本的文件夹")
        parser.add_argument("--by", default="", help="发布人")

    def handle(self, *, path: Path, by: str, **options: object) -> None:
        before = Edition.objects.count()
        try:
            edition = publish(load(path), by=by)
        except CatalogueError as error:
            for problem in error.problems:
                self.stdout.write(str(problem))
            self.stderr.write(f"没有发布：{len(error.problems)} 处不符合。")
            raise SystemExit(1) from error
        names = "、".join(one_thing.name for one_thing in edition.catalogue.one_things.values())
        if Edition.objects.count() == before:
            self.stdout.write(f"目录版本 {edition.code} 以前已经发布，内容相同，没有改动（{names}）。")
        else:
            self.stdout.write(f"已发布目录版本 {edition.code}（{edition.jurisdiction_name}）：{names}。")

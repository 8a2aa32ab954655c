"""Our whole procedure beside bare Viewflow and SpiffWorkflow, on SQLite and on PostgreSQL, in one run.

    python -m tests.benchmark [--affairs N] [--seed S] [--one-thing qybg] [--database sqlite]

JSON on standard output, a table on standard error. The databases are made for the run and dropped after it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests import services
from tests.benchmark.answers import ANSWERS
from tests.benchmark.report import table

ROOT = Path(__file__).resolve().parents[2]
WARM_UP = 3
GRAPHS = {
    "portal": "submit → accept → each department of the one-thing: review, decision → issue (job) → deliver → rate",
    "viewflow": (
        "start → accept → Split → 4 × approve → Join → issue → feedback → end; claimed and executed in one step, "
        "under Viewflow's own select_for_update_lock"
    ),
    "viewflow_stock": "the same graph and lock; claiming is a transaction of its own, as in Viewflow's screens",
    "spiffworkflow": "the same graph as BPMN; the whole state as JSON in one locked row, one transaction a step",
}
PORTAL_DOES_MORE = [
    "two persons' steps a department (review, decision), each department in a process of its own",
    "the business records themselves: affair, approvals, certificates, delivery, rating",
    "an entry in the affair's hash chain for every step",
    "papers: contents checked and frozen with each step (the making of the PDFs is left out)",
    "due dates, legal and promised, by the calendar of working days; order and prerequisites of the matters",
    "jobs in an outbox and the message that wakes a worker",
    "one lock per affair, checks of the person's right and of the state",
]
# Environment that would lead the run to somebody's data or servers.
FOREIGN = ("CELERY_BROKER_URL", "CACHE_URL", "STORAGE_BUCKET", "DEBUG", "DJANGO_SETTINGS_MODULE")


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """URL of a new, empty database of this kind."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'benchmark.sqlite3'}"
        return
    with services.postgres_server() as server, services.fresh_database(server) as url:
        yield url


def measured(kind: str, arguments: list[str]) -> dict[str, Any]:
    """The figures of one database, from a process of its own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-benchmark-")))
        environment = {name: value for name, value in os.environ.items() if name not in FOREIGN} | {
            "DATABASE_URL": stack.enter_context(database(kind, folder)),
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "tests.benchmark.settings",
        }
        command = [sys.executable, "-m", "django", "measure", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    return with_ratios(json.loads(done.stdout))


def with_ratios(figures: dict[str, Any]) -> dict[str, Any]:
    """Beside each figure what it is to bare Viewflow (claim and execute in one step) on the same database."""
    bare = figures["variants"]["viewflow"]
    for variant in figures["variants"].values():
        variant["ratio_to_viewflow"] = {
            name: round(variant[name] / bare[name], 2)
            for name in (
                "sql_per_affair", "milliseconds_per_affair", "sql_per_person_step", "milliseconds_per_person_step",
            )
            if name in variant and name in bare
        }  # fmt: skip
    return figures


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__.partition("\n")[0])
    parser.add_argument("--affairs", type=int, default=20, help="办件数量")
    parser.add_argument("--seed", type=int, default=1, help="随机种子：表单内容随它而变，流程不变")
    parser.add_argument("--one-thing", default="qybg", choices=sorted(ANSWERS), help="一件事代码")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="只在一种数据库上运行")
    options = parser.parse_args(arguments)
    passed_on = [
        f"--affairs={options.affairs}", f"--seed={options.seed}", f"--one-thing={options.one_thing}",
        f"--warm-up={min(WARM_UP, options.affairs)}",
    ]  # fmt: skip
    try:
        databases = {
            kind: measured(kind, passed_on) for kind in ("sqlite", "postgresql") if options.database in (None, kind)
        }
    except services.Missing as problem:
        print(problem, file=sys.stderr)
        return 2
    failures = sum(variant["failures"] for each in databases.values() for variant in each["variants"].values())
    report = {
        "one_thing": options.one_thing,
        "affairs": options.affairs,
        "seed": options.seed,
        "failures": failures,
        "packages": {name: version(name) for name in ("Django", "django-viewflow", "SpiffWorkflow")},
        "graphs": GRAPHS,
        "portal_does_more": PORTAL_DOES_MORE,
        "databases": databases,
    }
    print(json.dumps(report, ensure_ascii=False, indent=2))
    print(table(report), file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

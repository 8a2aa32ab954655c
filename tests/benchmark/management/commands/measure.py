"""One database: every variant in turn, affair by affair, so that a noisy minute falls on all of them alike."""

import json
import statistics
from collections import Counter
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from tests.benchmark.peers import OneStepViewflow, Spiff, StockViewflow
from tests.benchmark.procedure import Portal
from tests.benchmark.steps import Steps


class Command(BaseCommand):
    help = "在当前数据库（须为空库）上依次运行本门户与各对照，以 JSON 输出。由 python -m tests.benchmark 调用。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--one-thing", required=True)
        parser.add_argument("--affairs", type=int, required=True)
        parser.add_argument("--seed", type=int, required=True)
        parser.add_argument("--warm-up", type=int, required=True)

    def handle(self, *, one_thing: str, affairs: int, seed: int, warm_up: int, **_options: Any) -> None:
        call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
        portal = Portal(one_thing, seed)
        clerk = portal.people.clerk.user
        variants = {
            "portal": portal,
            "viewflow": OneStepViewflow(clerk),
            "viewflow_stock": StockViewflow(clerk),
            "spiffworkflow": Spiff(),
        }
        done: dict[str, list[Steps]] = {name: [] for name in variants}
        failures: dict[str, list[str]] = {name: [] for name in variants}
        for index in range(-warm_up, affairs):
            for name, variant in variants.items():
                steps = Steps()
                try:
                    variant.run(index, steps)
                except Exception as error:  # a failed affair is a finding; the others go on
                    failures[name].append(f"affair {index} (seed {seed}): {type(error).__name__}: {error}")
                else:
                    if index >= 0:
                        done[name].append(steps)
        figures = {
            "server": _server(),
            "variants": {name: _figures(done[name], failures[name]) for name in variants},
        }
        self.stdout.write(json.dumps(figures, ensure_ascii=False))


def _figures(runs: list[Steps], failures: list[str]) -> dict[str, Any]:
    """Statements on average, milliseconds as the median over the affairs, each per affair and per person's step."""
    figures: dict[str, Any] = {"affairs": len(runs), "failures": len(failures), "failure_details": failures}
    if not runs:
        return figures
    persons = statistics.mean(steps.persons for steps in runs)
    statements = statistics.mean(steps.statements.total() for steps in runs)
    milliseconds = statistics.median(steps.milliseconds.total() for steps in runs)
    by_step: Counter[str] = sum((steps.statements for steps in runs), Counter())
    return figures | {
        "person_steps_per_affair": round(persons, 1),
        "sql_per_affair": round(statements, 1),
        "milliseconds_per_affair": round(milliseconds, 1),
        "sql_per_person_step": round(statements / persons, 1),
        "milliseconds_per_person_step": round(milliseconds / persons, 2),
        "sql_by_step": {name: round(count / len(runs), 1) for name, count in by_step.items()},
    }


def _server() -> dict[str, str]:
    """What the figures depend on: the engine, and whether a commit waits for the disk."""
    if connection.vendor == "sqlite":
        asked = ("SELECT sqlite_version() AS version", "PRAGMA journal_mode", "PRAGMA synchronous")
    else:
        asked = ("SHOW server_version", "SHOW fsync", "SHOW synchronous_commit")
    answers = {}
    with connection.cursor() as cursor:
        for sql in asked:
            cursor.execute(sql)
            answers[cursor.description[0][0]] = str(cursor.fetchone()[0])
    return answers

"""Counting SQL statements and time, step by step."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from workflows.simulation import Cost


@dataclass(slots=True)
class Steps:
    """What one affair cost. statements, milliseconds: by the name of the step; persons: how many a person took."""

    statements: Counter[str] = field(default_factory=Counter)
    milliseconds: Counter[str] = field(default_factory=Counter)
    persons: int = 0

    @contextmanager
    def person(self, name: str) -> Iterator[None]:
        """A step that a person takes by one press."""
        self.persons += 1
        with self.machine(name):
            yield

    @contextmanager
    def machine(self, name: str) -> Iterator[None]:
        """A step of the office's machine."""
        cost = Cost()
        with cost.counted():
            yield
        self.statements[name] += cost.statements
        self.milliseconds[name] += cost.seconds * 1000

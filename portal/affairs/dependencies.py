"""In what order departments may work and decide. Pure: states and edges in, what has to happen out (R47–R50, R53)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """Two kinds of edge: the later clock starts at the earlier completion (R48), or only its decision waits (R49)."""

    START = "start"
    DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class Part:
    """One approval as the rules see it. state: waiting, open, granted or failed (refused, withdrawn, …)."""

    matter: str
    state: str
    needs: tuple[tuple[str, str], ...] = ()
    clock_started: bool = False


@dataclass(frozen=True, slots=True)
class Movement:
    """What follows from the states: matters to open, clocks to start, and dependants that can no longer succeed."""

    open: tuple[str, ...] = ()
    start_clock: tuple[str, ...] = ()
    fail: tuple[tuple[str, str], ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.open or self.start_clock or self.fail)


def movement(parts: Iterable[Part]) -> Movement:
    """What has to happen now. Applying it and asking again is safe, and ends, because the graph is acyclic.

    A matter opens when every ``start`` prerequisite is granted (R48); one with only ``decide`` prerequisites opens at
    once for review in advance (R49). Its clock starts when all prerequisites are granted. A matter with a failed
    prerequisite ends as 前置未通过 and never expires silently. ``fail`` pairs the matter with the prerequisite.
    """
    by_matter = {part.matter: part for part in parts}
    opened, clocks, failed = [], [], []
    for part in by_matter.values():
        if part.state not in ("waiting", "open"):
            continue
        needs = [(by_matter[matter], kind) for matter, kind in part.needs if matter in by_matter]
        culprit = next((need.matter for need, _kind in needs if need.state == "failed"), None)
        if culprit:
            failed.append((part.matter, culprit))
            continue
        if part.state == "waiting" and all(need.state == "granted" for need, kind in needs if kind == Kind.START):
            opened.append(part.matter)
        if not part.clock_started and all(need.state == "granted" for need, _kind in needs):
            clocks.append(part.matter)
    return Movement(tuple(opened), tuple(clocks), tuple(failed))


def pending_prerequisites(part: Part, parts: Mapping[str, Part]) -> tuple[str, ...]:
    """Prerequisites of either kind that are not granted yet: while there is one, ``part`` must not be granted."""
    return tuple(matter for matter, _kind in part.needs if matter in parts and parts[matter].state != "granted")


def dependants(matter: str, needs: Mapping[str, Sequence[tuple[str, str]]]) -> tuple[str, ...]:
    """Everything that directly or indirectly needs ``matter``, in the order of ``needs``."""
    reached = {matter}
    grew = True
    while grew:
        more = {each for each, edges in needs.items() if each not in reached and any(m in reached for m, _ in edges)}
        grew = bool(more)
        reached |= more
    return tuple(each for each in needs if each in reached and each != matter)

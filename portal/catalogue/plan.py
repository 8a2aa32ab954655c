"""Answers in, plan out: which matters, in what order, with which materials, fields, limits and gates. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from portal.catalogue.conditions import NONE_OPTION, Answers, given, holds
from portal.catalogue.entities import (
    NOT_REQUIRED,
    OUT_OF_AUTHORITY,
    Catalogue,
    Confidence,
    Department,
    Field,
    FollowUp,
    Gate,
    Material,
    Matter,
    Need,
    OneThing,
    Question,
    confidence,
)

JOINT_LIMIT_WD = 45
"""《行政许可法》第二十六条、第四十二条第二款 (R16)."""

FROM_FORM = "form"


@dataclass(frozen=True, slots=True)
class PlannedMatter:
    """A matter that the answers switch on. needs: edges to matters of this plan. stage: 0 has no prerequisite."""

    matter: Matter
    department: Department
    needs: tuple[Need, ...]
    stage: int
    materials: tuple[str, ...]
    legal_confidence: Confidence
    promised_confidence: Confidence


@dataclass(frozen=True, slots=True)
class PlannedMaterial:
    """A material handed in once for the matters named.

    provided_by: "" the applicant or an e-licence must supply it, "form" made from the form, "matter:<id>" the result
    of another matter of this plan (R41, R58).
    """

    material: Material
    matters: tuple[str, ...]
    provided_by: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What the answers mean. Matters stand in topological order; totals are working days along the longest path.

    legal_total_wd is capped by R16 and None when no matter has a statutory limit in working days.
    """

    one_thing: OneThing
    answers: Answers
    complete: bool
    matters: tuple[PlannedMatter, ...]
    materials: tuple[PlannedMaterial, ...]
    fields: tuple[Field, ...]
    gates: tuple[Gate, ...]
    follow_ups: tuple[FollowUp, ...]
    legal_total_wd: int | None
    promised_total_wd: int | None

    @property
    def can_file(self) -> bool:
        return self.complete and bool(self.matters)

    def matter(self, matter_id: str) -> PlannedMatter:
        """Raises KeyError for a matter that is not part of this plan."""
        for planned in self.matters:
            if planned.matter.id == matter_id:
                return planned
        raise KeyError(f"matter {matter_id!r} is not in this plan of {self.one_thing.id!r}")


def normalise(one_thing: OneThing, answers: Mapping[str, str | Sequence[str]]) -> dict[str, str | tuple[str, ...]]:
    """Keep valid answers of questions that are asked; a multiple choice becomes a tuple in the question's order."""
    kept: dict[str, str | tuple[str, ...]] = {}
    for question in one_thing.questions:
        if holds(question.ask_when, kept):
            valid = _valid_answer(question, answers.get(question.id, ()))
            if valid:
                kept[question.id] = valid if question.multi else valid[0]
    return kept


def asked(one_thing: OneThing, answers: Mapping[str, str | Sequence[str]]) -> tuple[Question, ...]:
    """The questions to be asked, in order, given the answers so far."""
    kept = normalise(one_thing, answers)
    return tuple(question for question in one_thing.questions if holds(question.ask_when, kept))


def next_question(one_thing: OneThing, answers: Mapping[str, str | Sequence[str]]) -> Question | None:
    """The first question that still lacks a valid answer; None when all are answered."""
    kept = normalise(one_thing, answers)
    for question in one_thing.questions:
        if question.id not in kept and holds(question.ask_when, kept):
            return question
    return None


def plan(catalogue: Catalogue, one_thing_id: str, answers: Mapping[str, str | Sequence[str]]) -> Plan:
    """The plan of a one-thing for these answers, complete or not. Raises KeyError for an unknown one-thing.

    A matter that is off or not required (R1) passes its edges on (R50); one that is out of authority (R2) takes
    everything that depends on it out of the plan, since it cannot be waited for here.
    """
    one_thing = catalogue.one_things[one_thing_id]
    kept = normalise(one_thing, answers)
    gates = tuple(gate for gate in one_thing.gates if holds(gate.when, kept))
    on = _matters_on(one_thing, kept, gates)
    needs = _contracted_needs(one_thing, on)
    order = _topological(one_thing, on, needs)
    stages = _longest(order, needs, dict.fromkeys(order, 1))
    by_id = {matter.id: matter for matter in one_thing.matters}
    matters = tuple(
        _planned(catalogue, by_id[matter_id], kept, needs=needs[matter_id], stage=stages[matter_id] - 1)
        for matter_id in order
    )
    return Plan(
        one_thing=one_thing,
        answers=MappingProxyType(kept),
        complete=next_question(one_thing, kept) is None,
        matters=matters,
        materials=_planned_materials(catalogue, matters),
        fields=_planned_fields(catalogue, one_thing, kept),
        gates=gates,
        follow_ups=tuple(follow_up for follow_up in one_thing.follow_ups if holds(follow_up.when, kept)),
        legal_total_wd=_total(order, needs, {m: by_id[m].legal_wd for m in order}, limit=JOINT_LIMIT_WD),
        promised_total_wd=_total(order, needs, {m: by_id[m].promised_wd for m in order}),
    )


def _valid_answer(question: Question, value: str | Sequence[str]) -> tuple[str, ...]:
    wanted = given({question.id: value if isinstance(value, str) else tuple(value)}, question.id)
    valid = tuple(option for option in question.option_ids if option in wanted)
    if question.multi:
        return tuple(option for option in valid if option != NONE_OPTION) or valid
    return valid if len(valid) == len(wanted) == 1 else ()


def _matters_on(one_thing: OneThing, answers: Answers, gates: tuple[Gate, ...]) -> frozenset[str]:
    on = {matter.id for matter in one_thing.matters if holds(matter.when, answers)}
    for gate in gates:
        if gate.outcome == NOT_REQUIRED:
            on -= {gate.matter} if gate.matter else on.copy()
        elif gate.outcome == OUT_OF_AUTHORITY:
            on -= _with_dependants(one_thing, gate.matter) if gate.matter else on.copy()
    return frozenset(on)


def _with_dependants(one_thing: OneThing, matter_id: str) -> set[str]:
    found = {matter_id}
    while True:
        more = {m.id for m in one_thing.matters if m.id not in found and any(n.matter in found for n in m.needs)}
        if not more:
            return found
        found |= more


def _contracted_needs(one_thing: OneThing, on: frozenset[str]) -> dict[str, tuple[Need, ...]]:
    """Edges between matters that are on. An edge over switched-off ones is decide only if each part is (R50)."""
    by_id = {matter.id: matter for matter in one_thing.matters}
    contracted: dict[str, tuple[Need, ...]] = {}
    for matter in one_thing.matters:
        if matter.id not in on:
            continue
        kinds: dict[str, str] = {}
        pending = list(matter.needs)
        while pending:
            need = pending.pop(0)
            if need.matter in on:
                kinds[need.matter] = _stricter(need.kind, kinds.get(need.matter, need.kind))
            else:
                pending += [Need(n.matter, _stricter(n.kind, need.kind)) for n in by_id[need.matter].needs]
        contracted[matter.id] = tuple(Need(earlier, kind) for earlier, kind in kinds.items())
    return contracted


def _stricter(one: str, other: str) -> str:
    return "decide" if one == other == "decide" else "start"


def _topological(one_thing: OneThing, on: frozenset[str], needs: Mapping[str, tuple[Need, ...]]) -> list[str]:
    waiting = [matter.id for matter in one_thing.matters if matter.id in on]
    order: list[str] = []
    while waiting:
        ready = next(m for m in waiting if all(need.matter in order for need in needs[m]))
        waiting.remove(ready)
        order.append(ready)
    return order


def _longest(order: list[str], needs: Mapping[str, tuple[Need, ...]], weight: Mapping[str, int]) -> dict[str, int]:
    """For each matter the heaviest path that ends with it, itself included."""
    heaviest: dict[str, int] = {}
    for matter_id in order:
        before = max((heaviest[need.matter] for need in needs[matter_id]), default=0)
        heaviest[matter_id] = before + weight[matter_id]
    return heaviest


def _total(
    order: list[str],
    needs: Mapping[str, tuple[Need, ...]],
    limits: Mapping[str, int | None],
    *,
    limit: int | None = None,
) -> int | None:
    if all(limits[matter_id] is None for matter_id in order):
        return None
    total = max(_longest(order, needs, {matter_id: limits[matter_id] or 0 for matter_id in order}).values())
    return total if limit is None else min(limit, total)


def _planned(
    catalogue: Catalogue, matter: Matter, answers: Answers, *, needs: tuple[Need, ...], stage: int
) -> PlannedMatter:
    uses = (use.id for use in matter.materials if holds(use.when, answers))
    return PlannedMatter(
        matter=matter,
        department=catalogue.departments[matter.dept],
        needs=needs,
        stage=stage,
        materials=tuple(material for material in uses if catalogue.materials[material].enabled),
        legal_confidence=confidence(matter.legal_status),
        promised_confidence=confidence(matter.promised_status),
    )


def _planned_materials(catalogue: Catalogue, matters: tuple[PlannedMatter, ...]) -> tuple[PlannedMaterial, ...]:
    users: dict[str, list[str]] = {}
    for planned in matters:
        for material_id in planned.materials:
            users.setdefault(material_id, []).append(planned.matter.id)
    grants = {planned.matter.result: planned.matter.id for planned in matters}
    return tuple(
        PlannedMaterial(
            material=catalogue.materials[material_id],
            matters=tuple(used_by),
            provided_by=_provider(catalogue.materials[material_id], used_by, grants),
        )
        for material_id, used_by in users.items()
    )


def _provider(material: Material, used_by: list[str], grants: Mapping[str, str]) -> str:
    if material.generated_from_form:
        return FROM_FORM
    granting = grants.get(material.exempt_by) if material.exempt_by else None
    if material.source == "in_bundle" and granting is not None and granting not in used_by:
        return f"matter:{granting}"
    return ""


def _planned_fields(catalogue: Catalogue, one_thing: OneThing, answers: Answers) -> tuple[Field, ...]:
    rules = {rule.field: rule for rule in one_thing.field_rules}
    planned: list[Field] = []
    for name in one_thing.fields:
        field, rule = catalogue.fields[name], rules.get(name)
        if rule is None:
            planned.append(field)
        elif holds(rule.when, answers):
            planned.append(replace(field, label=rule.label) if rule.label else field)
    return tuple(planned)

"""A list of one's own from the answers, without an account: the answers stand in the address and nowhere else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from portal.affairs.reading import PlanRow, plan_in_words
from portal.catalogue.conditions import Answers, given
from portal.catalogue.plan import FROM_FORM, Plan, PlannedMaterial, asked, normalise
from portal.catalogue.schema import Catalogue, Confidence, Material, OneThing, Question, confidence
from portal.drawing.plan_graph import Edge, Node
from portal.public.guide import (
    FORMS,
    SOURCES,
    GateEntry,
    copies_in_words,
    gate_entry,
    node_limit,
    weakest,
)


@dataclass(frozen=True, slots=True)
class Told:
    """A question that was asked and what was answered, in words."""

    question: Question
    words: str


@dataclass(frozen=True, slots=True)
class ListedMaterial:
    """spared: why nothing has to be handed in, "" when it has to. reliefs: what makes handing it in easier."""

    material: Material
    form: str
    copies: str
    source: str
    why: str
    spared: str
    reliefs: tuple[str, ...]
    must_contain: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    text: str
    due: str
    department: str


@dataclass(frozen=True, slots=True)
class PersonalList:
    """promised, legal: from acceptance to the last decision, in words, "" where no matter has a limit."""

    plan: Plan
    told: tuple[Told, ...]
    matters: tuple[PlanRow, ...]
    departments: int
    gates: tuple[GateEntry, ...]
    to_hand_in: tuple[ListedMaterial, ...]
    spared: tuple[ListedMaterial, ...]
    follow_ups: tuple[FollowUpLine, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    promised: str
    promised_confidence: Confidence
    legal: str
    legal_confidence: Confidence


def answers_in(one_thing: OneThing, query: QueryDict) -> dict[str, str | tuple[str, ...]]:
    """The valid answers of an address; what is not asked or does not exist is left out."""
    return normalise(one_thing, {each.id: tuple(query.getlist(each.id)) for each in one_thing.questions})


def query_of(answers: Answers) -> str:
    """“lic=no&kind=general”: the same answers always make the same address."""
    return urlencode(answers, doseq=True)


def told(one_thing: OneThing, answers: Mapping[str, str | tuple[str, ...]]) -> tuple[Told, ...]:
    """What was asked and answered, in the order of the questions."""
    return tuple(
        Told(question, "、".join(o.label for o in question.options if o.id in given(answers, question.id)))
        for question in asked(one_thing, answers)
        if question.id in answers
    )


def personal_list(catalogue: Catalogue, plan: Plan) -> PersonalList:
    one_thing = plan.one_thing
    materials = [_listed(catalogue, plan, planned) for planned in plan.materials]
    return PersonalList(
        plan=plan,
        told=told(one_thing, plan.answers),
        matters=plan_in_words(plan),
        departments=len({planned.department.id for planned in plan.matters}),
        gates=tuple(gate_entry(catalogue, one_thing, gate) for gate in plan.gates),
        to_hand_in=tuple(each for each in materials if not each.spared),
        spared=tuple(each for each in materials if each.spared),
        follow_ups=tuple(
            FollowUpLine(each.text, each.due, catalogue.authority_name(each.dept)) for each in plan.follow_ups
        ),
        nodes=tuple(
            Node(
                key=planned.matter.id,
                title=planned.matter.name,
                department=planned.department.name,
                stage=planned.stage,
                limit=node_limit(planned.matter),
            )
            for planned in plan.matters
        ),
        edges=tuple(
            Edge(source=need.matter, target=planned.matter.id, kind=need.kind)  # type: ignore[arg-type]
            for planned in plan.matters
            for need in planned.needs
        ),
        promised=_within(plan.promised_total_wd),
        promised_confidence=weakest(p.promised_confidence for p in plan.matters if p.matter.promised_wd is not None),
        legal=_within(plan.legal_total_wd),
        legal_confidence=weakest(p.legal_confidence for p in plan.matters if p.matter.legal_wd is not None),
    )


def _within(working_days: int | None) -> str:
    if working_days is None:
        return ""
    return f"{working_days} 个工作日内" if working_days else "当场"


def _listed(catalogue: Catalogue, plan: Plan, planned: PlannedMaterial) -> ListedMaterial:
    material = planned.material
    names = {each.matter.id: each.matter.name for each in plan.matters}
    return ListedMaterial(
        material=material,
        form="或".join(FORMS[form] for form in material.form),
        copies=copies_in_words(catalogue, material),
        source=SOURCES[material.source],
        why="、".join(names[matter] for matter in planned.matters),
        spared=_spared(planned, names),
        reliefs=tuple(_reliefs(catalogue, plan, planned)),
        must_contain="、".join(material.must_contain),
        confidence=confidence(material.status),
    )


def _spared(planned: PlannedMaterial, names: Mapping[str, str]) -> str:
    if planned.provided_by == FROM_FORM:
        return "由系统按您填的表生成"
    _kind, _colon, granting = planned.provided_by.partition(":")
    return f"用这次办的“{names[granting]}”的结果，直接共享" if granting else ""


def _reliefs(catalogue: Catalogue, plan: Plan, planned: PlannedMaterial) -> Iterator[str]:
    """Only what the matters of this plan allow: 容缺 and 告知承诺 belong to a matter, not to a paper."""
    material = planned.material
    matters = [plan.matter(matter).matter for matter in planned.matters]
    if planned.provided_by:
        return
    if material.exempt_by:
        yield f"查得到电子证照的免提交：{catalogue.licences[material.exempt_by].name}"
    if material.deferrable and material.defer_wd and all(matter.deferral for matter in matters):
        yield f"可容缺：先受理，{material.defer_wd} 个工作日内补齐"
    if material.pledge and all(matter.pledge_route for matter in matters):
        yield "可承诺：书面承诺代替，事后核查"

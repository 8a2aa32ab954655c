"""A one-thing as its guide shows it: every figure worked out from the edition, every unconfirmed fact marked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from portal.catalogue.plan import JOINT_LIMIT_WD
from portal.catalogue.schema import (
    NOT_REQUIRED,
    OUT_OF_AUTHORITY,
    Catalogue,
    Confidence,
    Department,
    Faq,
    FollowUp,
    Gate,
    Material,
    Matter,
    OneThing,
    Question,
    confidence,
)
from portal.drawing.legend import NEED_WORDS
from portal.drawing.plan_graph import Edge, Node
from portal.public.conditions import in_words

SOURCES = {
    "applicant": "申请人自备",
    "government": "政府部门核发",
    "third_party": "第三方机构出具",
    "in_bundle": "本次办理的前序结果",
}
FORMS = {"electronic": "电子版", "original": "原件", "copy": "复印件"}
_SITE_VISITS = {"yes": "需要", "optional": "视情况而定"}


@dataclass(frozen=True, slots=True)
class Facts:
    """The size of a one-thing at its fullest: no answers can lead to more.

    spared: materials that are made from the form, are the result of an earlier matter, or that an e-licence replaces
    (R41). promised_wd, legal_wd: working days along the longest chain of matters, None when no matter has a limit.
    """

    departments: int
    matters: int
    materials: int
    spared: int
    promised_wd: int | None
    promised_confidence: Confidence
    legal_wd: int | None
    legal_confidence: Confidence

    @property
    def promised_in_words(self) -> str:
        return _at_most(self.promised_wd)

    @property
    def legal_in_words(self) -> str:
        return _at_most(self.legal_wd)


@dataclass(frozen=True, slots=True)
class Use:
    """The matters, by name, that ask for a material, and the answers under which they do."""

    matters: str
    when: str


@dataclass(frozen=True, slots=True)
class MaterialEntry:
    material: Material
    source: str
    form: str
    copies: str
    relief: tuple[str, ...]
    must_contain: str
    uses: tuple[Use, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Prerequisite:
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class MatterEntry:
    matter: Matter
    department: Department
    when: str
    basis: str
    legal: str
    legal_confidence: Confidence
    promised: str
    promised_confidence: Confidence
    result: str
    result_confidence: Confidence
    code_confidence: Confidence
    prerequisites: tuple[Prerequisite, ...]
    site_visit: str
    reliefs: tuple[str, ...]
    delivery: str


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    number: int
    question: Question
    asked_when: str


@dataclass(frozen=True, slots=True)
class GateEntry:
    """title: what the gate means for the reader; tone: of the notice that says so."""

    title: str
    tone: str
    say: str
    when: str
    matter: str
    competent: str
    basis: str


@dataclass(frozen=True, slots=True)
class FollowUpEntry:
    follow_up: FollowUp
    when: str
    department: str


@dataclass(frozen=True, slots=True)
class FaqEntry:
    faq: Faq
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Guide:
    one_thing: OneThing
    lead: str
    facts: Facts
    composition_confidence: Confidence
    list_confidence: Confidence
    fee: str
    fee_basis: str
    questions: tuple[QuestionEntry, ...]
    gates: tuple[GateEntry, ...]
    matters: tuple[MatterEntry, ...]
    materials: tuple[MaterialEntry, ...]
    follow_ups: tuple[FollowUpEntry, ...]
    faqs: tuple[FaqEntry, ...]
    joint_visits: tuple[str, ...]
    departments: tuple[Department, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def facts_of(catalogue: Catalogue, one_thing: OneThing) -> Facts:
    materials = _materials_of(catalogue, one_thing)
    promised = _longest(one_thing, {matter.id: matter.promised_wd for matter in one_thing.matters})
    if one_thing.promised_total_wd is not None:
        promised = one_thing.promised_total_wd
    legal = _longest(one_thing, {matter.id: matter.legal_wd for matter in one_thing.matters})
    return Facts(
        departments=len({matter.dept for matter in one_thing.matters}),
        matters=len(one_thing.matters),
        materials=len(materials),
        spared=sum(material.generated_from_form or bool(material.exempt_by) for material in materials),
        promised_wd=promised,
        promised_confidence=weakest(
            confidence(matter.promised_status) for matter in one_thing.matters if matter.promised_wd is not None
        ),
        legal_wd=legal if legal is None else min(legal, JOINT_LIMIT_WD),
        legal_confidence=weakest(
            confidence(matter.legal_status) for matter in one_thing.matters if matter.legal_wd is not None
        ),
    )


def guide_of(catalogue: Catalogue, one_thing: OneThing) -> Guide:
    return Guide(
        one_thing=one_thing,
        lead=catalogue.authority_name(one_thing.lead),
        facts=facts_of(catalogue, one_thing),
        composition_confidence=confidence(one_thing.composition_status),
        list_confidence=confidence(one_thing.list_status),
        fee=f"{one_thing.fee:,} 元" if one_thing.fee else "不收费",
        fee_basis=one_thing.fee_basis,
        questions=tuple(
            QuestionEntry(number, question, in_words(one_thing, question.ask_when))
            for number, question in enumerate(one_thing.questions, start=1)
        ),
        gates=tuple(gate_entry(catalogue, one_thing, gate) for gate in one_thing.gates),
        matters=tuple(_matter(catalogue, one_thing, matter) for matter in one_thing.matters),
        materials=tuple(_material(catalogue, one_thing, material) for material in _materials_of(catalogue, one_thing)),
        follow_ups=tuple(
            FollowUpEntry(follow_up, in_words(one_thing, follow_up.when), catalogue.authority_name(follow_up.dept))
            for follow_up in one_thing.follow_ups
        ),
        faqs=tuple(FaqEntry(faq, confidence(faq.status)) for faq in one_thing.faqs),
        joint_visits=tuple(
            "、".join(_names(one_thing)[matter] for matter in visit.among) for visit in one_thing.joint_visits
        ),
        departments=tuple({m.dept: catalogue.departments[m.dept] for m in one_thing.matters}.values()),
        nodes=_nodes(catalogue, one_thing),
        edges=tuple(
            Edge(source=need.matter, target=matter.id, kind=need.kind)  # type: ignore[arg-type]
            for matter in one_thing.matters
            for need in matter.needs
        ),
    )


def _names(one_thing: OneThing) -> Mapping[str, str]:
    return {matter.id: matter.name for matter in one_thing.matters}


def _materials_of(catalogue: Catalogue, one_thing: OneThing) -> list[Material]:
    used = dict.fromkeys(use.id for matter in one_thing.matters for use in matter.materials)
    return [catalogue.materials[each] for each in used if catalogue.materials[each].enabled]


def weakest(marks: Iterable[Confidence]) -> Confidence:
    found = set(marks)
    for mark in (Confidence.DRAFT, Confidence.SECONDARY):
        if mark in found:
            return mark
    return Confidence.CONFIRMED


def _order(one_thing: OneThing) -> tuple[str, ...]:
    return tuple(TopologicalSorter({m.id: [need.matter for need in m.needs] for m in one_thing.matters}).static_order())


def _longest(one_thing: OneThing, limits: Mapping[str, int | None]) -> int | None:
    """The longest chain when every matter is on; a plan leaves matters out and so can only be shorter."""
    if all(limit is None for limit in limits.values()):
        return None
    by_id = {matter.id: matter for matter in one_thing.matters}
    ends: dict[str, int] = {}
    for each in _order(one_thing):
        before = max((ends[need.matter] for need in by_id[each].needs), default=0)
        ends[each] = before + (limits[each] or 0)
    return max(ends.values())


def _nodes(catalogue: Catalogue, one_thing: OneThing) -> tuple[Node, ...]:
    by_id = {matter.id: matter for matter in one_thing.matters}
    stages: dict[str, int] = {}
    for each in _order(one_thing):
        stages[each] = max((stages[need.matter] + 1 for need in by_id[each].needs), default=0)
    return tuple(
        Node(
            key=matter.id,
            title=matter.name,
            department=catalogue.departments[matter.dept].name,
            stage=stages[matter.id],
            limit=node_limit(matter),
        )
        for matter in one_thing.matters
    )


def node_limit(matter: Matter) -> str:
    words = f"承诺 {_promised(matter)}" if matter.promised_wd else _promised(matter)
    mark = confidence(matter.promised_status).label
    return f"{words}（{mark}）" if words and mark else words


def _at_most(working_days: int | None) -> str:
    if working_days is None:
        return ""
    return "当场办结" if working_days == 0 else f"最长 {working_days} 个工作日"


def _promised(matter: Matter) -> str:
    if matter.promised_wd is None:
        return ""
    return "当场办结" if matter.promised_wd == 0 else f"{matter.promised_wd} 个工作日"


def _legal(matter: Matter) -> str:
    if matter.legal_wd is not None:
        words = f"{matter.legal_wd} 个工作日"
        return f"{words}，经批准可延长 {matter.legal_extend_wd} 个工作日" if matter.legal_extend_wd else words
    return f"{matter.legal_nd} 日" if matter.legal_nd is not None else ""


def _matter(catalogue: Catalogue, one_thing: OneThing, matter: Matter) -> MatterEntry:
    licence = matter.result_licence(catalogue)
    result = licence.name if licence else matter.result
    if licence and licence.valid_years:
        result += f"，有效期 {licence.valid_years} 年"
    return MatterEntry(
        matter=matter,
        department=catalogue.departments[matter.dept],
        when=in_words(one_thing, matter.when),
        basis=matter.basis_in_words,
        legal=_legal(matter),
        legal_confidence=confidence(matter.legal_status),
        promised=_promised(matter),
        promised_confidence=confidence(matter.promised_status),
        result=result,
        result_confidence=confidence(licence.status) if licence else Confidence.CONFIRMED,
        code_confidence=confidence(matter.code_status),
        prerequisites=tuple(
            Prerequisite(_names(one_thing)[need.matter], NEED_WORDS[need.kind])  # type: ignore[index]
            for need in matter.needs
        ),
        site_visit=_site_visit(matter),
        reliefs=tuple(_choices(matter)),
        delivery=f"作出决定后 {matter.service_wd} 个工作日内颁发、送达" if matter.service_wd else "",
    )


def _site_visit(matter: Matter) -> str:
    words = _SITE_VISITS.get(matter.site_visit, "")
    return f"{words}，由 {matter.inspectors_min} 名以上工作人员核查" if words else ""


def _choices(matter: Matter) -> Iterable[str]:
    """Easier ways that this matter is open to: 容缺受理 and 告知承诺."""
    if matter.deferral:
        yield "容缺受理：缺的只是标有“可容缺”的材料，先受理后补齐"
    if matter.pledge_route:
        # A scope narrows the pledge to some of the materials; the list of materials marks them.
        what = "标有“可承诺”的材料" if matter.pledge_scope else "符合条件"
        mark = confidence(matter.post_check_status).label
        check = f"，事后 {matter.post_check_wd} 个工作日内核查" if matter.post_check_wd else ""
        yield f"告知承诺：书面承诺{what}{check}{f'（{mark}）' if check and mark else ''}"


def _material(catalogue: Catalogue, one_thing: OneThing, material: Material) -> MaterialEntry:
    return MaterialEntry(
        material=material,
        source=SOURCES[material.source],
        form="、".join(FORMS[form] for form in material.form),
        copies=copies_in_words(catalogue, material),
        relief=tuple(_relief(catalogue, one_thing, material)),
        must_contain="、".join(material.must_contain),
        uses=_uses(one_thing, material),
        confidence=confidence(material.status),
    )


def _uses(one_thing: OneThing, material: Material) -> tuple[Use, ...]:
    matters: dict[str, list[str]] = {}
    for matter in one_thing.matters:
        for use in matter.materials:
            if use.id == material.id:
                matters.setdefault(in_words(one_thing, use.when), []).append(matter.name)
    return tuple(Use("、".join(names), when) for when, names in matters.items())


def copies_in_words(catalogue: Catalogue, material: Material) -> str:
    if not material.copies:
        return ""
    rows = catalogue.rows_field(material.per) if material.per else None
    if rows is None:
        return f"{material.copies} 份"
    return f"按{rows.label.removesuffix('明细')}逐一提供，各 {material.copies} 份"


def _relief(catalogue: Catalogue, one_thing: OneThing, material: Material) -> list[str]:
    """What spares the applicant this paper, wholly or for now."""
    words = []
    granting = next((matter for matter in one_thing.matters if matter.result == material.exempt_by != ""), None)
    if material.generated_from_form:
        words.append("免提交：由系统按您填的表生成")
    elif material.source == "in_bundle" and granting:
        words.append(f"本次办“{granting.name}”的免提交：结果直接共享")
    if material.exempt_by:
        words.append(f"查得到电子证照的免提交：{catalogue.licences[material.exempt_by].name}")
    if material.deferrable and material.defer_wd:
        words.append(f"可容缺：先受理，{material.defer_wd} 个工作日内补齐")
    if material.pledge:
        words.append("可承诺：书面承诺代替，事后核查")
    return words


_GATES = {NOT_REQUIRED: ("不需要许可", "info"), OUT_OF_AUTHORITY: ("不归本区办理", "warning")}


def gate_entry(catalogue: Catalogue, one_thing: OneThing, gate: Gate) -> GateEntry:
    title, tone = _GATES.get(gate.outcome, ("请先留意", "warning"))
    return GateEntry(
        title=title,
        tone=tone,
        say=gate.say,
        when=in_words(one_thing, gate.when),
        matter=_names(one_thing)[gate.matter] if gate.matter else "",
        competent=catalogue.authority_name(gate.competent) if gate.competent else "",
        basis=gate.basis_in_words,
    )

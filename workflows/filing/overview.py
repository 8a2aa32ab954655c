"""A plan and a form as the applicant reads them: limits in words, order as a picture, gates, and what was filled in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.affairs.intake import delivery_method, gate_key
from portal.affairs.materials import Slot
from portal.affairs.models import Affair
from portal.affairs.reading import PlanRow, Rows, answers_in_words, groups, plan_in_words
from portal.catalogue.plan import Plan, PlannedMatter, asked
from portal.catalogue.schema import NOT_REQUIRED, OUT_OF_AUTHORITY, Confidence, Gate, confidence
from portal.drawing.plan_graph import Edge, Node
from workflows.filing.steps import CONFIRM, FormStep, question_url, step_url

_FORMS = {"electronic": "电子版", "original": "原件", "copy": "复印件"}
_SOURCES = {
    "applicant": "自己准备",
    "government": "政府部门核发",
    "third_party": "第三方机构出具",
    "in_bundle": "已取得的证照或前序事项的结果",
}


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """One material. relief: why nothing has to be handed in, "" when it has to."""

    name: str
    source: str
    form: str
    why: str
    relief: str
    must_contain: str
    mark: Confidence


@dataclass(frozen=True, slots=True)
class GateRow:
    """A gate that the answers raised: R1 not required, R2 not within this authority, or a warning to take note of."""

    key: str
    tone: str
    title: str
    say: str
    what_next: str
    basis: str
    is_warning: bool


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One fact of components/summary_list.html."""

    label: str
    value: str
    change_url: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """total_promised, total_legal: from acceptance to the last decision, in words; "" where no matter has a limit."""

    plan: Plan
    matters: tuple[PlanRow, ...]
    materials: tuple[MaterialRow, ...]
    gates: tuple[GateRow, ...]
    follow_ups: tuple[str, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    departments: int
    total_promised: str
    total_legal: str

    @property
    def to_hand_in(self) -> int:
        return sum(not material.relief for material in self.materials)


def overview(affair: Affair, plan: Plan) -> Overview:
    names = {planned.matter.id: planned.matter.name for planned in plan.matters}
    return Overview(
        plan=plan,
        matters=plan_in_words(plan),
        materials=tuple(
            MaterialRow(
                name=planned.material.name,
                source=_SOURCES[planned.material.source],
                form=form_in_words(planned.material.form, planned.material.copies),
                why="、".join(names[matter] for matter in planned.matters),
                relief={"form": "由系统根据表单生成，免提交", "": ""}.get(
                    planned.provided_by, "由本次办理的前一项结果提供，免提交"
                ),
                must_contain="、".join(planned.material.must_contain),
                mark=confidence(planned.material.status),
            )
            for planned in plan.materials
        ),
        gates=tuple(gate_row(affair, gate) for gate in plan.gates),
        follow_ups=tuple(
            "".join(filter(None, (follow_up.text, f"（{follow_up.due}）" if follow_up.due else "")))
            for follow_up in plan.follow_ups
        ),
        nodes=tuple(_node(planned) for planned in plan.matters),
        edges=tuple(
            Edge(source=need.matter, target=planned.matter.id, kind=need.kind)  # type: ignore[arg-type]
            for planned in plan.matters
            for need in planned.needs
        ),
        departments=len({planned.department.id for planned in plan.matters}),
        total_promised=_within(plan.promised_total_wd),
        total_legal=_within(plan.legal_total_wd),
    )


def _within(working_days: int | None) -> str:
    """“ 4 个工作日内”, “当场” or "": to stand between “承诺” and “办完”."""
    if working_days is None:
        return ""
    return f" {working_days} 个工作日内" if working_days else "当场"


def form_in_words(forms: Sequence[str], copies: int) -> str:
    """“电子版或原件，1 份”."""
    words = "或".join(_FORMS.get(form, form) for form in forms)
    return f"{words}，{copies} 份" if copies and words else words


def _node(planned: PlannedMatter) -> Node:
    promised = planned.matter.promised_wd
    words = "" if promised is None else "当场办结" if promised == 0 else f"承诺 {promised} 个工作日"
    mark = planned.promised_confidence.label
    return Node(
        key=planned.matter.id,
        title=planned.matter.name,
        department=planned.department.name,
        stage=planned.stage,
        limit=f"{words}（{mark}）" if words and mark else words,
    )


def gate_row(affair: Affair, gate: Gate) -> GateRow:
    names = {matter.id: matter.name for matter in affair.one_thing.matters}
    what = f"“{names[gate.matter]}”" if gate.matter else "这件事"
    competent = affair.edition.catalogue.authority_name(gate.competent) if gate.competent else ""
    if gate.outcome == NOT_REQUIRED:
        tone, title, what_next = "success", f"{what}不需要办理", "这一项不用申请，也不计办理时间。"
    elif gate.outcome == OUT_OF_AUTHORITY:
        to = f"请到{competent}办理。" if competent else "请向有权机关申请。"
        tone, title, what_next = "warning", f"{what}不在本窗口办理", to
    else:
        tone, title, what_next = "warning", "请先了解", ""
    return GateRow(
        key=gate_key(gate),
        tone=tone,
        title=title,
        say=gate.say,
        what_next=what_next,
        basis=gate.basis_in_words,
        is_warning=gate.is_warning,
    )


def gates_of_question(plan: Plan, question_id: str) -> tuple[Gate, ...]:
    """The raised gates that this question has a part in."""
    return tuple(
        gate for gate in plan.gates if any(term.question == question_id for terms in gate.when for term in terms)
    )


def why_in_words(slot: Slot, plan: Plan) -> str:
    """The matters that ask for a material."""
    return "、".join(plan.matter(matter).matter.name for matter in slot.matters)


def answer_rows(affair: Affair, *, editable: bool) -> list[SummaryRow]:
    """Questions and answers in words."""
    questions = asked(affair.one_thing, affair.answers)
    return [
        SummaryRow(text, answer, question_url(affair, question.id) if editable else "")
        for question, (text, answer) in zip(questions, answers_in_words(affair), strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Section:
    """One step of the form as it was filled in."""

    title: str
    rows: tuple[SummaryRow, ...]
    tables: tuple[Rows, ...]
    change_url: str


def form_sections(affair: Affair, plan: Plan, steps: Iterable[FormStep]) -> list[Section]:
    """What was filled in, step by step; identity and telephone numbers are masked (R45)."""
    filled = [step for step in steps if step.fields]
    return [
        Section(
            title=step.title,
            rows=(*(SummaryRow(value.label, value.text) for value in group.values), *_delivery_rows(affair, step)),
            tables=group.tables,
            change_url=step_url(affair, step.id, then=CONFIRM),
        )
        for step, group in zip(filled, groups(affair, plan), strict=True)
    ]


def _delivery_rows(affair: Affair, step: FormStep) -> Iterable[SummaryRow]:
    """What goes with the way of delivery: the address of a letter, the consent to electronic papers."""
    if not any(field.id == "delivery" for field in step.fields):
        return
    method = delivery_method(affair)
    if method == Affair.DeliveryMethod.POST:
        yield SummaryRow("收件地址", str(affair.form.get("post_address", "")))
    if method == Affair.DeliveryMethod.ELECTRONIC:
        yield SummaryRow("电子送达", "已同意" if affair.form.get("electronic_consent") else "还没有同意")

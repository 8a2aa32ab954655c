"""The steps of filing: questions, plan, the edition's form steps, materials, confirm; and where a draft was left."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from portal.affairs import intake
from portal.affairs.fields import clean_value
from portal.affairs.intake import Place
from portal.affairs.materials import Slot, slots
from portal.affairs.models import Affair
from portal.catalogue.plan import Plan, next_question
from portal.catalogue.schema import Field, Gate

MATERIALS = "materials"
CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class FormStep:
    """One page of the form. fields: those that the plan asks for; none on the last two pages."""

    id: str
    title: str
    help: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """What still keeps the draft from being handed in, and the page where it is put right."""

    say: str
    href: str


def form_steps(affair: Affair, plan: Plan) -> tuple[FormStep, ...]:
    """The edition's steps that have fields to ask, then materials and confirmation."""
    by_step: dict[str, list[Field]] = {}
    for field in plan.fields:
        by_step.setdefault(field.step, []).append(field)
    of_edition = affair.edition.catalogue.steps
    return (
        *(
            FormStep(step.id, step.title, step.help, tuple(by_step[step.id]))
            for step in of_edition.values()
            if step.id in by_step
        ),
        FormStep(MATERIALS, "上传材料", "带“免提交”的不用管；其余的拍照或扫描上传。"),
        FormStep(CONFIRM, "核对并提交"),
    )


def question_url(affair: Affair, question_id: str) -> str:
    return reverse("filing:question", args=[affair.pk, question_id])


def gates_url(affair: Affair, gate: Gate) -> str:
    """Where a raised gate is explained: after the question that raised it."""
    return reverse("filing:gates", args=[affair.pk, gate.when[0][-1].question])


def step_url(affair: Affair, step_id: str, *, anchor: str = "", check: bool = False, then: str = "") -> str:
    """check: show what is wrong on the page at once. then: the step that comes after it, instead of the next."""
    url = reverse("filing:form_step", args=[affair.pk, step_id])
    query = urlencode({**({"check": "1"} if check else {}), **({"then": then} if then else {})})
    return url + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")


def resume_url(affair: Affair) -> str:
    """Where the draft was left: the first question, step or material that is not done yet."""
    question = next_question(affair.one_thing, affair.answers)
    if question is not None:
        return question_url(affair, question.id)
    plan = affair.plan
    if not plan.can_file or not any(field.id in affair.form for field in plan.fields):
        return reverse("filing:plan", args=[affair.pk])
    for step in form_steps(affair, plan):
        if any(not _is_right(field, affair.form.get(field.id)) for field in step.fields):
            return step_url(affair, step.id)
    missing = any(not slot.is_satisfied for slot in slots(affair, plan))
    return step_url(affair, MATERIALS if missing else CONFIRM)


def _is_right(field: Field, value: Any) -> bool:
    try:
        clean_value(field, value)
    except ValueError:
        return False
    return True


def slot_anchor(slot: Slot, index: int) -> str:
    """The id of a material's card on its page."""
    return f"material-{slot.material.id}-{index}"


def linked_gaps(affair: Affair) -> list[Gap]:
    """Every gap with the page that mends it."""
    plan = affair.plan
    anchors = {slot.key: slot_anchor(slot, index) for index, slot in enumerate(slots(affair, plan))}
    return [Gap(gap.say, _mend_url(affair, plan, gap, anchors)) for gap in intake.gaps(affair)]


def _mend_url(affair: Affair, plan: Plan, gap: intake.Gap, anchors: dict[str, str]) -> str:
    if gap.place == Place.QUESTIONS:
        return resume_url(affair)
    if gap.place == Place.WARNING:
        return gates_url(affair, next(gate for gate in plan.gates if intake.gate_key(gate) == gap.key))
    if gap.place == Place.MATERIAL:
        return step_url(affair, MATERIALS, anchor=anchors[gap.key])
    # The consent and the address for the post stand on the page of the way of delivery.
    field = next(field for field in plan.fields if field.id == ("delivery" if gap.place == Place.DELIVERY else gap.key))
    return step_url(affair, field.step, check=True, then=CONFIRM, anchor="" if field.repeat else f"id_{gap.key}")

"""The shared form as staff read it: by step, sensitive values masked until somebody looks on the record (R45)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.accounts.masking import mask_id, mask_mobile, mask_name
from portal.affairs.materials import Slot
from portal.affairs.models import Affair, MaterialFile
from portal.catalogue.plan import Plan, asked
from portal.catalogue.schema import Column, Confidence, Field
from portal.drawing.legend import NEED_WORDS

_MASKS = {"id_number": mask_id, "mobile": mask_mobile}
_PLACE = re.compile(r"(?P<field>.+)-(?P<row>\d+)-(?P<column>[^-]+)")


@dataclass(frozen=True, slots=True)
class Value:
    """One value as it may be shown. key: its place in the form (``legal_rep_id``, ``drivers-0-id_number``)."""

    key: str
    label: str
    text: str
    is_masked: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """A repeating field: column labels and the values of each row."""

    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One step of the form."""

    title: str
    values: tuple[Value, ...]
    tables: tuple[Rows, ...]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One matter of the plan in words. step counts from 1; limits say their unit, "" where there is none."""

    step: int
    matter: str
    department: str
    needs: str
    legal: str
    legal_confidence: Confidence
    promised: str
    promised_confidence: Confidence


def groups(affair: Affair, plan: Plan | None = None, *, masked: bool = True) -> tuple[Group, ...]:
    """The whole form that the applicant filled in, in the order of its steps; unmasked for the applicant's own copy."""
    plan = plan or affair.plan
    read = []
    for step in affair.edition.catalogue.steps.values():
        fields = [field for field in plan.fields if field.step == step.id]
        if fields:
            read.append(
                Group(
                    title=step.title,
                    values=tuple(_value(field, affair.form, masked) for field in fields if not field.repeat),
                    tables=tuple(_rows(field, affair.form, masked) for field in fields if field.repeat),
                )
            )
    return tuple(read)


def answers_in_words(affair: Affair) -> tuple[tuple[str, str], ...]:
    """The questions that were asked and what was answered."""
    told = []
    for question in asked(affair.one_thing, affair.answers):
        given = affair.answers.get(question.id, ())
        chosen = {given} if isinstance(given, str) else set(given)
        labels = [option.label for option in question.options if option.id in chosen]
        told.append((question.text, "、".join(labels)))
    return tuple(told)


def plan_in_words(plan: Plan) -> tuple[PlanRow, ...]:
    """Matters, order and limits, for the table beside the picture."""
    names = {planned.matter.id: planned.matter.name for planned in plan.matters}
    rows = []
    for planned in plan.matters:
        matter = planned.matter
        legal = f"{matter.legal_wd} 个工作日" if matter.legal_wd is not None else ""
        if not legal and matter.legal_nd is not None:
            legal = f"{matter.legal_nd} 日"
        promised = "" if matter.promised_wd is None else f"{matter.promised_wd} 个工作日"
        rows.append(
            PlanRow(
                step=planned.stage + 1,
                matter=matter.name,
                department=planned.department.name,
                needs="；".join(f"{names[need.matter]}（{NEED_WORDS[need.kind]}）" for need in planned.needs),
                legal=legal,
                legal_confidence=planned.legal_confidence,
                promised="当场办结" if matter.promised_wd == 0 else promised,
                promised_confidence=planned.promised_confidence,
            )
        )
    return tuple(rows)


def file_beside(slots: Iterable[Slot], wanted: str) -> MaterialFile | None:
    """The file to lie beside the form: the one whose number is wanted, else the first of these materials."""
    files = [file for slot in slots for file in slot.files]
    return next((file for file in files if str(file.pk) == wanted), files[0] if files else None)


def in_full(affair: Affair, key: str) -> tuple[str, str]:
    """Label and whole value at a place of the form. LookupError when the form has no such place."""
    fields = {field.id: field for field in affair.plan.fields}
    if key in fields and not fields[key].repeat:
        return fields[key].label, _text(affair.form.get(key))
    place = _PLACE.fullmatch(key)
    if place is None or place["field"] not in fields:
        raise LookupError(f"no place {key!r} in the form of {affair}")
    field = fields[place["field"]]
    column = next((column for column in field.columns if column.id == place["column"]), None)
    rows = affair.form.get(field.id) or []
    if column is None or int(place["row"]) >= len(rows):
        raise LookupError(f"no place {key!r} in the form of {affair}")
    return f"{field.label}第 {int(place['row']) + 1} 行{column.label}", _text(rows[int(place["row"])].get(column.id))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _shown(key: str, of: Field | Column, value: object, *, sensitive: bool, masked: bool) -> Value:
    text = _text(value)
    if not masked or not text or not (sensitive or of.kind in _MASKS):
        return Value(key, of.label, text)
    return Value(key, of.label, _MASKS.get(of.kind, mask_name)(text), is_masked=True)


def _value(field: Field, form: Mapping[str, object], masked: bool) -> Value:
    return _shown(field.id, field, form.get(field.id), sensitive=field.sensitive, masked=masked)


def _rows(field: Field, form: Mapping[str, object], masked: bool) -> Rows:
    """In a sensitive list the numbers are masked; where no column says that it holds one, everything is."""
    everything = field.sensitive and not any(column.kind in _MASKS for column in field.columns)
    rows = form.get(field.id)
    return Rows(
        label=field.label,
        columns=tuple(column.label for column in field.columns),
        rows=tuple(
            tuple(
                _shown(
                    f"{field.id}-{index}-{column.id}",
                    column,
                    row.get(column.id),
                    sensitive=everything,
                    masked=masked,
                )
                for column in field.columns
            )
            for index, row in enumerate(rows if isinstance(rows, list) else [])
        ),
    )

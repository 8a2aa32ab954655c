"""The fields of the form and the steps on which they stand."""

import re
from collections.abc import Mapping

from portal.catalogue.entities import Column, Field, Step
from portal.catalogue.rows import Row, by_id

FIELD_KINDS = ("text", "textarea", "number", "date", "choice", "uscc", "id_number", "mobile", "rows")
COLUMN_KINDS = ("text", "number", "date", "choice", "id_number", "plate", "mobile")

DEFAULT_STEPS = {
    "subject": "主体信息",
    "people": "人员信息",
    "vehicles": "车辆信息",
    "drivers": "驾驶员信息",
    "business": "经营情况",
    "delivery": "结果送达",
}
_PEOPLE_FIELDS = ("agent_name", "mobile")
_LAST_STEP = "delivery"
_BRACKETS = re.compile(r"^(?P<title>[^(（]*)[(（](?P<columns>.+)[)）]\s*$")


def step(row: Row) -> Step:
    return Step(id=row.id(), title=row.text("title", required=True), help=row.text("help"))


def form_field(row: Row) -> Field:
    field_id, label = row.id(), row.text("label", required=True)
    check = row.text("check", among=("R133", "R134"))
    repeat = row.flag("repeat")
    options = row.texts("options")
    from_licence = row.text("from")
    kind = row.text("kind", _derived_kind(field_id, check, repeat, options), among=FIELD_KINDS)
    columns = tuple(by_id(row, "columns", _column).values())
    if not columns and kind == "rows":
        columns = _columns_in_label(label)
        if not columns:
            row.wrong("label", "明细字段须写明列：用 columns，或在名称后的括号里用“、”分开。")
    if kind == "choice" and not options:
        row.wrong("kind", "选择字段须写明 options。")
    if (kind == "rows") != repeat:
        row.wrong("kind", "repeat = true 与 kind = “rows”须同时使用。")
    return Field(
        id=field_id,
        label=label,
        from_licence=from_licence,
        check=check,
        sensitive=row.flag("sensitive"),
        repeat=repeat,
        options=options,
        kind=kind,
        required=row.flag("required", default=True),
        help=row.text("help"),
        columns=columns,
        step=row.text("step", _derived_step(field_id, check, repeat, from_licence)),
    )


def _derived_kind(field_id: str, check: str, repeat: bool, options: tuple[str, ...]) -> str:
    if repeat:
        return "rows"
    if check:
        return {"R133": "uscc", "R134": "id_number"}[check]
    if options:
        return "choice"
    return "mobile" if field_id == "mobile" else "text"


def _derived_step(field_id: str, check: str, repeat: bool, from_licence: str) -> str:
    if repeat or field_id == _LAST_STEP:
        return field_id
    if check == "R134" or from_licence == "sfz" or field_id in _PEOPLE_FIELDS:
        return "people"
    return "subject" if from_licence or check == "R133" else "business"


def _column(row: Row) -> Column:
    column = Column(
        id=row.id(),
        label=row.text("label", required=True),
        kind=row.text("kind", "text", among=COLUMN_KINDS),
        options=row.texts("options"),
        required=row.flag("required", default=True),
        help=row.text("help"),
    )
    if column.kind == "choice" and not column.options:
        row.wrong("kind", "选择列须写明 options。")
    return column


def _columns_in_label(label: str) -> tuple[Column, ...]:
    found = _BRACKETS.match(label)
    names = found["columns"].split("、") if found else []
    return tuple(Column(id=f"c{number}", label=name.strip()) for number, name in enumerate(names, start=1))


def steps_in_order(fields: Mapping[str, Field], declared: Mapping[str, Step]) -> dict[str, Step]:
    """The pages of the form in order: the file's own order, else the usual one; delivery comes last."""
    defaults = {step: Step(step, title) for step, title in DEFAULT_STEPS.items()}
    used = {field.step: _title(field.label) for field in fields.values()}
    order = [*declared, *(step for step in (*defaults, *used) if step not in declared)]
    if _LAST_STEP not in declared:
        order.sort(key=lambda step: step == _LAST_STEP)
    steps = {step: declared.get(step) or defaults.get(step) or Step(step, used[step]) for step in order}
    return {step: value for step, value in steps.items() if step in used or step in declared}


def _title(label: str) -> str:
    found = _BRACKETS.match(label)
    return found["title"] if found else label

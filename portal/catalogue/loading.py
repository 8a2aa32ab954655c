"""From TOML tables to a Catalogue: strict about types, names and references; policy is the business of lint."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from portal.catalogue.entities import (
    IMMEDIATE,
    NOT_REQUIRED,
    OUT_OF_AUTHORITY,
    PROMISED,
    SIGNED_BY_HEAD,
    WHO,
    BlankForm,
    Catalogue,
    Department,
    Faq,
    FieldRule,
    FollowUp,
    Gate,
    JointVisit,
    Licence,
    Material,
    MaterialUse,
    Matter,
    Meta,
    Need,
    OneThing,
    Option,
    Question,
)
from portal.catalogue.form_fields import form_field, step, steps_in_order
from portal.catalogue.integrity import check_references
from portal.catalogue.rows import Report, Row, by_id, each
from portal.catalogue.sources import CatalogueError, Sources, read

SCHEMA = "one-thing-catalogue/0.1"

_OPTION_LABELS = {
    "yes": "是",
    "no": "否",
    "none": "无",
    "self": "本人办理",
    "agent": "委托他人代办",
    "owned": "已购置",
    "planned": "拟购置",
    "mixed": "部分已购置、部分拟购置",
    "pledge": "告知承诺",
    "ordinary": "一般程序",
}


T = TypeVar("T")


def load(path: Path) -> Catalogue:
    """The edition in one file or in a directory's *.toml. Raises CatalogueError with every problem found."""
    reading = read(path)
    if reading.problems:
        raise CatalogueError(reading.problems)
    return from_raw(reading.raw, sources=reading.sources)


def from_raw(raw: dict[str, Any], *, sources: Sources | None = None) -> Catalogue:
    """The edition in a merged table, as `Edition.content` keeps it. Raises CatalogueError with every problem found."""
    catalogue, report = build(raw, sources or Sources())
    if report.problems:
        raise CatalogueError(report.problems)
    return catalogue


def build(raw: dict[str, Any], sources: Sources) -> tuple[Catalogue, Report]:
    """The catalogue as far as it can be understood, and what is wrong with it. Usable only without problems."""
    report = Report(raw, sources)
    top = Row(raw, (), report)
    meta = _meta(top.row("meta"))
    departments = by_id(top, "department", _department)
    licences = by_id(top, "licence", _licence)
    declared_steps = by_id(top, "step", step)
    fields = by_id(top, "field", form_field)
    materials = by_id(top, "material", _material)
    one_things = by_id(top, "bundle", lambda row: _one_thing(row, licences))
    synonyms = tuple(each(top, "synonym", _synonyms))
    top.finish()
    catalogue = Catalogue(
        meta=meta,
        departments=_read_only(departments | _implied(departments, licences)),
        licences=_read_only(licences),
        fields=_read_only(fields),
        steps=_read_only(steps_in_order(fields, declared_steps)),
        materials=_read_only(materials),
        one_things=_read_only(one_things),
        raw=raw,
        sources=sources,
        synonyms=synonyms,
    )
    check_references(catalogue, report)
    return catalogue, report


def _read_only(values: dict[str, T]) -> Mapping[str, T]:
    return MappingProxyType(values)


def _meta(row: Row) -> Meta:
    jurisdiction = row.row("jurisdiction")
    as_of = row.text("as_of")
    try:
        as_of_date = date.fromisoformat(as_of) if as_of else None
    except ValueError:
        as_of_date = None
        row.wrong("as_of", f"“as_of”的值“{as_of}”不是日期，应写成 2026-11-22 的形式。")
    meta = Meta(
        schema=row.text("schema", required=True, among=(SCHEMA,)),
        jurisdiction_code=jurisdiction.text("code", required=True),
        jurisdiction_name=jurisdiction.text("name", required=True),
        jurisdiction_status=jurisdiction.text("status"),
        as_of=as_of_date,
        legal_note=row.text("legal_note"),
        lints=row.texts("lints"),
        edition=row.text("edition"),
    )
    jurisdiction.finish()
    row.finish()
    return meta


def _department(row: Row) -> Department:
    return Department(
        id=row.id(),
        name=row.text("name", required=True),
        remedy=row.text("remedy"),
        vertical=row.flag("vertical"),
        public_service=row.flag("public_service"),
        phone=row.text("phone"),
        complaint_phone=row.text("complaint_phone"),
    )


def _licence(row: Row) -> Licence:
    return Licence(
        id=row.id(),
        name=row.text("name", required=True),
        issuer=row.text("issuer", required=True),
        trust=row.text("trust", "A", among="ABCD"),
        basis=row.text("basis"),
        valid_years=row.integer("valid_years"),
        status=row.text("status"),
    )


def _material(row: Row) -> Material:
    return Material(
        id=row.id(),
        name=row.text("name", required=True),
        source=row.text("source", required=True, among=("applicant", "government", "third_party", "in_bundle")),
        form=_forms(row),
        copies=_or(row.integer("copies"), 1),
        main=row.flag("main"),
        deferrable=row.flag("deferrable"),
        defer_wd=row.integer("defer_wd"),
        pledge=row.flag("pledge"),
        pledge_note=row.text("pledge_note"),
        post_check_wd=row.integer("post_check_wd"),
        exempt_by=row.text("exempt_by"),
        per=row.text("per"),
        generated_from_form=row.flag("generated_from_form"),
        must_contain=row.texts("must_contain"),
        note=row.text("note"),
        enabled=row.flag("enabled", default=True),
        status=row.text("status"),
        blank=_blank(row.part("blank")),
        # A stored edition keeps no order of keys; the form's own lines give it.
        sample=tuple(sorted(row.pairs("sample"))),
    )


def _blank(row: Row | None) -> BlankForm | None:
    if row is None:
        return None
    form = BlankForm(
        opening=row.texts("opening"),
        addressee=row.text("addressee"),
        closing=row.texts("closing"),
        signatures=row.texts("signatures"),
        status=row.text("status"),
    )
    if not form.opening:
        row.wrong("opening", "空白表样缺少正文“opening”。")
    row.finish()
    return form


def _forms(row: Row) -> tuple[str, ...]:
    forms = row.texts("form")
    for form in forms:
        if form not in ("electronic", "original", "copy"):
            row.wrong("form", f"“form”的值“{form}”不在允许的范围内：electronic、original、copy。")
    return forms


def _or(value: int | None, default: int) -> int:
    return default if value is None else value


def _one_thing(row: Row, licences: Mapping[str, Licence]) -> OneThing:
    who = row.texts("who")
    for unknown in sorted(set(who) - WHO.keys()):
        row.wrong("who", f"“who”的值“{unknown}”不在允许的范围内：{'、'.join(WHO)}。")
    return OneThing(
        id=row.id(),
        name=row.text("name", required=True),
        subject=row.text("subject"),
        lead=row.text("lead", required=True),
        list=row.text("list"),
        list_status=row.text("list_status"),
        composition_status=row.text("composition_status"),
        seed_example=row.flag("seed_example"),
        fee=_or(row.integer("fee"), 0),
        fee_basis=row.text("fee_basis"),
        promised_total_wd=row.integer("promised_total_wd"),
        fields=row.texts("fields"),
        questions=tuple(by_id(row, "question", lambda inner: _question(inner, licences)).values()),
        gates=tuple(each(row, "gate", _gate)),
        matters=tuple(by_id(row, "matter", _matter).values()),
        follow_ups=tuple(each(row, "follow_up", _follow_up)),
        joint_visits=tuple(each(row, "joint_visit", _joint_visit)),
        field_rules=tuple(each(row, "field_rule", _field_rule)),
        summary=row.text("summary"),
        audience=row.text("audience"),
        keywords=row.texts("keywords"),
        who=who,
        life_events=row.texts("life_events"),
        faqs=tuple(each(row, "faq", _faq)),
    )


def _question(row: Row, licences: Mapping[str, Licence]) -> Question:
    options, labels = row.texts("options"), row.texts("labels")
    if not options:
        row.wrong("options", "问题没有选项。")
    for option in sorted({option for option in options if options.count(option) > 1}):
        row.wrong("options", f"选项“{option}”重复。")
    if labels and len(labels) != len(options):
        row.wrong("labels", f"labels 有 {len(labels)} 个，options 有 {len(options)} 个，应一一对应。")
        labels = ()
    shown = labels or tuple(_option_label(option, licences) for option in options)
    return Question(
        id=row.id(),
        text=row.text("text", required=True),
        options=tuple(Option(option, label) for option, label in zip(options, shown, strict=True)),
        multi=row.flag("multi"),
        ask_when=row.condition("ask_when"),
        help=row.text("help"),
    )


def _option_label(option: str, licences: Mapping[str, Licence]) -> str:
    licence = licences.get(option)
    return licence.name if licence else _OPTION_LABELS.get(option, option)


def _gate(row: Row) -> Gate:
    outcome = row.text("outcome", required=True)
    if outcome and outcome not in (NOT_REQUIRED, OUT_OF_AUTHORITY) and not outcome.startswith("WARN_"):
        row.wrong("outcome", f"“outcome”的值“{outcome}”不在允许的范围内：{NOT_REQUIRED}、{OUT_OF_AUTHORITY}、WARN_…。")
    return Gate(
        when=row.condition("when"),
        matter=row.text("matter") or None,
        outcome=outcome,
        say=row.text("say"),
        competent=row.text("competent"),
        basis=row.text("basis"),
    )


def _matter(row: Row) -> Matter:
    window = row.integers("renew_window_wd")
    if row.has("renew_window_wd") and len(window) != 2:
        row.wrong("renew_window_wd", "“renew_window_wd”应是两个整数：[最早, 最迟]。")
    return Matter(
        id=row.id(),
        name=row.text("name", required=True),
        dept=row.text("dept", required=True),
        kind=row.text("kind", required=True),
        type=row.text("type", required=True, among=(IMMEDIATE, PROMISED)),
        code=row.text("code"),
        code_status=row.text("code_status"),
        legal_wd=row.integer("legal_wd"),
        legal_nd=row.integer("legal_nd"),
        legal_extend_wd=row.integer("legal_extend_wd"),
        legal_status=row.text("legal_status"),
        legal_note=row.text("legal_note"),
        promised_wd=row.integer("promised_wd"),
        promised_status=row.text("promised_status"),
        basis=row.text("basis"),
        when=row.condition("when"),
        needs=tuple(each(row, "needs", _need)),
        needs_alternative=row.text("needs_alternative", among=("start", "decide")),
        materials=tuple(by_id(row, "materials", _material_use).values()),
        result=row.text("result"),
        service_wd=row.integer("service_wd"),
        per=row.text("per"),
        pledge_route=row.flag("pledge_route"),
        pledge_scope=row.text("pledge_scope"),
        post_check_wd=row.integer("post_check_wd"),
        post_check_status=row.text("post_check_status"),
        rectify_notice_wd=row.integer("rectify_notice_wd"),
        recheck_wd=row.integer("recheck_wd"),
        deferral=row.flag("deferral"),
        site_visit=row.text("site_visit", among=("yes", "no", "optional")),
        inspectors_min=_or(row.integer("inspectors_min"), 2),
        sign_off=row.text("sign_off", among=(SIGNED_BY_HEAD,)),
        apply_within_nd=row.integer("apply_within_nd"),
        renew_window_wd=(window[0], window[1]) if len(window) == 2 else None,
        note=row.text("note"),
    )


def _need(row: Row) -> Need:
    return Need(matter=row.text("matter", required=True), kind=row.text("kind", "start", among=("start", "decide")))


def _material_use(row: Row) -> MaterialUse:
    return MaterialUse(id=row.text("id", required=True), when=row.condition("when"))


def _follow_up(row: Row) -> FollowUp:
    return FollowUp(
        when=row.condition("when"),
        text=row.text("text", required=True),
        due=row.text("due"),
        dept=row.text("dept"),
    )


def _joint_visit(row: Row) -> JointVisit:
    return JointVisit(among=row.texts("among"), basis=row.text("basis"))


def _faq(row: Row) -> Faq:
    return Faq(
        question=row.text("question", required=True),
        answer=row.text("answer", required=True),
        status=row.text("status"),
    )


def _synonyms(row: Row) -> tuple[str, ...]:
    words = row.texts("words")
    if len(words) < 2:
        row.wrong("words", "同义词至少要有两个。")
    return words


def _field_rule(row: Row) -> FieldRule:
    return FieldRule(field=row.text("field", required=True), when=row.condition("when"), label=row.text("label"))


def _implied(departments: Mapping[str, Department], licences: Mapping[str, Licence]) -> dict[str, Department]:
    """Issuers that stand by name only, such as "民政局"; an unknown id is left to the reference check."""
    names = (licence.issuer for licence in licences.values() if licence.issuer not in departments)
    return {name: Department(id=name, name=name, implied=True) for name in names if name and not name.isascii()}

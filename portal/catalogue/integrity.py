"""Whether the parts of a catalogue fit together: every name refers to something, and no matter waits for itself."""

from collections.abc import Iterator
from typing import Any

from portal.catalogue.entities import Catalogue, Condition, Material, Matter, OneThing
from portal.catalogue.rows import Report
from portal.catalogue.sources import FORMAT, Place


def place_of(raw: dict[str, Any], *path: str | int) -> Place:
    """The place of ("bundle", "ysqy", "matter", "hyxk"): names of arrays in turn with ids or indices."""
    place: list[str | int] = []
    node: Any = raw
    for array, wanted in zip(path[::2], path[1::2], strict=True):
        items = node[array]
        index = wanted if isinstance(wanted, int) else _index_of(items, wanted)
        place += [array, index]
        node = items[index]
    return tuple(place)


def _index_of(items: list[Any], wanted: str) -> int:
    return next(i for i, item in enumerate(items) if isinstance(item, dict) and item.get("id") == wanted)


def conditions_of(one_thing: OneThing) -> Iterator[tuple[tuple[str | int, ...], str, Condition]]:
    """Every condition of a one-thing with the path of its table and its key, for messages."""
    for question in one_thing.questions:
        yield ("question", question.id), "ask_when", question.ask_when
    for index, gate in enumerate(one_thing.gates):
        yield ("gate", index), "when", gate.when
    for matter in one_thing.matters:
        yield ("matter", matter.id), "when", matter.when
        for use in matter.materials:
            yield ("matter", matter.id, "materials", use.id), "when", use.when
    for index, follow_up in enumerate(one_thing.follow_ups):
        yield ("follow_up", index), "when", follow_up.when
    for index, rule in enumerate(one_thing.field_rules):
        yield ("field_rule", index), "when", rule.when


def check_references(catalogue: Catalogue, report: Report) -> None:
    """Add a problem for each name that refers to nothing, and for each cycle (R50)."""
    check = _References(catalogue, report)
    check.licences_and_forms()
    for one_thing in catalogue.one_things.values():
        check.one_thing(one_thing)
        check.conditions(one_thing)
        for matter in one_thing.matters:
            check.matter(one_thing, matter)
        check.cycles(one_thing)


class _References:
    def __init__(self, catalogue: Catalogue, report: Report) -> None:
        self.catalogue = catalogue
        self.report = report

    def licences_and_forms(self) -> None:
        for licence in self.catalogue.licences.values():
            self._known(self.catalogue.departments, licence.issuer, "部门", ("licence", licence.id), "issuer")
        for field in self.catalogue.fields.values():
            self._known(self.catalogue.licences, field.from_licence, "证照", ("field", field.id), "from")
        for material in self.catalogue.materials.values():
            self._known(self.catalogue.licences, material.exempt_by, "证照", ("material", material.id), "exempt_by")
            self.blank_form(material)

    def blank_form(self, material: Material) -> None:
        """A form has the lines that the material must contain, and a sample fills these and no others."""
        here = ("material", material.id)
        if material.blank is not None:
            if not material.must_contain:
                self._wrong(here, "blank", "空白表样的栏目来自 must_contain，请先写明。")
            if material.blank.addressee.isascii():
                self._known(self.catalogue.departments, material.blank.addressee, "部门", here, "blank")
        elif material.sample:
            self._wrong(here, "sample", "有示例而没有空白表样“blank”。")
        for line, _value in material.sample:
            self._known(material.must_contain, line, "栏目", here, "sample")

    def one_thing(self, one_thing: OneThing) -> None:
        here = ("bundle", one_thing.id)
        matters = {matter.id for matter in one_thing.matters}
        self._known(self.catalogue.departments, one_thing.lead, "部门", here, "lead")
        for field in one_thing.fields:
            self._known(self.catalogue.fields, field, "字段", here, "fields")
        for field in sorted({field for field in one_thing.fields if one_thing.fields.count(field) > 1}):
            self._wrong(here, "fields", f"字段“{field}”重复。")
        for index, gate in enumerate(one_thing.gates):
            place = (*here, "gate", index)
            self._known(matters, gate.matter or "", "事项", place, "matter")
            if gate.competent.isascii():
                self._known(self.catalogue.departments, gate.competent, "部门", place, "competent")
        for index, follow_up in enumerate(one_thing.follow_ups):
            self._known(self.catalogue.departments, follow_up.dept, "部门", (*here, "follow_up", index), "dept")
        for index, visit in enumerate(one_thing.joint_visits):
            for matter in visit.among:
                self._known(matters, matter, "事项", (*here, "joint_visit", index), "among")
        for index, rule in enumerate(one_thing.field_rules):
            self._known(one_thing.fields, rule.field, "字段", (*here, "field_rule", index), "field")

    def matter(self, one_thing: OneThing, matter: Matter) -> None:
        here = ("bundle", one_thing.id, "matter", matter.id)
        self._known(self.catalogue.departments, matter.dept, "部门", here, "dept")
        if matter.result.isascii():
            self._known(self.catalogue.licences, matter.result, "证照", here, "result")
        for use in matter.materials:
            self._known(self.catalogue.materials, use.id, "材料", here, "materials")
        for need in matter.needs:
            self._known({other.id for other in one_thing.matters}, need.matter, "事项", here, "needs")

    def conditions(self, one_thing: OneThing) -> None:
        questions = {question.id: question for question in one_thing.questions}
        for path, key, condition in conditions_of(one_thing):
            for term in {term for terms in condition for term in terms}:
                here = ("bundle", one_thing.id, *path)
                question = questions.get(term.question)
                if question is None:
                    self._wrong(here, key, f"条件“{term.question}={term.option}”引用了不存在的问题“{term.question}”。")
                elif term.option not in question.option_ids:
                    options = "、".join(question.option_ids)
                    self._wrong(
                        here, key, f"条件“{term.question}={term.option}”引用了不存在的选项，可用的选项是：{options}。"
                    )

    def cycles(self, one_thing: OneThing) -> None:
        """One problem for each cycle among the prerequisites (R50)."""
        edges = {matter.id: [need.matter for need in matter.needs] for matter in one_thing.matters}
        done: set[str] = set()

        def visit(matter: str, trail: list[str]) -> None:
            if matter in trail:
                cycle = [*trail[trail.index(matter) :], matter]
                here = ("bundle", one_thing.id, "matter", matter)
                self._wrong(here, "needs", f"前置关系成环：{' → '.join(cycle)}，各事项互相等待，无法办理。", rule="R50")
            elif matter not in done:
                for earlier in edges.get(matter, []):
                    visit(earlier, [*trail, matter])
                done.add(matter)

        for matter in edges:
            visit(matter, [])

    def _known(self, known: Any, name: str, noun: str, path: tuple[str | int, ...], key: str) -> None:
        if name and name not in known:
            self._wrong(path, key, f"“{key}”引用了不存在的{noun}“{name}”。")

    def _wrong(self, path: tuple[str | int, ...], key: str, say: str, *, rule: str = FORMAT) -> None:
        self.report.wrong(place_of(self.report.raw, *path), say, key=key, rule=rule)

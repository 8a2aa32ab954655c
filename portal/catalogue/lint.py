"""What the law forbids in a catalogue. Each check is one rule; `lint` reports every breach of every rule."""

from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from portal.catalogue.conditions import choices, possible
from portal.catalogue.entities import NOT_REQUIRED, OUT_OF_AUTHORITY, Catalogue, Gate, Matter, OneThing
from portal.catalogue.integrity import conditions_of, place_of
from portal.catalogue.loading import build
from portal.catalogue.plan import plan
from portal.catalogue.sources import FORMAT, Problem, Sources, describe, read

CATCH_ALL_WORDS = ("其他", "有关", "等材料")

Where = tuple[str | int, ...]
Breach = tuple[str, Where, str, str]
"""Rule, path of the table, key, what is wrong."""


def lint(subject: Catalogue | dict[str, Any], *, sources: Sources | None = None) -> list[Problem]:
    """Every breach in a catalogue or in a merged raw table; an empty list means that it may be published."""
    if isinstance(subject, Catalogue):
        return lint(subject.raw, sources=subject.sources)
    sources = sources or Sources()
    catalogue, report = build(subject, sources)
    problems = [*report.problems, *report.typos]
    checks = _CHECKS if report.problems else (*_CHECKS, *_CHECKS_OF_SOUND_CATALOGUES)
    for check in checks:
        for rule, path, key, say in check(catalogue):
            problems.append(Problem(rule, describe(subject, sources, place_of(subject, *path), key), say))
    return problems


def lint_path(path: Path) -> list[Problem]:
    """Every breach in the file or directory, faulty files included."""
    reading = read(path)
    if reading.problems:
        return reading.problems
    return lint(reading.raw, sources=reading.sources)


def _matters(catalogue: Catalogue) -> Iterator[tuple[OneThing, Matter, Where]]:
    for one_thing in catalogue.one_things.values():
        for matter in one_thing.matters:
            yield one_thing, matter, ("bundle", one_thing.id, "matter", matter.id)


def _competent_named(catalogue: Catalogue) -> Iterator[Breach]:
    for one_thing in catalogue.one_things.values():
        for index, gate in enumerate(one_thing.gates):
            if gate.outcome == OUT_OF_AUTHORITY and not gate.competent.strip():
                here = ("bundle", one_thing.id, "gate", index)
                yield "R2", here, "outcome", "不属于本机关职权的，必须用 competent 写明应当向哪个机关申请。"
            own = next((matter.dept for matter in one_thing.matters if matter.id == gate.matter), None)
            if gate.outcome == OUT_OF_AUTHORITY and gate.competent and gate.competent == own:
                here = ("bundle", one_thing.id, "gate", index)
                yield "R2", here, "competent", f"有权机关“{gate.competent}”就是本事项的办理部门，前后矛盾。"


def _catch_all_names(catalogue: Catalogue) -> Iterator[Breach]:
    named: list[tuple[Where, str, str]] = []
    for material in catalogue.materials.values():
        named.append((("material", material.id), "name", material.name))
        named += [(("material", material.id), "must_contain", item) for item in material.must_contain]
    named += [(("licence", licence.id), "name", licence.name) for licence in catalogue.licences.values()]
    named += [(("bundle", one_thing.id), "name", one_thing.name) for one_thing in catalogue.one_things.values()]
    named += [(path, "name", matter.name) for _, matter, path in _matters(catalogue)]
    for path, key, name in named:
        for word in CATCH_ALL_WORDS:
            if word in name:
                yield "R8", path, key, f"“{name}”含有兜底用语“{word}”，应写明具体名称。"


def _two_inspectors(catalogue: Catalogue) -> Iterator[Breach]:
    for _, matter, path in _matters(catalogue):
        if matter.inspectors_min < 2:
            yield "R14", path, "inspectors_min", f"现场核查应有 2 名以上工作人员，不能是 {matter.inspectors_min} 名。"


def _fees(catalogue: Catalogue) -> Iterator[Breach]:
    for one_thing in catalogue.one_things.values():
        if one_thing.fee > 0 and not one_thing.fee_basis.strip():
            here = ("bundle", one_thing.id)
            yield "R28", here, "fee", f"收费 {one_thing.fee} 元没有法律、行政法规依据，应写明 fee_basis 或者不收费。"


def _promised_within_legal(catalogue: Catalogue) -> Iterator[Breach]:
    for _, matter, path in _matters(catalogue):
        for limit, unit in ((matter.legal_wd, "工作日"), (matter.legal_nd, "自然日")):
            if matter.promised_wd is not None and limit is not None and matter.promised_wd > limit:
                say = f"承诺时限 {matter.promised_wd} 个工作日超过法定时限 {limit} 个{unit}。"
                yield "R39", path, "promised_wd", say


def _promised_total(catalogue: Catalogue) -> Iterator[Breach]:
    for one_thing in catalogue.one_things.values():
        published = one_thing.promised_total_wd
        if published is None:
            continue
        days, matters = max((_weighed(chain) for chain in _chains(catalogue, one_thing)), default=(0, ""))
        if days > published:
            say = f"关键路径（{matters}）的承诺时限合计 {days} 个工作日，超过公布的总承诺时限 {published} 个工作日。"
            yield "R39", ("bundle", one_thing.id), "promised_total_wd", say


def _weighed(chain: tuple[Matter, ...]) -> tuple[int, str]:
    return sum(matter.promised_wd or 0 for matter in chain), " → ".join(matter.name for matter in chain)


def _chains(catalogue: Catalogue, one_thing: OneThing) -> Iterator[tuple[Matter, ...]]:
    """Every chain of matters, each waiting for the one before, that some answers switch on together."""
    later: dict[str, list[Matter]] = {matter.id: [] for matter in one_thing.matters}
    for matter in one_thing.matters:
        for need in matter.needs:
            later[need.matter].append(matter)

    def extend(chain: tuple[Matter, ...], matter: Matter) -> Iterator[tuple[Matter, ...]]:
        longer = (*chain, matter)
        if _on_together(catalogue, one_thing, longer):
            yield longer
            for following in later[matter.id]:
                yield from extend(longer, following)
        for following in later[matter.id]:
            yield from extend(chain, following)

    for matter in one_thing.matters:
        if not matter.needs:
            yield from extend((), matter)


def _on_together(catalogue: Catalogue, one_thing: OneThing, matters: tuple[Matter, ...]) -> bool:
    wanted = {matter.id for matter in matters}
    for choice in choices(one_thing, *(matter.when for matter in matters)):
        answers = {question: tuple(options) for question, options in choice.items()}
        if wanted <= {planned.matter.id for planned in plan(catalogue, one_thing.id, answers).matters}:
            return True
    return False


def _main_is_not_deferrable(catalogue: Catalogue) -> Iterator[Breach]:
    for material in catalogue.materials.values():
        if material.main and material.deferrable:
            yield "R57", ("material", material.id), "deferrable", f"主要材料“{material.name}”不得容缺。"


def _immediate_is_not_deferral(catalogue: Catalogue) -> Iterator[Breach]:
    for _, matter, path in _matters(catalogue):
        if matter.is_immediate and matter.deferral:
            yield "R59", path, "deferral", f"即办件“{matter.name}”不适用容缺受理。"


def _supply_within_promise(catalogue: Catalogue) -> Iterator[Breach]:
    for _, matter, _path in _matters(catalogue):
        if matter.is_immediate or not matter.deferral or matter.promised_wd is None:
            continue
        for use in matter.materials:
            material = catalogue.materials.get(use.id)
            if material is None or not material.deferrable or material.defer_wd is None:
                continue
            if material.defer_wd > matter.promised_wd:
                say = (
                    f"材料“{material.name}”的容缺补齐时限 {material.defer_wd} 个工作日，"
                    f"超过事项“{matter.name}”的承诺时限 {matter.promised_wd} 个工作日。"
                )
                yield "R63", ("material", material.id), "defer_wd", say


def _never_both_routes(catalogue: Catalogue) -> Iterator[Breach]:
    for material in catalogue.materials.values():
        if material.deferrable and material.pledge:
            say = f"材料“{material.name}”不能既容缺受理又告知承诺。"
            yield "R71", ("material", material.id), "pledge", say


def _post_check_limit(catalogue: Catalogue) -> Iterator[Breach]:
    for _, matter, path in _matters(catalogue):
        if matter.pledge_route and matter.post_check_wd is None:
            say = f"事项“{matter.name}”可以告知承诺，必须写明 post_check_wd（事后核查时限）。"
            yield "R76", path, "pledge_route", say
    for material in catalogue.materials.values():
        if material.pledge and material.post_check_wd is None:
            say = f"材料“{material.name}”可以告知承诺，必须写明 post_check_wd（事后核查时限）。"
            yield "R76", ("material", material.id), "pledge", say


def _questions_are_reachable(catalogue: Catalogue) -> Iterator[Breach]:
    for one_thing in catalogue.one_things.values():
        earlier: set[str] = set()
        for question in one_thing.questions:
            used = {term.question for terms in question.ask_when for term in terms}
            late = sorted(used - earlier)
            earlier.add(question.id)
            here = ("bundle", one_thing.id, "question", question.id)
            if late:
                say = f"“{question.text}”的提问条件引用了自己或后面的问题（{'、'.join(late)}），永远问不到。"
                yield FORMAT, here, "ask_when", say
            elif not possible(one_thing, question.ask_when):
                yield FORMAT, here, "ask_when", f"没有一种回答能满足提问条件，“{question.text}”永远问不到。"


def _conditions_can_hold(catalogue: Catalogue) -> Iterator[Breach]:
    """Gates, matters, materials, follow-ups and fields whose condition no answers can fulfil."""
    for one_thing in catalogue.one_things.values():
        by_id = {matter.id: matter for matter in one_thing.matters}
        for path, key, condition in conditions_of(one_thing):
            if path[0] == "question":
                continue
            here = ("bundle", one_thing.id, *path)
            impossible = [terms for terms in condition if not possible(one_thing, (terms,))]
            for terms in impossible:
                wanted = "、".join(f"{term.question}={term.option}" for term in terms)
                yield FORMAT, here, key, f"没有一种回答能同时满足“{wanted}”，这组条件永远不会成立。"
            around = by_id[str(path[1])].when if "materials" in path else ()
            if not impossible and not possible(one_thing, condition, around):
                yield FORMAT, here, key, "在事项启用时，没有一种回答能满足这个条件，永远不会成立。"


def _gates_agree(catalogue: Catalogue) -> Iterator[Breach]:
    for one_thing in catalogue.one_things.values():
        closing = [(index, gate) for index, gate in enumerate(one_thing.gates) if not gate.is_warning]
        for (first, one), (second, other) in combinations(closing, 2):
            same_matter = one.matter == other.matter or one.matter is None or other.matter is None
            if same_matter and _opposed(one, other) and possible(one_thing, one.when, other.when):
                rule = "R1/R2" if one.outcome != other.outcome else "R2"
                verdicts = f"{_verdict(one)}；{_verdict(other)}"
                say = f"与第 {first + 1} 条关口可能同时成立，但对同一事项的结论相反（{verdicts}）。"
                yield rule, ("bundle", one_thing.id, "gate", second), "when", say
        for index, gate in closing:
            if not gate.when:
                say = "没有条件，会使事项永远不能办理。"
                yield FORMAT, ("bundle", one_thing.id, "gate", index), "when", say


def _opposed(one: Gate, other: Gate) -> bool:
    if one.outcome != other.outcome:
        return True
    return one.outcome == OUT_OF_AUTHORITY and one.competent != other.competent


def _verdict(gate: Gate) -> str:
    return "不需要办理" if gate.outcome == NOT_REQUIRED else f"应向“{gate.competent}”申请"


def _rows_for_per(catalogue: Catalogue) -> Iterator[Breach]:
    """`per = "vehicle"` needs the list of vehicles among the one-thing's fields."""
    for one_thing, matter, path in _matters(catalogue):
        used = [catalogue.materials[use.id] for use in matter.materials if use.id in catalogue.materials]
        for per, where in [(matter.per, path), *((material.per, ("material", material.id)) for material in used)]:
            rows = catalogue.rows_field(per) if per else None
            if per and (rows is None or rows.id not in one_thing.fields):
                say = f"per = “{per}”，但一件事“{one_thing.name}”的字段中没有明细“{per}s”。"
                yield FORMAT, where, "per", say


_CHECKS: tuple[Callable[[Catalogue], Iterator[Breach]], ...] = (
    _competent_named,
    _catch_all_names,
    _two_inspectors,
    _fees,
    _promised_within_legal,
    _main_is_not_deferrable,
    _immediate_is_not_deferral,
    _supply_within_promise,
    _never_both_routes,
    _post_check_limit,
)
_CHECKS_OF_SOUND_CATALOGUES: tuple[Callable[[Catalogue], Iterator[Breach]], ...] = (
    _promised_total,
    _questions_are_reachable,
    _conditions_can_hold,
    _gates_agree,
    _rows_for_per,
)
"""These follow references, so they wait until all references hold."""

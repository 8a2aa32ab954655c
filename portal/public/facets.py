"""Narrowing the list of guides by who one is, by occasion and by department: plain links, one choice in each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.catalogue.schema import WHO, Catalogue, OneThing

NAMES = ("who", "event", "dept")


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    href: str
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """choices: those that lead to at least one guide, with the others' choice kept; the first takes this one back."""

    name: str
    label: str
    choices: tuple[Choice, ...]


def chosen_in(catalogue: Catalogue, query: Mapping[str, str]) -> dict[str, str]:
    """The choices of a query string that exist in this edition."""
    known = {name: _values(catalogue, name) for name in NAMES}
    return {name: query[name] for name in NAMES if query.get(name, "") in known[name]}


def narrow(one_things: Iterable[OneThing], chosen: Mapping[str, str]) -> list[OneThing]:
    return [each for each in one_things if all(value in _of(each, name) for name, value in chosen.items())]


def facets(catalogue: Catalogue, chosen: Mapping[str, str], query: str = "") -> tuple[Facet, ...]:
    labels = {"who": _("我是"), "event": _("我遇到"), "dept": _("部门")}
    return tuple(_facet(catalogue, name, labels[name], chosen, query) for name in NAMES)


def _facet(catalogue: Catalogue, name: str, label: str, chosen: Mapping[str, str], query: str) -> Facet:
    others = {key: value for key, value in chosen.items() if key != name}
    reached = narrow(catalogue.one_things.values(), others)
    choices = [Choice(_("全部"), _href(query, others), len(reached), name not in chosen)]
    for value, words in _values(catalogue, name).items():
        count = sum(value in _of(each, name) for each in reached)
        if count:
            choices.append(Choice(words, _href(query, {**others, name: value}), count, chosen.get(name) == value))
    return Facet(name, label, tuple(choices))


def _href(query: str, chosen: Mapping[str, str]) -> str:
    values = {**({"q": query} if query else {}), **chosen}
    return reverse("public:guides") + (f"?{urlencode(values)}" if values else "")


def _values(catalogue: Catalogue, name: str) -> dict[str, str]:
    """What may be chosen, with its words, in the order of the edition."""
    used = dict.fromkeys(value for each in catalogue.one_things.values() for value in _of(each, name))
    if name == "who":
        return {value: WHO[value] for value in WHO if value in used}
    if name == "dept":
        return {value: catalogue.departments[value].name for value in catalogue.departments if value in used}
    return {value: value for value in used}


def _of(one_thing: OneThing, name: str) -> tuple[str, ...]:
    """An edition that does not say for whom a one-thing is has its `subject`."""
    if name == "who":
        return one_thing.who or tuple(who for who in (one_thing.subject,) if who in WHO)
    if name == "dept":
        return tuple(matter.dept for matter in one_thing.matters)
    return one_thing.life_events

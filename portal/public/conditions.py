"""A condition over answers as a reader of the guide meets it: number of the question, words of the option."""

from portal.catalogue.schema import Condition, OneThing, Question

# A question may stand twice in one alternative (two options of a multiple choice): the second number tells them apart.
_Place = tuple[str, int]
_Alternative = dict[_Place, frozenset[str]]


def in_words(one_thing: OneThing, condition: Condition) -> str:
    """“第 2 题选“普通货物运输”，且第 4 题选“已经购置””; "" for the condition that always holds."""
    return "；或者".join(_alternative_in_words(one_thing, each) for each in _merged(condition))


def _merged(condition: Condition) -> list[_Alternative]:
    """Alternatives that differ in the option of one question only become one, until no two do."""
    alternatives = [_places(terms) for terms in condition]
    index = 0
    while index < len(alternatives):
        for other in range(index + 1, len(alternatives)):
            joined = _join(alternatives[index], alternatives[other])
            if joined is not None:
                alternatives[index] = joined
                del alternatives[other]
                index = -1
                break
        index += 1
    return alternatives


def _places(terms: tuple[tuple[str, str], ...]) -> _Alternative:
    places: _Alternative = {}
    for question, option in terms:
        ordinal = sum(place[0] == question for place in places)
        places[question, ordinal] = frozenset({option})
    return places


def _join(one: _Alternative, other: _Alternative) -> _Alternative | None:
    if one.keys() != other.keys():
        return None
    different = [place for place in one if one[place] != other[place]]
    if len(different) > 1:
        return None
    return one | {place: one[place] | other[place] for place in different}


def _alternative_in_words(one_thing: OneThing, alternative: _Alternative) -> str:
    return "，且".join(
        _term_in_words(number, question, options)
        for number, question in enumerate(one_thing.questions, start=1)
        for (question_id, _ordinal), options in alternative.items()
        if question_id == question.id
    )


def _term_in_words(number: int, question: Question, chosen: frozenset[str]) -> str:
    labels = [f"“{option.label}”" for option in question.options if option.id in chosen]
    return f"第 {number} 题选{'或'.join(labels)}"

"""Conditions over answers: whether one holds, and whether any answers could make several hold together."""

from collections.abc import Iterator, Mapping

from portal.catalogue.entities import Condition, OneThing, Question, Term

NONE_OPTION = "none"
"""In a multiple choice it excludes every other option."""

Answers = Mapping[str, str | tuple[str, ...]]
Choice = Mapping[str, frozenset[str]]


def given(answers: Answers, question: str) -> tuple[str, ...]:
    value = answers.get(question, ())
    return (value,) if isinstance(value, str) else tuple(value)


def holds(condition: Condition, answers: Answers) -> bool:
    """Whether the answers fulfil one of the alternatives; the empty condition always holds."""
    if not condition:
        return True
    return any(all(term.option in given(answers, term.question) for term in terms) for terms in condition)


def choices(one_thing: OneThing, *conditions: Condition) -> Iterator[Choice]:
    """Every smallest set of answers under which all the conditions hold and each question used is really asked.

    Nothing comes when they can never hold together. Conditions only demand answers and never forbid one, so a set
    that is free of conflict can always be completed.
    """
    questions = {question.id: question for question in one_thing.questions}
    yield from _solve(tuple(condition for condition in conditions if condition), {}, questions)


def possible(one_thing: OneThing, *conditions: Condition) -> bool:
    """Whether some reachable answers make all the conditions hold at once."""
    return next(choices(one_thing, *conditions), None) is not None


def _solve(pending: tuple[Condition, ...], chosen: Choice, questions: Mapping[str, Question]) -> Iterator[Choice]:
    if not pending:
        yield chosen
        return
    first, *rest = pending
    for terms in first:
        extended = _extend(chosen, terms, questions)
        if extended is None:
            continue
        newly_used = [questions[question].ask_when for question in extended.keys() - chosen.keys()]
        yield from _solve((*rest, *(condition for condition in newly_used if condition)), extended, questions)


def _extend(chosen: Choice, terms: tuple[Term, ...], questions: Mapping[str, Question]) -> Choice | None:
    extended = dict(chosen)
    for question_id, option in terms:
        question = questions.get(question_id)
        if question is None or option not in question.option_ids:
            return None
        options = extended.get(question_id, frozenset()) | {option}
        if len(options) > 1 and (not question.multi or NONE_OPTION in options):
            return None
        extended[question_id] = options
    return extended

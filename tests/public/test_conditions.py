import pytest

from portal.catalogue.schema import OneThing, Option, Question, Term
from portal.public.conditions import in_words

pytestmark = pytest.mark.once

ONE_THING = OneThing(
    id="x",
    name="某一件事",
    questions=(
        Question("who", "谁办？", (Option("self", "本人"), Option("agent", "代办"))),
        Question("what", "办什么？", (Option("a", "甲"), Option("b", "乙"), Option("c", "丙")), multi=True),
    ),
)


def condition(*alternatives: str):
    return tuple(tuple(Term(*term.split("=")) for term in alternative.split(" & ")) for alternative in alternatives)


def test_what_always_holds_has_no_words():
    assert in_words(ONE_THING, ()) == ""


def test_options_of_one_question_are_told_together():
    assert in_words(ONE_THING, condition("what=a", "what=c")) == "第 2 题选“甲”或“丙”"


def test_alternatives_that_differ_in_one_question_become_one():
    words = in_words(ONE_THING, condition("what=a & who=self", "what=b & who=self"))
    assert words == "第 1 题选“本人”，且第 2 题选“甲”或“乙”"


def test_alternatives_that_differ_in_more_stay_apart():
    words = in_words(ONE_THING, condition("who=self & what=a", "who=agent & what=b"))
    assert words == "第 1 题选“本人”，且第 2 题选“甲”；或者第 1 题选“代办”，且第 2 题选“乙”"


def test_two_options_of_a_multiple_choice_may_both_be_demanded():
    assert in_words(ONE_THING, condition("what=a & what=b")) == "第 2 题选“甲”，且第 2 题选“乙”"

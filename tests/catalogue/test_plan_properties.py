"""What holds of every plan, whatever the answers."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.catalogue.plan import asked, next_question, normalise, plan
from portal.catalogue.schema import Catalogue

pytestmark = pytest.mark.once


@st.composite
def anyones_answers(draw: st.DrawFn, catalogue: Catalogue) -> tuple[str, dict[str, Any]]:
    """Valid, partial and nonsensical answers to any one-thing."""
    one_thing = draw(st.sampled_from(list(catalogue.one_things.values())))
    answers: dict[str, Any] = {}
    for question in one_thing.questions:
        one = st.sampled_from([*question.option_ids, "nonsense"])
        value = draw(st.none() | (st.lists(one, max_size=3) if question.multi else one))
        if value is not None:
            answers[question.id] = value
    return one_thing.id, answers


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_plan_is_a_sound_graph(edition: Catalogue, data: st.DataObject) -> None:
    one_thing_id, answers = data.draw(anyones_answers(edition))
    made = plan(edition, one_thing_id, answers)

    assert made == plan(edition, one_thing_id, dict(reversed(answers.items())))
    assert normalise(made.one_thing, made.answers) == dict(made.answers)
    assert plan(edition, one_thing_id, made.answers) == made

    placed: dict[str, int] = {}
    for planned in made.matters:
        for need in planned.needs:
            assert need.matter in placed, "an edge leads only to an earlier matter of the plan: no cycle, none dangling"
            assert planned.stage > placed[need.matter]
        assert (planned.stage == 0) == (not planned.needs)
        placed[planned.matter.id] = planned.stage
    closed = {gate.matter for gate in made.gates if not gate.is_warning}
    assert not closed & placed.keys()

    used = {material for planned in made.matters for material in planned.materials}
    assert {planned.material.id for planned in made.materials} == used
    assert len(made.materials) == len(used)
    for material in made.materials:
        if material.provided_by.startswith("matter:"):
            assert material.provided_by.removeprefix("matter:") in placed
    assert made.can_file == (made.complete and bool(made.matters))
    assert made.complete == (next_question(made.one_thing, answers) is None)
    assert {*made.answers} <= {question.id for question in asked(made.one_thing, answers)}

"""What holds for every start, limit and suspension."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.deadlines.calendar import add_calendar_days, add_working_days, is_working_day, working_days_between
from portal.deadlines.clock import DAY, Suspension, due, working_days_left
from portal.deadlines.explain import Why, explain

# The longest way (60 working days and 4 × 30 suspended days) must end before the last known notice does.
starts = st.dates(date(2024, 1, 1), date(2026, 3, 31))
limits = st.integers(1, 60)
known_days = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@st.composite
def cases(draw):
    start, limit = draw(starts), draw(limits)
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        begin = start + timedelta(days=draw(st.integers(-10, 120)))
        pauses.append(Suspension(max(begin, date(2024, 1, 2)), begin + timedelta(days=draw(st.integers(10, 30)))))
    return start, limit, pauses


def counted_one_by_one(start, limit, pauses):
    day, counted = start, 0
    while counted < limit:
        day += DAY
        counted += is_working_day(day) and not any(pause.start <= day < pause.end for pause in pauses)
    return day


@given(cases())
def test_a_due_date_is_what_counting_day_by_day_gives(case):
    assert due(*case) == counted_one_by_one(*case)


@given(cases())
def test_every_due_date_is_a_working_day(case):
    assert is_working_day(due(*case))


@given(cases(), st.integers(0, 30), st.integers(0, 30))
def test_a_longer_suspension_never_brings_a_due_date_nearer(case, earlier, later):
    start, limit, pauses = case
    longer = [
        Suspension(max(pause.start - timedelta(days=earlier), date(2024, 1, 2)), pause.end + timedelta(days=later))
        for pause in pauses[:1]
    ]
    assert due(start, limit, longer) >= due(start, limit, pauses[:1])
    assert due(start, limit, pauses) >= due(start, limit, pauses[1:]) >= due(start, limit)


@given(cases(), st.integers(0, 30), st.randoms(use_true_random=False))
def test_splitting_or_overlapping_a_suspension_changes_nothing(case, cut, random):
    start, limit, pauses = case
    same = list(pauses)
    for pause in pauses:
        middle = min(pause.start + timedelta(days=cut), pause.end)
        same += [Suspension(pause.start, middle), Suspension(middle, pause.end), Suspension(middle, middle)]
    halves = same[len(pauses) :]
    random.shuffle(same)
    assert due(start, limit, same) == due(start, limit, halves) == due(start, limit, pauses)


@given(starts, st.integers(0, 200))
def test_calendar_day_limits_roll_forward_only_and_over_rest_days_only(start, n):
    last, rolled = start + timedelta(days=n), add_calendar_days(start, n)
    assert rolled >= last
    assert is_working_day(rolled)
    assert not any(is_working_day(last + timedelta(days=k)) for k in range((rolled - last).days))


@given(starts, st.integers(0, 120))
def test_adding_and_counting_are_inverse(start, n):
    assert working_days_between(start, add_working_days(start, n)) == n


@given(known_days, known_days)
def test_counting_back_is_counting_forth_with_the_other_sign(one, other):
    assert working_days_between(one, other) == -working_days_between(other, one)


@given(known_days, known_days, known_days)
def test_counting_on_from_any_day_between_changes_nothing(a, b, c):
    assert working_days_between(a, c) == working_days_between(a, b) + working_days_between(b, c)


@given(starts, st.integers(0, 60), st.integers(0, 60))
def test_a_limit_may_be_counted_in_two_parts(start, n, more):
    assert add_working_days(add_working_days(start, n), more) == add_working_days(start, n + more)


@given(cases())
def test_the_explanation_ends_on_the_due_date_and_names_every_day_once(case):
    start, limit, pauses = case
    lines = explain(start, limit, pauses)
    assert [line.day for line in lines] == [start + timedelta(days=n) for n in range(len(lines))]
    assert lines[-1].day == due(start, limit, pauses)
    assert [line.ordinal for line in lines if line.counted] == list(range(1, limit + 1))


@given(cases())
def test_the_suspended_lines_are_the_working_days_that_the_suspensions_took(case):
    start, limit, pauses = case
    taken = sum(line.why is Why.SUSPENDED for line in explain(start, limit, pauses))
    assert working_days_between(start, due(start, limit, pauses)) == limit + taken


@given(cases())
def test_on_the_first_day_the_whole_limit_is_left(case):
    start, limit, pauses = case
    assert working_days_left(start, due(start, limit, pauses), pauses) == limit

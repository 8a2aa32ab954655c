"""我的办件: what waits for the person comes first, and a long list costs no more than a short one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.affairs.models import Affair, Approval
from tests.filing.conftest import Person, text_of
from tests.office import Office

MINE = reverse("filing:mine")


def copies(affair: Affair, count: int) -> None:
    """The same affair over and over, with its approvals, straight into the tables."""
    begin = Affair.objects.count()
    rows = []
    for number in range(begin, begin + count):
        row = Affair.objects.get(pk=affair.pk)
        row.pk, row.number = None, f"COPY{number:06d}"
        rows.append(row)
    made = Affair.objects.bulk_create(rows)
    approvals = []
    for row in made:
        for approval in affair.approvals.all():
            approval.pk, approval.affair_id = None, row.pk
            approvals.append(approval)
    Approval.objects.bulk_create(approvals)


def queries(person: Person) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert person.get(MINE).status_code == 200
    return len(captured)


def test_the_list_costs_the_same_with_ten_and_with_a_thousand_affairs(office: Office, me: Person):
    affair = office.accepted()
    copies(affair, 9)
    me.get(MINE)
    few = queries(me)
    copies(affair, 990)
    assert Affair.objects.count() == 1000
    assert queries(me) == few
    assert few <= 8


def test_the_list_does_not_read_the_edition_with_every_row(office: Office, me: Person):
    copies(office.submitted(), 5)
    me.get(MINE)
    with CaptureQueriesContext(connection) as captured:
        me.get(MINE)
    assert not [query["sql"] for query in captured if '"catalogue_edition"."content"' in query["sql"]]


def test_drafts_and_results_to_collect_come_before_everything_else(office: Office, me: Person, draft: Affair):
    newer = office.submitted(seed=2)
    page = text_of(me.get(MINE))
    assert page.index("需要您办") < page.index("接着填写") < page.index("正在办理和已经办完") < page.index(newer.number)


def test_a_line_says_who_has_it_and_when_it_is_due(office: Office, me: Person):
    office.accepted()
    page = text_of(me.get(MINE))
    assert "市场监督管理局正在审查“企业设立登记”，最迟" in page
    assert "作出决定" in page


def test_an_affair_is_found_by_its_number_and_by_its_state(office: Office, me: Person, draft: Affair):
    filed = office.submitted(seed=2)
    assert filed.number in text_of(me.get(MINE, query_params={"q": filed.number[-6:]}))
    assert filed.number not in text_of(me.get(MINE, query_params={"q": "999999999"}))
    assert "没有符合条件的办件" in text_of(me.get(MINE, query_params={"q": "999999999"}))
    assert filed.number not in text_of(me.get(MINE, query_params={"state": "draft"}))
    assert filed.number in text_of(me.get(MINE, query_params={"state": "submitted"}))


@pytest.mark.parametrize("query", [{"state": "nonsense"}, {"page": "x"}, {"page": "99999"}, {"q": "\x00"}])
def test_a_list_address_that_makes_no_sense_still_shows_the_list(query: dict[str, str], me: Person, draft: Affair):
    assert me.get(MINE, query_params=query).status_code == 200


def test_somebody_without_affairs_is_told_what_to_do_first(stranger: Person):
    page = text_of(stranger.get(MINE))
    assert "还没有办件" in page
    assert "看看能办什么" in page


def test_another_persons_affairs_are_not_in_the_list(office: Office, stranger: Person):
    filed = office.submitted()
    assert filed.number not in text_of(stranger.get(MINE))

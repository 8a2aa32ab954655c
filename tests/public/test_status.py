"""Number and query code open an affair's state to whoever holds the receipt, and nothing to anybody else (R97)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portal.affairs.models import Affair
from portal.public.queries import STATUS_TRIES
from workflows import commands

pytestmark = pytest.mark.django_db


def ask(client, number: str, code: str, **extra):
    return client.post("/status/", {"number": number, "code": code}, **extra)


def body(response) -> str:
    return response.content.decode()


def without_token(response) -> str:
    """The page but for the token against forged requests, which differs each time, and what was typed."""
    lines = body(response).splitlines()
    return "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line and 'name="number"' not in line)


@pytest.fixture
def affair(office) -> Affair:
    return office.accepted()


def test_number_and_code_tell_who_has_the_affair_and_until_when(client, affair):
    page = body(ask(client, affair.number, affair.query_code))
    assert "正在" in page
    assert "最迟" in page
    assert "交通运输局" in page
    assert "用表格看" in page
    assert affair.number in page


def test_spaces_small_letters_and_full_width_are_forgiven(client, affair):
    number = f" {affair.number[:6]} {affair.number[6:]}"
    full_width = "".join(chr(ord(char) + 0xFEE0) for char in affair.query_code.lower())
    assert "现在由谁办" in body(ask(client, number, full_width))


def test_the_code_of_the_receipt_answers_at_once_and_a_number_alone_only_fills_the_form(client, affair):
    assert "现在由谁办" in body(client.get("/status/", {"number": affair.number, "code": affair.query_code}))
    page = body(client.get("/status/", {"number": affair.number}))
    assert f'value="{affair.number}"' in page
    assert "现在由谁办" not in page
    assert "没有查到" not in page


def test_an_unknown_number_and_a_wrong_code_get_the_same_answer(client, affair):
    wrong_code, unknown = ask(client, affair.number, "AAAAAAAA"), ask(client, "410403202601010000000", "AAAAAAAA")
    assert wrong_code.status_code == unknown.status_code == 200
    assert without_token(wrong_code) == without_token(unknown)
    assert "没有查到这件申请" in body(unknown)


def test_drafts_cannot_be_queried(client, office):
    draft = office.draft()
    for number in ("", "None", str(draft.pk)):
        assert "现在由谁办" not in body(ask(client, number, draft.query_code))


def test_names_and_numbers_of_people_do_not_appear(client, office, affair):
    page = body(ask(client, affair.number, affair.query_code))
    for key in ("entity_name", "legal_rep_name", "legal_rep_id", "mobile", "uscc"):
        if value := affair.form.get(key):
            assert str(value) not in page, key
    assert office.applicant.user.name not in page
    assert str(office.clerk.user) not in page


def test_what_staff_wrote_freely_stays_in_the_papers(client, office):
    refused = commands.refuse_acceptance(
        office.submitted(), actor=office.clerk, reason="张三不是法定代表人", competent_authority="市交通运输局"
    )
    page = body(ask(client, refused.number, refused.query_code))
    assert "张三" not in page
    assert "请向市交通运输局申请" in page
    part = office.accepted(seed=2)
    office.review_and("grant", part, "qysl")
    office.review_and("refuse", part, "hyxk")
    page = body(ask(client, part.number, part.query_code))
    assert "不予“道路货物运输经营许可”" in page
    assert "车辆不符合条件" not in page


def test_no_store_keeps_the_answer_and_no_search_engine_lists_it(client, affair):
    for response in (client.get("/status/"), ask(client, affair.number, affair.query_code), ask(client, "1", "2")):
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]


def test_after_ten_wrong_tries_an_address_waits_even_with_the_right_code(client, affair):
    for number in range(10):
        assert ask(client, str(number), "AAAAAAAA").status_code == 200
    response = ask(client, affair.number, affair.query_code)
    assert response.status_code == 429
    assert "请稍后再试" in body(response)
    assert "之后可以再查" in body(response)
    assert 0 < int(response["Retry-After"]) <= 600


def test_ten_wrong_codes_for_one_number_close_it_to_every_address(client, affair):
    for last in range(10):
        ask(client, affair.number, "AAAAAAAA", REMOTE_ADDR=f"203.0.113.{last}")
    assert ask(client, affair.number, affair.query_code, REMOTE_ADDR="198.51.100.1").status_code == 429


def test_one_reader_cannot_spread_tries_over_an_ipv6_network(client, affair):
    for last in range(10):
        ask(client, str(last), "AAAAAAAA", REMOTE_ADDR=f"2001:db8::{last}")
    assert ask(client, "1", "AAAAAAAA", REMOTE_ADDR="2001:db8::ffff").status_code == 429
    assert ask(client, "77", "AAAAAAAA", REMOTE_ADDR="2001:db8:1::1").status_code == 200


def test_right_answers_are_not_counted(client, affair):
    for _ in range(12):
        assert ask(client, affair.number, affair.query_code).status_code == 200


def test_after_ten_minutes_one_may_try_again(client, affair):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(10):
            ask(client, affair.number, "AAAAAAAA")
        assert ask(client, affair.number, affair.query_code).status_code == 429
        clock.shift(STATUS_TRIES.window + timedelta(seconds=1))
        assert ask(client, affair.number, affair.query_code).status_code == 200


def test_the_answer_takes_the_same_queries_for_few_and_for_many_approvals(client, office, django_assert_num_queries):
    small = office.accepted(one_thing="cyd", answers={
        "lic": "yes", "prepack": "yes", "items": ["hot"], "gather": "no", "sign": "none", "tobacco": "no", "fume": "no",
        "agent": "self",
    })  # fmt: skip
    large = office.accepted(seed=2)
    assert small.approvals.count() < large.approvals.count()
    for affair in (small, large):
        ask(client, affair.number, affair.query_code)
        with django_assert_num_queries(2):
            ask(client, affair.number, affair.query_code)


def test_an_affair_that_is_over_says_how_it_ended(client, office):
    done = office.ready_to_deliver()
    page = body(ask(client, done.number, done.query_code))
    assert "结果" in page
    withdrawn = commands.withdraw(office.submitted(seed=5), actor=office.applicant, reason="")
    assert "已经撤回" in body(ask(client, withdrawn.number, withdrawn.query_code))

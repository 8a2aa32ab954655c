from pathlib import Path

import pytest
from django.conf import settings

from portal.catalogue.schema import load
from portal.public.search import find

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def catalogue():
    return load(Path(settings.BASE_DIR) / "portal/catalogue/editions/2026.1")


@pytest.mark.parametrize(
    ("query", "one_thing"),
    [
        ("我想开饭店", "cyd"),
        ("怎么跑货运？", "ysqy"),
        ("道路运输证", "ysqy"),
        ("食品许可证", "cyd"),
        ("烟草专卖局", "cyd"),
        ("公司搬家", "qybg"),
        ("住房公积金", "qybg"),
        ("　换法人　", "qybg"),
    ],
)
def test_a_one_thing_is_found_by_what_people_call_it(catalogue, query, one_thing):
    assert find(catalogue, query)[0].one_thing.id == one_thing


def test_the_short_name_of_a_department_finds_it(catalogue):
    assert len(find(catalogue, "市场监管局")) == 3


def test_a_hit_says_why_it_is_listed(catalogue):
    assert find(catalogue, "卖烟")[0].because == "常用说法“卖烟”"


@pytest.mark.parametrize("query", ["", "   ", "，。", "生孩子", "怎么办理"])
def test_what_is_not_offered_finds_nothing(catalogue, query):
    assert find(catalogue, query) == ()

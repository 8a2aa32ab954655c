from pathlib import Path

import pytest
from django.conf import settings

from portal.catalogue.schema import load
from portal.public.search import Index, Way, index

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def words() -> Index:
    return index(load(Path(settings.BASE_DIR) / "portal/catalogue/editions/2026.1"))


@pytest.mark.parametrize(
    ("query", "one_thing"),
    [
        # what people call it
        ("我想开饭店", "cyd"),
        ("怎么跑货运？", "ysqy"),
        ("跑货运", "ysqy"),
        ("道路运输证", "ysqy"),
        ("食品许可证", "cyd"),
        ("公司搬家", "qybg"),
        ("住房公积金", "qybg"),
        ("　换法人　", "qybg"),
        ("ＲＥＳＴＡＵＲＡＮＴ", "cyd"),
        # words that mean the same
        ("开个馆子", "cyd"),
        ("大排档", "cyd"),
        ("卫生证", "cyd"),
        ("门头", "cyd"),
        ("香烟", "cyd"),
        ("卡车", "ysqy"),
        ("注册公司", "ysqy"),
        ("刻章", "ysqy"),
        ("换老板", "qybg"),
        ("迁址 改名", "qybg"),
        # departments and results
        ("烟草专卖局", "cyd"),
        ("交通运输局", "ysqy"),
        ("消防", "cyd"),
        # slips of the input method and of the pen
        ("开饭殿", "cyd"),
        ("小池店", "cyd"),
        ("餐管", "cyd"),
        ("道路运输经营许可正", "ysqy"),
        ("食品经营许可政", "cyd"),
        ("经营范围变跟", "qybg"),
        # pinyin, its initials, and with a slip
        ("kaifandian", "cyd"),
        ("kaifandain", "cyd"),
        ("huoyun", "ysqy"),
        ("开fandian", "cyd"),
        ("huanfaren", "qybg"),
        ("zaopai", "cyd"),
        ("yyzz", "ysqy"),
        # who one is, and a single character
        ("个体户", "ysqy"),
        ("车", "ysqy"),
    ],
)
def test_a_one_thing_is_found_by_what_people_call_it(words: Index, query: str, one_thing: str):
    assert words.find(query)[0].one_thing.id == one_thing


@pytest.mark.parametrize(
    "query",
    [
        "", "   ", "，。", "怎么办理", "生孩子", "结婚证", "离婚", "买房", "高考", "养猫", "天气预报", "发财", "驾照",
        "办护照", "公司注销", "asdfgh", "qwertyuiop", "xyz", "12345", "1", "a",
    ],
)  # fmt: skip
def test_what_is_not_offered_finds_nothing(words: Index, query: str):
    assert words.find(query) == ()


def test_the_short_name_of_a_department_finds_it(words: Index):
    assert len(words.find("市场监管局")) == 3


def test_a_hit_says_why_it_is_listed(words: Index):
    reason = words.find("卖烟")[0].reasons[0]
    assert (reason.kind, reason.match, reason.means, reason.way) == ("常用说法", "卖烟", "", Way.EXACT)


def test_a_synonym_says_what_it_stands_for(words: Index):
    reason = words.find("大排档")[0].reasons[0]
    assert (reason.match, reason.means) == ("大排档", "饭店")


def test_the_part_that_fits_is_marked_where_it_stands(words: Index):
    reasons = words.find("消防")[0].reasons
    named = next(reason for reason in reasons if reason.kind == "包含事项")
    assert (named.match, named.text) == ("消防", "公众聚集场所投入使用、营业前消防安全检查（告知承诺）")


def test_what_only_sounds_alike_says_so(words: Index):
    hit = words.find("开饭殿")[0]
    assert hit.is_close
    assert hit.reasons[0].way.words == "读音相近"
    assert not words.find("开饭店")[0].is_close


def test_a_word_in_passing_is_no_match_beside_a_good_one(words: Index):
    assert [hit.one_thing.id for hit in words.find("饭店")] == ["cyd"]


@pytest.mark.parametrize(
    ("query", "suggestion"),
    [("跑火云", "货运"), ("公司注销", "公司注册"), ("办护照", "办执照"), ("生孩子", "货运")],
)
def test_an_empty_answer_suggests_words_that_find_something(words: Index, query: str, suggestion: str):
    suggested = words.suggest(query)
    assert suggestion in suggested
    assert all(words.find(word) for word in suggested)

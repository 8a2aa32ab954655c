"""Titles, dates, names and remedies, by the letter."""

from datetime import UTC, date, datetime

import pytest

from portal.accounts.models import Department
from portal.catalogue.schema import Matter
from portal.documents import wording
from portal.documents.authorities import authority_name
from portal.documents.remedies import INACTION, remedies_of


@pytest.mark.parametrize(
    ("kind", "granted", "refused"),
    [
        ("行政许可", "准予行政许可决定书", "不予行政许可决定书"),
        ("行政许可附随", "准予行政许可决定书", "不予行政许可决定书"),
        ("行政许可变更", "准予行政许可决定书", "不予行政许可决定书"),
        ("登记", "准予登记通知书", "不予登记通知书"),
        ("备案", "备案通知书", "不予备案通知书"),
        ("公共服务", "办理结果通知书", "不予办理通知书"),
        ("联办信息", "办理结果通知书", "不予办理通知书"),
    ],
)
def test_the_title_follows_the_kind_of_the_matter(kind: str, granted: str, refused: str):
    words = wording.words_for(Matter(id="m", name="事项", dept="d", kind=kind, type="承诺"))
    assert (words.grant_title, words.refusal_title) == (granted, refused)


def test_dates_are_in_arabic_numerals_without_leading_zeros_in_shanghai():
    assert wording.day(date(2026, 3, 5)) == "2026年3月5日"
    assert wording.moment(datetime(2026, 11, 22, 17, 5, tzinfo=UTC)) == "2026年11月23日1时05分"


def test_a_due_date_without_a_calendar_is_provisional_and_not_guessed():
    assert wording.due(None, 20, otherwise="") == "暂定：待国务院办公厅公布下一年度放假安排后确定"
    assert wording.due(date(2026, 12, 24), 20, otherwise="") == "2026年12月24日前（20个工作日）"
    assert wording.due(date(2026, 11, 23), 0, otherwise="") == "当场办结"
    assert wording.due(None, None, otherwise="按法定期限办理") == "按法定期限办理"


def test_the_remedies_of_a_districts_department():
    remedies = remedies_of(Department(name="交通运输局", remedy_authority="卫东区人民政府"), "决定书")
    assert remedies.reconsideration == (
        "如不服本决定书，可以自收到本决定书之日起60日内依法向卫东区人民政府申请行政复议"
        "（《中华人民共和国行政复议法》第二十条）。"
    )
    assert remedies.litigation == (
        "也可以自收到本决定书之日起6个月内依法向有管辖权的人民法院提起行政诉讼"
        "（《中华人民共和国行政诉讼法》第四十六条）。"
    )
    assert "掌上复议" in remedies.online


def test_tax_goes_to_the_next_higher_tax_authority():
    tax = Department(name="税务局", remedy_authority="上一级税务机关", is_vertical=True)
    assert "60日内依法向上一级税务机关申请行政复议" in remedies_of(tax, "通知书").reconsideration


def test_the_answer_of_a_bank_is_no_administrative_act():
    bank = remedies_of(Department(name="开户银行", is_public_service=True), "通知书")
    assert not bank.administrative
    assert (bank.reconsideration, bank.litigation) == ("", "")
    assert bank.other == "对本通知书有异议的，可以向开户银行提出，也可以拨打监督投诉电话反映。"


def test_silence_goes_to_reconsideration_before_the_court():
    assert INACTION.index("行政复议") < INACTION.index("行政诉讼")
    assert "对行政复议决定不服的，再依法向人民法院" in INACTION


@pytest.mark.parametrize(
    ("name", "remedy", "full"),
    [
        ("交通运输局", "卫东区人民政府", "平顶山市卫东区交通运输局"),
        ("市交通运输局", "平顶山市人民政府", "平顶山市交通运输局"),
        ("住房公积金管理中心", "平顶山市人民政府", "平顶山市住房公积金管理中心"),
        ("税务局", "上一级税务机关", "税务局"),
        ("消防救援大队", "", "消防救援大队"),
        ("平顶山市卫东区教育局", "卫东区人民政府", "平顶山市卫东区教育局"),
    ],
)
def test_a_department_signs_with_the_place_of_its_own_government(settings, name: str, remedy: str, full: str):
    settings.DISTRICT_NAME = "平顶山市卫东区"
    assert authority_name(Department(name=name, remedy_authority=remedy)) == full

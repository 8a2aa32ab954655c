"""How days, money and personal data are written, and what the components promise to every page."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from portal.deadlines.clock import Card, Suspension
from portal.deadlines.explain import explain
from portal.drawing.swimlane import Lane
from portal.templatetags import portal_ui

pytestmark = pytest.mark.once


def render(source: str, query: str = "", **values: object) -> str:
    request = RequestFactory().get(f"/window/{query}")
    return Template(source).render(Context({"request": request, **values}))


class ApplicantForm(forms.Form):
    name = forms.CharField(
        label="企业名称", help_text="与营业执照一致", error_messages={"required": "请填写企业名称。"}
    )
    kind = forms.ChoiceField(label="运什么", choices=[("a", "普通货物"), ("b", "大件")], widget=forms.RadioSelect)
    note = forms.CharField(label="备注", required=False)


@time_machine.travel("2026-03-03T04:00:00Z", tick=False)
def test_a_day_has_its_weekday_and_only_another_year_its_year() -> None:
    assert portal_ui.day(date(2026, 3, 5)) == "3 月 5 日（周四）"
    assert portal_ui.day(date(2025, 12, 31)) == "2025 年 12 月 31 日（周三）"
    assert portal_ui.day(None) == ""


@time_machine.travel("2026-03-03T04:00:00Z", tick=False)
def test_a_moment_is_told_in_the_time_of_the_district() -> None:
    assert portal_ui.moment(datetime(2026, 3, 4, 16, 2, tzinfo=UTC)) == "3 月 5 日（周四）00:02"
    assert portal_ui.day(datetime(2026, 3, 4, 16, 2, tzinfo=UTC)) == "3 月 5 日（周四）"


@pytest.mark.parametrize(
    ("fen", "shown"), [(0, "0 元"), (1250, "12.50 元"), (120000, "1,200 元"), (-5, "-0.05 元"), (None, "")]
)
def test_a_sum_is_written_in_yuan(fen: int | None, shown: str) -> None:
    assert portal_ui.yuan(fen) == shown


@pytest.mark.parametrize(("size", "shown"), [(820, "820 字节"), (16000, "16 KB"), (3355443, "3.2 MB"), (None, "")])
def test_a_file_size_is_written_in_the_unit_that_people_use(size: int | None, shown: str) -> None:
    assert portal_ui.file_size(size) == shown


def test_changing_a_filter_returns_to_the_first_page_and_turning_a_page_keeps_the_filters() -> None:
    assert render("{% query_with sort='due' %}", "?q=1&page=3") == "?q=1&amp;sort=due"
    assert render("{% query_with page=2 %}", "?sort=due&page=3") == "?sort=due&amp;page=2"
    assert render("{% query_with sort=None %}", "?sort=due") == "?"


def test_every_page_of_a_list_is_reached_with_its_filters() -> None:
    page = Paginator(range(60), 20).page(2)
    html = render("{% pager page %}", "?q=1&page=2", page=page)
    assert 'href="?q=1&amp;page=1"' in html
    assert 'href="?q=1&amp;page=3"' in html
    assert "共 60 件，这里是第 21–40 件" in html


def test_a_column_sorts_up_and_then_down_and_says_so() -> None:
    assert 'href="?sort=due"' in render("{% sort_header 'due' '期限' %}")
    pressed = render("{% sort_header 'due' '期限' %}", "?sort=due")
    assert 'href="?sort=-due"' in pressed
    assert 'aria-sort="ascending"' in pressed
    assert 'aria-sort="descending"' in render("{% sort_header 'due' '期限' %}", "?sort=-due")


def test_a_field_points_to_its_hint_and_its_error() -> None:
    html = render("{% field form.name %}", form=ApplicantForm({}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert "请填写企业名称。" in html


def test_a_choice_is_a_group_with_a_legend_and_its_error() -> None:
    html = render("{% field form.kind %}", form=ApplicantForm({}))
    assert "<legend>运什么</legend>" in html
    assert 'aria-describedby="id_kind_error"' in html
    assert html.count('type="radio"') == 2


def test_only_what_may_be_left_out_is_marked() -> None:
    form = ApplicantForm()
    assert "（选填）" in render("{% field form.note %}", form=form)
    assert "（选填）" not in render("{% field form.name %}", form=form)


def test_the_error_summary_leads_to_the_field_and_to_the_first_choice_of_a_group() -> None:
    html = render("{% error_summary form %}", form=ApplicantForm({}))
    assert 'href="#id_name"' in html
    assert 'href="#id_kind_0"' in html


def test_there_is_no_error_summary_before_anything_was_sent() -> None:
    assert render("{% error_summary form %}", form=ApplicantForm()).strip() == ""


def test_the_error_summary_covers_every_row_of_a_formset() -> None:
    rows = forms.formset_factory(ApplicantForm, extra=0, min_num=2)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-kind": "a", "form-1-kind": "a"}
    formset = rows({**data, "form-0-note": "x", "form-1-note": "x"})
    html = render("{% error_summary formset %}", formset=formset)
    assert 'href="#id_form-0-name"' in html
    assert 'href="#id_form-1-name"' in html


@pytest.mark.parametrize(
    ("due", "level", "words"),
    [
        (date(2026, 3, 2), "over", "已超期 1 个工作日"),
        (date(2026, 3, 3), "soon", "今天到期"),
        (date(2026, 3, 5), "soon", "还剩 2 个工作日"),
        (date(2026, 3, 12), "ample", "还剩 7 个工作日"),
    ],
)
def test_time_left_is_told_in_words_with_a_mark(due: date, level: str, words: str) -> None:
    html = render("{% time_left due today=today %}", due=due, today=date(2026, 3, 3))
    assert f"time-left--{level}" in html
    assert words in html
    assert "<svg" in html


def test_a_clock_that_stands_still_says_so() -> None:
    assert "暂停计时" in render("{% time_left due paused=True %}", due=date(2026, 3, 5))
    assert "尚未开始计时" in render("{% time_left None %}")


def test_a_green_clock_shows_no_card() -> None:
    assert render("{% card_mark card %}", card=Card.GREEN).strip() == ""
    assert "card-mark--red" in render("{% card_mark card %}", card=Card.SERIOUS)
    assert "严重红牌" in render("{% card_mark card %}", card=Card.SERIOUS)


def test_a_confirmed_fact_has_no_mark() -> None:
    assert render("{% confidence '' %}").strip() == ""
    assert "待部门确认" in render("{% confidence '待部门确认' %}")


def test_only_steps_that_are_done_lead_back() -> None:
    html = render("{% stepper labels 2 hrefs %}", labels=["情形", "材料", "提交"], hrefs=["/1", "/2", "/3"])
    assert "第 2 步，共 3 步" in html
    assert 'href="/1"' in html
    assert 'href="/2"' not in html
    assert 'aria-current="step"' in html


def test_the_swimlane_stands_beside_a_table_of_the_same_facts() -> None:
    lanes = (
        Lane("市监局", "登记", "已准予", "success", date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 3)),
        Lane("交通局", "许可", "等待登记", needs=((0, "decide"),)),
    )
    html = render("{% swimlane lanes today=today %}", lanes=lanes, today=date(2026, 3, 3))
    assert "<svg" in html
    assert "登记（完成后才能决定）" in html
    for heading in ("事项", "部门", "状态", "前置", "起止", "期限"):
        assert heading in html


def test_the_last_counted_day_is_shown_as_the_due_date() -> None:
    # 2026 年 3 月 7、8 日是周末，且检验期间不计时。
    lines = explain(date(2026, 3, 5), 2, [Suspension(date(2026, 3, 9), date(2026, 3, 10), "检验")])
    html = render("{% deadline_strip lines today=today %}", lines=lines, today=date(2026, 3, 6))
    for word in ("起算日", "休息日", "不计时：检验", "到期日"):
        assert word in html


def test_a_notice_says_its_tone_to_those_who_do_not_see_it() -> None:
    html = render("{% notice 'warning' '还缺一份材料' %}<p>请补交。</p>{% endnotice %}")
    assert "请注意：" in html
    assert "<p>请补交。</p>" in html


def test_what_a_person_typed_is_escaped_within_a_notice() -> None:
    assert "&lt;b&gt;" in render("{% notice %}{{ text }}{% endnotice %}", text="<b>")

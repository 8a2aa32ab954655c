"""The guides say what the edition says, and never more."""

import itertools
import re

import pytest
from django.urls import reverse

from portal.catalogue.plan import asked, plan
from portal.catalogue.schema import Confidence
from portal.public.guide import facts_of, guide_of

pytestmark = pytest.mark.django_db


def text_of(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_all_published_one_things_have_a_guide_that_a_stranger_may_read(client, office):
    for one_thing in office.edition.catalogue.one_things.values():
        page = text_of(client, f"/guides/{one_thing.id}/")
        assert f"<h1>{one_thing.name}</h1>" in page
        for matter in one_thing.matters:
            assert matter.name in page
            assert office.edition.catalogue.departments[matter.dept].name in page
        assert reverse("filing:new", args=[one_thing.id]) in page


def test_every_unconfirmed_limit_carries_its_mark(office):
    catalogue = office.edition.catalogue
    for one_thing in catalogue.one_things.values():
        for entry in guide_of(catalogue, one_thing).matters:
            drafted = "D" in entry.matter.promised_status.split(";")[0].split("(")[0]
            assert (entry.promised_confidence is Confidence.DRAFT) == drafted, entry.matter.id


def test_the_mark_stands_on_the_page_with_its_meaning(client, office):
    page = text_of(client, "/guides/ysqy/")
    assert re.search(r'3 个工作日\s*<span class="confidence">待部门确认</span>', page)
    assert "主管部门还没有确认，以部门答复为准" in page


def test_notes_written_for_the_makers_of_the_edition_stay_out(client, office):
    for one_thing in office.edition.catalogue.one_things:
        page = text_of(client, f"/guides/{one_thing}/")
        for private in (
            "inspect within",
            "should confirm",
            "place of business",
            "only</",
            "NOT 告知承诺",
            "R49",
            "CONFIRM",
        ):
            assert private not in page, (one_thing, private)


def test_a_guide_names_the_competent_authority_and_when_no_licence_is_needed(client, office):
    page = text_of(client, "/guides/ysqy/")
    assert "不需要道路运输经营许可证和车辆营运证" in page
    assert "办理机关：市交通运输局" in page
    assert "《中华人民共和国道路运输条例》第二十四条第三款" in page


def test_a_guide_shows_fee_codes_order_follow_ups_and_edition(client, office):
    page = text_of(client, "/guides/ysqy/")
    for wanted in (
        "不收费",
        "00013112700401",
        "<svg",
        "用表格看",
        "按承诺投入车辆并申领车辆营运证",
        office.edition.code,
    ):
        assert wanted in page


def test_materials_say_what_is_spared(office):
    catalogue = office.edition.catalogue
    entries = {entry.material.id: entry for entry in guide_of(catalogue, catalogue.one_things["ysqy"]).materials}
    assert entries["djsqs"].relief == ("免提交：由系统按您填的表生成",)
    assert entries["aqzd"].relief == ("可容缺：先受理，3 个工作日内补齐",)
    assert entries["zszm"].relief == ("可承诺：书面承诺代替，事后核查",)
    assert entries["cl_xsz"].copies == "按车辆逐一提供，各 1 份"
    assert entries["m_yyzz"].relief[0] == "本次办“企业设立登记”的免提交：结果直接共享"


def test_no_answers_lead_to_more_than_the_guide_says(office):
    """Single-choice paths of all one-things; of a multiple choice everything at once."""
    catalogue = office.edition.catalogue
    for one_thing in catalogue.one_things.values():
        facts = facts_of(catalogue, one_thing)
        options = [
            [tuple(o for o in q.option_ids if o != "none")] if q.multi else q.option_ids for q in one_thing.questions
        ]
        names = [question.id for question in one_thing.questions]
        longest = 0
        for chosen in itertools.islice(itertools.product(*options), 0, None, 7):
            answers = dict(zip(names, chosen, strict=True))
            assert asked(one_thing, answers)
            made = plan(catalogue, one_thing.id, answers)
            longest = max(longest, made.promised_total_wd or 0)
            assert len(made.matters) <= facts.matters
            assert len(made.materials) <= facts.materials
            assert len({planned.department.id for planned in made.matters}) <= facts.departments
            assert (made.legal_total_wd or 0) <= (facts.legal_wd or 0)
        assert 0 < longest <= facts.promised_wd


def test_an_unknown_guide_is_a_page_that_leads_on(client, office):
    response = client.get("/guides/none/")
    assert response.status_code == 404
    assert "没有找到这一页" in response.content.decode()


def test_a_search_without_a_fit_says_so_and_lists_everything(client, office):
    page = text_of(client, "/guides/?q=生孩子")
    assert "没有找到与“生孩子”相关的一件事" in page
    assert "开办餐饮店一件事" in page


def test_an_empty_answer_offers_other_words_and_a_telephone(client, office, settings):
    page = text_of(client, "/guides/?q=跑火云")
    assert 'href="/guides/?q=%E8%B4%A7%E8%BF%90"' in page
    assert settings.HALL_PHONE in page


def test_a_search_marks_what_fits_and_says_what_only_sounds_alike(client, office):
    assert "常用说法“<mark>饭店</mark>”" in text_of(client, "/guides/?q=我想开饭店")
    page = text_of(client, "/guides/?q=开饭殿")
    assert "没有写法完全一致的" in page
    assert "读音相近" in page


def listed(client, path: str) -> list[str]:
    return re.findall(r'<a href="/guides/(\w+)/">', text_of(client, path))


def test_guides_are_found_by_who_one_is_by_occasion_and_by_department(client, office):
    assert listed(client, "/guides/?who=person") == ["ysqy"]
    assert listed(client, "/guides/?event=开店经营") == ["cyd"]
    assert listed(client, "/guides/?dept=jt") == ["ysqy", "qybg"]
    assert listed(client, "/guides/?dept=jt&who=individual") == ["ysqy"]
    assert listed(client, "/guides/?dept=nobody&who=anyone") == ["ysqy", "cyd", "qybg"]


def test_choices_that_fit_nothing_together_say_so_and_lead_back(client, office):
    page = text_of(client, "/guides/?dept=jt&event=开店经营")
    assert "没有同时符合这些条件的一件事" in page
    assert 'href="/guides/"' in page


def test_what_is_searched_is_found_outside_the_chosen_department_too(client, office):
    page = text_of(client, "/guides/?q=饭店&dept=jt")
    assert "它不在您选的身份、事由或部门里" in page
    assert 'href="/guides/cyd/"' in page


def test_questions_and_answers_carry_their_mark(client, office):
    page = re.sub(r"\s+", " ", text_of(client, "/guides/qybg/"))
    assert re.search(r'不用分头去跑。 <span class="confidence">待部门确认</span>', page)
    assert "向登记机关申请变更登记。 </dd>" in page


def test_a_search_is_shown_as_text_never_as_markup(client, office):
    assert "<script>alert" not in text_of(client, "/guides/?q=<script>alert(1)</script>")


def test_before_an_edition_is_published_the_pages_say_what_to_do(client):
    for path in ("/", "/guides/"):
        assert "办事目录还没有发布" in text_of(client, path)
    assert client.get("/guides/ysqy/").status_code == 404


def test_guides_cost_the_same_few_queries_for_every_one_thing(client, office, django_assert_num_queries):
    client.get("/guides/ysqy/")
    for path, queries in (("/", 1), ("/guides/", 1), ("/guides/ysqy/", 2), ("/guides/cyd/", 2)):
        with django_assert_num_queries(queries):
            client.get(path)

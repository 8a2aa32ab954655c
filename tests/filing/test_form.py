"""The form: each error at its field, nothing lost, two tabs, leaving and coming back, handing in once."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from portal.affairs.intake import gaps
from portal.affairs.models import Affair
from portal.catalogue.plan import next_question
from tests.filing.conftest import Person, text_of
from tests.office import FOUNDING, Office
from workflows import commands
from workflows.filing.steps import linked_gaps

SUBJECT = {
    "entity_name": "平顶山演示货运有限公司",
    "entity_type": "有限责任公司",
    "address": "平顶山市卫东区演示路 1 号",
    "scope": "道路货物运输",
}
LORRY = {"plate": "豫D12345", "type": "重型货车", "total_mass_kg": "18000", "axles": "3", "tractor": "否"}


def url(affair: Affair, step: str) -> str:
    return reverse("filing:form_step", args=[affair.pk, step])


def fill(person: Person, affair: Affair, step: str, data: dict[str, Any], **more: str) -> HttpResponse:
    affair.refresh_from_db()
    return person.post(url(affair, step), {"draft_version": affair.version, **data, **more})


def rows(prefix: str, *lines: dict[str, str], initial: int = 0) -> dict[str, str]:
    data = {f"{prefix}-TOTAL_FORMS": str(len(lines)), f"{prefix}-INITIAL_FORMS": str(initial)}
    return data | {f"{prefix}-{index}-{key}": value for index, line in enumerate(lines) for key, value in line.items()}


@pytest.fixture
def answered(office: Office, blank: Affair) -> Affair:
    return commands.save_draft(blank, actor=office.applicant, answers=FOUNDING)


def test_the_form_begins_with_the_first_step_of_the_edition(me: Person, answered: Affair):
    assert me.get(reverse("filing:form", args=[answered.pk])).url == url(answered, "subject")
    page = text_of(me.get(url(answered, "subject")))
    assert "第 1 步，共 8 步" in page
    assert "统一社会信用代码" not in page  # asked only of those who have a licence already


def test_a_step_that_is_right_leads_to_the_next(me: Person, answered: Affair):
    assert fill(me, answered, "subject", SUBJECT).url == url(answered, "people")


@pytest.mark.parametrize(
    ("step", "data", "say"),
    [
        ("subject", {**SUBJECT, "entity_name": ""}, "请填写名称。"),
        ("people", {"legal_rep_id": "41049919900307"}, "身份号码应为 18 位"),
        ("people", {"legal_rep_id": "410499199003070011"}, "身份号码最后一位校验不符"),
        ("people", {"mobile": "12345"}, "手机号码应为 11 位数字"),
        ("business", {"capital": "一百万"}, "请填写数字，不带单位。"),
        ("delivery", {}, "请选择结果送达方式。"),
        ("delivery", {"delivery": "飞鸽传书"}, "请从选项中选择结果送达方式。"),
        ("delivery", {"delivery": "电子送达（须同意）"}, "选择电子送达须勾选同意"),
        ("delivery", {"delivery": "邮寄", "post_address": ""}, "选择邮寄的，请填写收件地址。"),
        ("vehicles", rows("vehicles", {**LORRY, "plate": "D1"}), "号牌格式不对"),
        ("vehicles", rows("vehicles", {**LORRY, "in_use_from": "明天"}), "日期应写成 2026-03-05 的样子。"),
        ("vehicles", rows("vehicles", {}), "请至少填写一行车辆明细。"),
        ("vehicles", {}, "页面内容不完整"),
    ],
)
def test_each_error_stands_at_its_field_and_in_the_summary(
    step: str, data: dict[str, str], say: str, me: Person, answered: Affair
):
    page = fill(me, answered, step, data)
    assert page.status_code == 200
    text = text_of(page)
    assert text.count(say) >= 2, text
    assert "还不能继续，请先改正下面的内容" in text


def test_what_was_typed_is_kept_although_it_is_wrong(me: Person, answered: Affair):
    page = fill(me, answered, "people", {"legal_rep_name": "演示甲", "legal_rep_id": "4104 错", "mobile": "123"})
    assert 'value="4104 错"' in page.content.decode()
    answered.refresh_from_db()
    assert answered.form["legal_rep_id"] == "4104 错"
    assert answered.form["mobile"] == "123"
    assert 'value="4104 错"' in me.get(url(answered, "people")).content.decode()


def test_wrong_rows_are_kept_as_well(me: Person, answered: Affair):
    fill(me, answered, "vehicles", rows("vehicles", {**LORRY, "plate": "D1", "in_use_from": "2026-3-5"}))
    answered.refresh_from_db()
    assert answered.form["vehicles"] == [{**LORRY, "plate": "D1", "in_use_from": "2026-03-05"}]


def test_a_request_that_carries_only_part_of_a_page_wipes_nothing(me: Person, draft: Affair):
    before = dict(draft.form)
    fill(me, draft, "vehicles", {})
    fill(me, draft, "subject", {"entity_name": "新的名称"})
    draft.refresh_from_db()
    assert draft.form == before | {"entity_name": "新的名称"}


def test_right_values_are_kept_in_their_stored_form(me: Person, answered: Affair):
    fill(me, answered, "vehicles", rows("vehicles", {**LORRY, "plate": "豫d·12345", "in_use_from": "2026年3月5日"}))
    answered.refresh_from_db()
    assert answered.form["vehicles"][0]["plate"] == "豫D12345"


def test_without_script_a_row_is_added_by_the_server(me: Person, answered: Affair):
    first = rows("vehicles", {**LORRY, "in_use_from": "2026-03-05"})
    response = fill(me, answered, "vehicles", first, add_row="vehicles")
    page = me.get(response.url.partition("#")[0]).content.decode()
    assert 'name="vehicles-1-plate"' in page
    assert 'value="豫D12345"' in page


def test_a_row_marked_for_deletion_goes_whatever_stands_in_it(me: Person, answered: Affair):
    good, bad = {**LORRY, "in_use_from": "2026-03-05"}, {"plate": "falsch", "DELETE": "on"}
    assert fill(me, answered, "vehicles", rows("vehicles", good, bad)).status_code == 302
    answered.refresh_from_db()
    assert [row["plate"] for row in answered.form["vehicles"]] == ["豫D12345"]


def test_the_same_vehicle_twice_is_one_too_many(me: Person, answered: Affair):
    lorry = {**LORRY, "in_use_from": "2026-03-05"}
    assert "填写了两次" in text_of(fill(me, answered, "vehicles", rows("vehicles", lorry, lorry)))


def test_one_can_leave_on_any_page_and_comes_back_to_it(me: Person, answered: Affair):
    fill(me, answered, "subject", SUBJECT)
    response = fill(me, answered, "people", {"legal_rep_name": "演示甲"}, leave="1")
    assert response.url == reverse("filing:mine")
    assert me.get(reverse("filing:affair", args=[answered.pk])).url == url(answered, "people")
    assert "演示甲" in me.get(url(answered, "people")).content.decode()


def test_a_second_tab_overwrites_nothing(me: Person, answered: Affair):
    """Both tabs were opened at the same version; the one that comes second is told, and keeps what it typed."""
    version = answered.version
    me.post(url(answered, "subject"), {**SUBJECT, "draft_version": version})
    late = me.post(url(answered, "subject"), {**SUBJECT, "entity_name": "另一个名称", "draft_version": version})
    assert late.status_code == 409
    page = late.content.decode()
    assert "没有覆盖" in page
    assert 'value="另一个名称"' in page
    answered.refresh_from_db()
    assert answered.form["entity_name"] == SUBJECT["entity_name"]


def test_the_second_tab_may_knowingly_prevail(me: Person, answered: Affair):
    version = answered.version
    me.post(url(answered, "subject"), {**SUBJECT, "draft_version": version})
    answered.refresh_from_db()
    mine = {**SUBJECT, "entity_name": "另一个名称", "draft_version": version, "overwrite": answered.version}
    assert me.post(url(answered, "subject"), mine).status_code == 302
    answered.refresh_from_db()
    assert answered.form["entity_name"] == "另一个名称"


def test_a_page_is_saved_while_it_is_being_typed(me: Person, answered: Affair):
    path = reverse("filing:autosave", args=[answered.pk, "subject"])
    response = me.post(path, {"entity_name": "平顶山", "draft_version": answered.version})
    assert response.json()["version"] == answered.version + 1
    assert response.headers["X-Draft-Version"] == str(answered.version + 1)
    assert "saved_at" in response.json()
    answered.refresh_from_db()
    assert answered.form["entity_name"] == "平顶山"
    late = me.post(path, {"entity_name": "迟到", "draft_version": answered.version - 1})
    assert late.status_code == 409
    assert "没有覆盖" in late.json()["error"]


def test_a_filed_form_is_not_saved_any_more(office: Office, me: Person):
    filed = office.submitted()
    response = me.post(reverse("filing:autosave", args=[filed.pk, "subject"]), {"draft_version": filed.version})
    assert response.status_code == 409


def test_what_the_office_knows_is_filled_in_to_be_confirmed(office: Office, me: Person, answered: Affair):
    """R41: from the account, and from the affair filed last."""
    me.user.mobile = "13800001111"
    me.user.save()
    assert "13800001111" in me.get(url(answered, "people")).content.decode()
    earlier = office.submitted(seed=3)
    page = me.get(url(answered, "subject")).content.decode()
    assert earlier.form["entity_name"] in page
    assert f"已按您上次的办件（{earlier.number}）填好，请核对。" in page
    answered.refresh_from_db()
    assert answered.form == {}  # shown, not taken over, until it is confirmed


def test_consent_to_electronic_papers_is_never_carried_over(office: Office, me: Person, answered: Affair):
    commands.submit(office.draft(seed=4), actor=office.applicant)
    assert "checked" not in me.get(url(answered, "delivery")).content.decode()


def test_every_gap_of_an_empty_draft_leads_to_the_page_that_mends_it(me: Person, answered: Affair):
    found = linked_gaps(answered)
    assert [gap.say for gap in found] == [gap.say for gap in gaps(answered)]
    steps = {gap.href.partition("?")[0].partition("#")[0] for gap in found}
    expected = ("subject", "people", "vehicles", "drivers", "business", "delivery", "materials")
    assert steps == {url(answered, step) for step in expected}
    page = text_of(me.get(url(answered, "confirm")))
    assert f"还有 {len(found)} 处要补齐，才能提交" in page
    assert "提交申请" not in page


def test_a_gap_leads_to_a_page_that_shows_what_is_wrong(office: Office, me: Person, answered: Affair):
    commands.save_draft(answered, actor=office.applicant, form={**SUBJECT, "scope": ""})
    gap = next(gap for gap in linked_gaps(answered) if "经营范围" in gap.say)
    page = text_of(me.get(gap.href))
    assert page.count("请填写经营范围。") >= 2
    filled = me.post(gap.href, {**SUBJECT, "draft_version": Affair.objects.get(pk=answered.pk).version})
    assert filled.url == url(answered, "confirm")


def test_the_summary_masks_identity_and_telephone_numbers(me: Person, draft: Affair):
    page = me.get(url(draft, "confirm")).content.decode()
    assert draft.form["legal_rep_id"] not in page
    assert draft.form["mobile"] not in page
    assert draft.form["entity_name"] in page


def test_nothing_is_handed_in_without_the_statement_of_truth(me: Person, draft: Affair):
    page = fill(me, draft, "confirm", {})
    assert "请勾选承诺后再提交。" in text_of(page)
    draft.refresh_from_db()
    assert draft.state == Affair.State.DRAFT


def test_handing_in_gives_a_receipt(me: Person, draft: Affair):
    response = fill(me, draft, "confirm", {"truthful": "on"})
    assert response.url == reverse("filing:affair", args=[draft.pk])
    draft.refresh_from_db()
    page = text_of(me.get(response.url))
    assert draft.number in page
    assert draft.query_code in page
    assert "最迟" in page


def test_a_double_press_files_once_and_shows_the_affair(me: Person, draft: Affair):
    version = draft.version
    for _press in range(2):
        response = me.post(url(draft, "confirm"), {"truthful": "on", "draft_version": version})
        assert response.url == reverse("filing:affair", args=[draft.pk])
    assert draft.documents.filter(kind="receipt").count() == 1


def test_what_changed_in_another_tab_is_looked_at_before_it_is_handed_in(office: Office, me: Person, draft: Affair):
    version = draft.version
    commands.save_draft(draft, actor=office.applicant, form={"entity_name": "改过的名称"})
    page = me.post(url(draft, "confirm"), {"truthful": "on", "draft_version": version})
    assert page.status_code == 409
    assert "改过的名称" in text_of(page)
    draft.refresh_from_db()
    assert draft.state == Affair.State.DRAFT


def test_a_draft_with_gaps_is_refused_with_all_of_them(me: Person, answered: Affair):
    page = fill(me, answered, "confirm", {"truthful": "on"})
    assert page.status_code == 422
    assert "缺少材料“公司章程”" in text_of(page)
    answered.refresh_from_db()
    assert answered.state == Affair.State.DRAFT


def test_a_warning_nobody_took_note_of_stops_the_submission(office: Office, me: Person):
    answers = {"lic": "no"}
    while question := next_question(office.edition.catalogue.one_things["cyd"], answers):
        answers[question.id] = [question.option_ids[0]] if question.multi else question.option_ids[0]
    affair = office.draft(one_thing="cyd", answers=answers)
    affair = commands.save_draft(affair, actor=office.applicant, form={"acknowledged": []})
    page = fill(me, affair, "confirm", {"truthful": "on"})
    assert page.status_code == 422
    assert "请先了解：" in text_of(page)
    affair.refresh_from_db()
    assert affair.state == Affair.State.DRAFT


def test_an_unknown_step_leads_to_where_the_draft_was_left(me: Person, answered: Affair):
    assert me.get(url(answered, "nirgends")).url == reverse("filing:plan", args=[answered.pk])
    assert me.post(url(answered, "nirgends")).status_code == 302

"""What the papers say, of a real haulage affair."""

import json
from typing import Any

import pytest

from portal.affairs.models import Affair
from portal.documents import services
from portal.documents.contents import contents_of
from portal.documents.models import Document
from portal.documents.render import paper_html
from tests.office import Office
from workflows import commands

Kind = Document.Kind


def test_no_paper_carries_a_full_identity_number(office: Office):
    affair = office.accepted()
    number = affair.form["legal_rep_id"]
    for document in affair.documents.all():
        assert document.contents["applicant"]["id_number"] == f"{number[:4]}**********{number[-4:]}"
        assert number not in json.dumps(document.contents)


def test_an_enterprise_that_exists_is_named_by_its_credit_code(office: Office):
    affair = office.submitted(answers={"lic": "yes", "kind": "special", "own": "planned", "heavy": "no",
                                       "agent": "self", "staff": "no"})  # fmt: skip
    applicant = affair.documents.get().contents["applicant"]
    assert applicant["id_label"] == "统一社会信用代码"
    assert applicant["id_number"] == "9141**********" + affair.form["uscc"][-4:]


def test_the_receipt_lists_every_material_with_its_vehicles_form_copies_and_way(contents_of_each_kind):
    materials = {row["name"]: row for row in contents_of_each_kind[Kind.RECEIPT]["materials"]}
    assert materials["公司登记（备案）申请书"]["form"] == "电子表单"
    assert materials["公司登记（备案）申请书"]["how"] == "由系统根据表单生成，免提交"
    assert materials["营业执照"]["how"] == "由本件前序事项的结果提供，免提交"
    assert materials["公司章程"] == {
        "name": "公司章程", "item": "", "form": "电子件", "copies": "1份", "how": "已上传1个文件",
    }  # fmt: skip
    plates = materials["车辆检验检测合格证明"]["item"].split("、")
    assert materials["车辆检验检测合格证明"]["copies"] == f"{len(plates)}份"


def test_the_receipt_names_the_day_by_which_acceptance_is_decided(office: Office):
    affair = office.submitted()
    document = affair.documents.get()
    Affair.objects.filter(pk=affair.pk).update(submitted_at="2026-03-05T10:00:00+08:00")
    document.affair.refresh_from_db()
    # 5 working days after Thursday 5 March 2026.
    assert contents_of(document)["acceptance_due"] == "2026年3月12日前（5个工作日）"


def test_a_due_date_past_the_known_calendars_is_printed_as_provisional(office: Office):
    document = office.accepted().documents.get(kind=Kind.ACCEPTANCE)
    document.affair.promised_due_on = document.affair.legal_due_on = None
    contents = contents_of(document)
    assert contents["promised_due"].startswith("暂定：待国务院办公厅公布下一年度放假安排后确定")
    assert contents["legal_due"] == "暂定：待国务院办公厅公布下一年度放假安排后确定"


def test_limits_that_no_department_confirmed_carry_their_mark(contents_of_each_kind):
    promised = {row["name"]: row["promised"] for row in contents_of_each_kind[Kind.ACCEPTANCE]["matters"]}
    assert promised["企业设立登记"] == "当场办结"
    assert promised["道路货物运输经营许可"] == "3个工作日（待部门确认）"
    assert contents_of_each_kind[Kind.ACCEPTANCE]["promised_due"].endswith("（待部门确认）")


def test_the_query_code_and_the_qr_code_open_the_status_page(contents_of_each_kind):
    contents = contents_of_each_kind[Kind.RECEIPT]
    affair = contents["affair"]
    assert contents["status_url"].endswith(f"/status/?number={affair['number']}&code={affair['query_code']}")
    assert contents["fee"] == "不收费"


def test_a_non_acceptance_is_in_the_name_of_the_lead_department(contents_of_each_kind):
    contents = contents_of_each_kind[Kind.NON_ACCEPTANCE]
    assert contents["authority"] == "平顶山市卫东区交通运输局"
    assert contents["competent_authority"] == "市交通运输局"
    assert contents["reason"] == "不属于本机关职权范围。"
    assert contents["remedies"]["authority"] == "卫东区人民政府"


def test_a_grant_says_scope_validity_certificate_and_publication(contents_of_each_kind):
    contents = contents_of_each_kind[Kind.GRANT]
    assert contents["title"] == "准予行政许可决定书"
    assert [line["label"] for line in contents["scope"]] == ["经营范围", "住所（经营场所）"]
    (certificate,) = contents["certificates"]
    assert certificate["name"] == "道路运输经营许可证"
    assert contents["validity"] == certificate["validity"]
    assert contents["legal_basis"] == (
        "《中华人民共和国道路运输条例》第二十一条、第二十二条、第二十四条，《中华人民共和国行政许可法》第三十八条第一款"
    )
    assert "7个工作日内" in contents["publication"]
    assert "10个工作日内颁发、送达" in contents["service"]


def test_a_refusal_says_facts_reason_basis_and_where_to_turn(contents_of_each_kind):
    contents = contents_of_each_kind[Kind.REFUSAL]
    assert contents["title"] == "不予行政许可决定书"
    assert contents["facts"] == "现场核查的车辆与申报不一致。"
    assert contents["legal_basis"] == "《道路运输条例》第二十一条"
    assert contents["contact"]["complaint_phone"] == "0375-0000202（演示）"


def test_the_conclusion_gives_the_result_of_every_matter(contents_of_each_kind):
    contents = contents_of_each_kind[Kind.CONCLUSION]
    results = {row["name"]: row["result"] for row in contents["results"]}
    assert results["企业设立登记"] == "准予登记"
    assert results["公章刻制备案"] == "予以备案"
    assert results["道路货物运输经营许可"] == "不予行政许可"
    assert results["道路运输证（车辆营运证）配发"] == "前置未通过"
    assert contents["outcome"] == "部分准予"
    assert [refused["name"] for refused in contents["refused"]] == ["道路货物运输经营许可"]
    assert "该决定书" in contents["refused"][0]["remedies"]["reconsideration"]


def test_a_decision_is_numbered_by_affair_matter_and_year(contents_of_each_kind):
    number = contents_of_each_kind[Kind.GRANT]["number"]
    assert number.startswith("卫东政服准〔20")
    assert number.endswith("-5号")


@pytest.mark.parametrize(
    ("method", "words"), [("window", "领取，地址："), ("post", "邮寄"), ("electronic", "经同意以电子方式送达")]
)
def test_the_conclusion_says_how_the_results_arrive(office: Office, method: str, words: str):
    affair = office.accepted()
    document = Document(affair=affair, kind=Kind.CONCLUSION, issued_at=affair.accepted_at, number="1", title="办件回执")
    affair.delivery_method = method
    assert words in contents_of(document)["pick_up"]


def test_contents_stay_as_issued_when_records_change(office: Office):
    document = office.accepted().documents.get(kind=Kind.ACCEPTANCE)
    before = paper_html(document)
    Affair.objects.filter(pk=document.affair_id).update(subject_name="改名之后")
    document.refresh_from_db()
    assert paper_html(document) == before


def test_issuing_again_gives_the_paper_that_is_there(office: Office):
    document = office.accepted().documents.get(kind=Kind.ACCEPTANCE)
    again = services.issue(Kind.ACCEPTANCE, affair=document.affair, at=document.issued_at)
    assert again == document


def test_contents_are_plain_json(contents_of_each_kind: dict[Kind, dict[str, Any]]):
    for contents in contents_of_each_kind.values():
        assert json.loads(json.dumps(contents)) == contents


def test_what_people_typed_is_escaped(office: Office):
    draft = office.draft()
    commands.save_draft(draft, actor=office.applicant, form={"entity_name": "<script>甲</script>"})
    html = paper_html(commands.submit(draft, actor=office.applicant).documents.get())
    assert "<script>" not in html
    assert "&lt;script&gt;甲" in html

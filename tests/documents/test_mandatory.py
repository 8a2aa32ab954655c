"""Each paper lacks nothing that its rule asks for, and each lack is named (R101, R103, R109, R110, R117)."""

from copy import deepcopy
from typing import Any

import pytest

from portal.accounts.models import Department
from portal.affairs.models import Approval
from portal.documents.mandatory import MANDATORY, RULES, Mandatory, missing_contents
from portal.documents.models import Document
from portal.documents.services import ContentsMissing
from tests.office import Office
from workflows import commands

Kind = Document.Kind


def without(contents: dict[str, Any], path: str) -> dict[str, Any]:
    """The contents with one value emptied; of rows, only the last one's."""
    rows, _brackets, key = path.partition("[].")
    changed = deepcopy(contents)
    place = changed
    *steps, last = rows.split(".")
    for step in steps:
        place = place[step]
    if key:
        place[last][-1][key] = ""
    else:
        place[last] = ""
    return changed


EVERY_CONTENT = [
    pytest.param(kind, each, id=f"{kind}-{each.path}")
    for kind, mandatory in MANDATORY.items()
    for each in mandatory
    if each.path != "remedies.other"
]


@pytest.mark.parametrize(("kind", "content"), EVERY_CONTENT)
def test_each_mandatory_content_that_is_missing_is_named(contents_of_each_kind, kind: Kind, content: Mandatory):
    contents = contents_of_each_kind[kind]
    assert missing_contents(kind, contents) == []
    assert missing_contents(kind, without(contents, content.path)) == [
        f"{content.name}（{content.rule or RULES[kind]}）"
    ]


@pytest.mark.parametrize(
    ("kind", "path", "named"),
    [
        (Kind.RECEIPT, "materials", "材料清单：名称（R101）"),
        (Kind.RECEIPT, "contact.complaint_phone", "监督投诉电话（R101）"),
        (Kind.ACCEPTANCE, "promised_due", "承诺办结时限（R101）"),
        (Kind.ACCEPTANCE, "inaction", "逾期不作决定的救济途径（R35）"),
        (Kind.NON_ACCEPTANCE, "reason", "不予受理的理由（R103）"),
        (Kind.GRANT, "certificates", "证照编号（R109）"),
        (Kind.GRANT, "publication", "公开说明（R24）"),
        (Kind.REFUSAL, "facts", "认定的事实（R110）"),
        (Kind.REFUSAL, "remedies.authority", "行政复议机关（R34）"),
        (Kind.REFUSAL, "remedies.litigation", "行政诉讼途径和期限（R34）"),
        (Kind.REFUSAL, "remedies.online", "互联网申请行政复议的途径（R36）"),
        (Kind.CONCLUSION, "pick_up", "领取方式（R117）"),
        (Kind.CONCLUSION, "rating_url", "评价链接（R79）"),
    ],
)
def test_the_names_are_the_official_ones(contents_of_each_kind, kind: Kind, path: str, named: str):
    assert named in missing_contents(kind, without(contents_of_each_kind[kind], path))


def test_several_lacks_are_named_at_once(contents_of_each_kind):
    contents = without(without(contents_of_each_kind[Kind.REFUSAL], "facts"), "contact.phone")
    assert missing_contents(Kind.REFUSAL, contents) == ["联系电话（R110）", "认定的事实（R110）"]


def test_the_conclusion_needs_the_remedies_of_every_refused_matter(contents_of_each_kind):
    contents = deepcopy(contents_of_each_kind[Kind.CONCLUSION])
    contents["refused"][0]["remedies"]["authority"] = ""
    assert missing_contents(Kind.CONCLUSION, contents) == ["道路货物运输经营许可：行政复议机关（R34）"]


def test_a_registration_needs_no_certificate_number_but_a_licence_does(contents_of_each_kind):
    licence = without(contents_of_each_kind[Kind.GRANT], "certificates")
    licence["validity"] = ""
    assert missing_contents(Kind.GRANT, licence) == ["有效期（R109）", "证照编号（R109）"]
    assert missing_contents(Kind.GRANT, licence | {"is_licence": False}) == []


def test_a_refusal_stops_while_the_reconsideration_authority_is_not_confirmed(office: Office):
    approval = office.approval(office.accepted(), "qysl")
    office.review(approval)
    Department.objects.filter(pk=approval.department_id).update(remedy_authority="")

    with pytest.raises(ContentsMissing) as stopped:
        office.refuse(approval)

    assert stopped.value.missing == ("行政复议机关（R34）", "行政复议途径和期限（R34）")
    assert "不予登记通知书" in stopped.value.say
    approval.refresh_from_db()
    assert approval.state == Approval.State.DECIDING
    assert not approval.documents.exists()


def test_a_licence_is_not_granted_without_its_certificate_number(office: Office):
    affair = office.accepted()
    office.review_and("grant", affair, "qysl")
    approval = office.approval(affair, "hyxk")
    office.review(approval)
    with pytest.raises(ContentsMissing) as stopped:
        commands.grant(approval, actor=office.head(approval), decision=commands.Decision())
    assert stopped.value.missing == ("有效期（R109）", "证照编号（R109）")

"""Contents without which no paper is issued: 《行政许可法》第三十二条、第三十八条; R101, R103, R109, R110, R117."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.documents.models import Document

Contents = Mapping[str, Any]


def _always(_contents: Contents) -> bool:
    return True


def _is_licence(contents: Contents) -> bool:
    return bool(contents.get("is_licence"))


def _is_administrative(contents: Contents) -> bool:
    return contents.get("remedies", {}).get("administrative", True) is not False


def _is_service(contents: Contents) -> bool:
    return not _is_administrative(contents)


@dataclass(frozen=True, slots=True)
class Mandatory:
    """One content: its official name, where it stands ("a.b"; "list[].key" for every row), and when it is due."""

    name: str
    path: str
    rule: str = ""
    when: Callable[[Contents], bool] = _always


_COMMON = (
    Mandatory("文书标题", "title"),
    Mandatory("文号", "number"),
    Mandatory("日期", "date"),
    Mandatory("机关名称", "authority"),
    Mandatory("申请人名称", "applicant.name"),
    Mandatory("申请人证件号码", "applicant.id_number"),
    Mandatory("事项", "matters[].name"),
    Mandatory("办件编号", "affair.number"),
    Mandatory("查询码", "affair.query_code"),
    Mandatory("法律依据", "legal_basis"),
    Mandatory("联系电话", "contact.phone"),
    Mandatory("监督投诉电话", "contact.complaint_phone"),
    Mandatory("核验码", "verify.code"),
)
_RECEIVED = (
    Mandatory("收件时间", "received_at"),
    Mandatory("材料清单：名称", "materials[].name"),
    Mandatory("材料清单：形式", "materials[].form"),
    Mandatory("材料清单：份数", "materials[].copies"),
    Mandatory("材料清单：提交方式", "materials[].how"),
    Mandatory("承诺办结时限", "promised_due"),
    Mandatory("法定办结时限", "legal_due"),
    Mandatory("收费情况", "fee"),
    Mandatory("查询二维码", "status_url"),
)
_REMEDIES = (
    Mandatory("行政复议机关", "remedies.authority", "R34", _is_administrative),
    Mandatory("行政复议途径和期限", "remedies.reconsideration", "R34", _is_administrative),
    Mandatory("行政诉讼途径和期限", "remedies.litigation", "R34", _is_administrative),
    Mandatory("互联网申请行政复议的途径", "remedies.online", "R36", _is_administrative),
    Mandatory("异议途径", "remedies.other", "R110", _is_service),
)

RULES = {
    Document.Kind.RECEIPT: "R101",
    Document.Kind.ACCEPTANCE: "R101",
    Document.Kind.NON_ACCEPTANCE: "R103",
    Document.Kind.GRANT: "R109",
    Document.Kind.REFUSAL: "R110",
    Document.Kind.CONCLUSION: "R117",
}

MANDATORY: dict[Document.Kind, tuple[Mandatory, ...]] = {
    Document.Kind.RECEIPT: (*_COMMON, *_RECEIVED, Mandatory("作出受理决定的期限", "acceptance_due", "R4")),
    Document.Kind.ACCEPTANCE: (
        *_COMMON,
        *_RECEIVED,
        Mandatory("受理时间", "accepted_at"),
        Mandatory("逾期不作决定的救济途径", "inaction", "R35"),
    ),
    Document.Kind.NON_ACCEPTANCE: (*_COMMON, Mandatory("不予受理的理由", "reason"), *_REMEDIES),
    Document.Kind.GRANT: (
        *_COMMON,
        Mandatory("决定内容", "verb"),
        Mandatory("范围", "scope[].text"),
        Mandatory("有效期", "validity", "", _is_licence),
        Mandatory("证照编号", "certificates[].number", "", _is_licence),
        Mandatory("公开说明", "publication", "R24"),
    ),
    Document.Kind.REFUSAL: (
        *_COMMON,
        Mandatory("决定内容", "verb"),
        Mandatory("认定的事实", "facts"),
        Mandatory("不予的理由", "reason"),
        *_REMEDIES,
    ),
    Document.Kind.CONCLUSION: (
        *_COMMON,
        Mandatory("办理结果", "results[].result"),
        Mandatory("办理结果的日期", "results[].on"),
        Mandatory("领取方式", "pick_up"),
        Mandatory("评价链接", "rating_url", "R79"),
    ),
}


def missing_contents(kind: str, contents: Contents) -> list[str]:
    """Every mandatory content that is not there, each with its rule: “监督投诉电话（R101）”. Empty when all are."""
    of_kind = Document.Kind(kind)
    missing = _absent(MANDATORY[of_kind], contents, RULES[of_kind])
    for refused in contents.get("refused", ()):
        missing += [f"{refused['name']}：{name}" for name in _absent(_REMEDIES, refused, RULES[of_kind])]
    return missing


def _absent(mandatory: Iterable[Mandatory], contents: Contents, rule: str) -> list[str]:
    return [
        f"{each.name}（{each.rule or rule}）"
        for each in mandatory
        if each.when(contents) and not _is_there(contents, each.path)
    ]


def _is_there(contents: Contents, path: str) -> bool:
    """A list of rows is there when it has rows and every one of them has the value."""
    rows, _brackets, key = path.partition("[].")
    value: Any = contents
    for step in rows.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    if not key:
        return bool(str(value).strip()) if value is not None else False
    return bool(value) and all(str(row.get(key, "")).strip() for row in value)

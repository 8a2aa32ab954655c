"""What each paper says, frozen as data when it is issued; rendering reads nothing else."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from portal.accounts.masking import mask_id
from portal.accounts.models import Department
from portal.affairs.materials import Slot, items_of, slots
from portal.affairs.models import Affair, Approval, Certificate
from portal.catalogue.citations import in_words
from portal.catalogue.plan import Plan
from portal.catalogue.schema import Confidence
from portal.deadlines.clock import ACCEPTANCE_WORKING_DAYS, CERTIFICATE_WORKING_DAYS, due_or_provisional, local_date
from portal.documents import wording
from portal.documents.authorities import authority_name
from portal.documents.mandatory import missing_contents
from portal.documents.models import Document
from portal.documents.remedies import INACTION, remedies_of

__all__ = ["contents_of", "missing_contents", "title_of"]

Contents = dict[str, Any]

PUBLICATION_WORKING_DAYS = 7
"""To publish a grant; 国办发〔2018〕118号 (R24)."""
_SERVICE_BASIS = in_words("YSHJ36")
_FORMS = {"electronic": "电子件", "original": "原件", "copy": "复印件"}
_PROVIDED_AS = {"form": "电子表单", "matter": "数据共享", "licence": "电子证照", "counter": "原件"}


def title_of(kind: str, approval: Approval | None) -> str:
    """The title of a paper; that of a decision follows the kind of the matter."""
    if approval is not None and kind == Document.Kind.GRANT:
        return wording.words_for(approval.matter).grant_title
    if approval is not None and kind == Document.Kind.REFUSAL:
        return wording.words_for(approval.matter).refusal_title
    return str(Document.Kind(kind).label)


def contents_of(document: Document) -> Contents:
    """Everything that the paper says. Plain JSON; what is not known is "" and shows up in ``missing_contents``."""
    plan = document.affair.plan
    return {**_common(document, plan), **_BY_KIND[Document.Kind(document.kind)](document, plan)}


def status_url(affair: Affair) -> str:
    """Opens the public status page without typing: number and query code belong to whoever holds the paper (R97)."""
    return f"{settings.SITE_URL}/status/?" + urlencode({"number": affair.number, "code": affair.query_code})


# ------------------------------------------------------------------ what every paper says


def _common(document: Document, plan: Plan) -> Contents:
    affair = document.affair
    return {
        "title": document.title,
        "number": document.number,
        "date": wording.day(local_date(document.issued_at)),
        "issued_at": document.issued_at.isoformat(timespec="seconds"),
        "authority": settings.HALL_AUTHORITY,
        "applicant": _applicant(affair, plan),
        "affair": {"name": plan.one_thing.name, "number": affair.number, "query_code": affair.query_code},
        "contact": {
            "office": settings.HALL_NAME,
            "address": settings.HALL_ADDRESS,
            "phone": settings.HALL_PHONE,
            "complaint_phone": settings.COMPLAINT_PHONE,
        },
        "verify": {"code": document.verify_code, "url": f"{settings.SITE_URL}/verify/{document.verify_code}"},
        "demonstration": settings.DEMONSTRATION,
    }


def _applicant(affair: Affair, plan: Plan) -> dict[str, str]:
    """Name and masked number (R45): the enterprise's code where it has one, else that of the person behind it."""
    asked = {field.id for field in plan.fields}
    for field, label in (("uscc", "统一社会信用代码"), ("legal_rep_id", "法定代表人（负责人）身份号码")):
        if field in asked and affair.form.get(field):
            return _party(affair, label, str(affair.form[field]), is_entity="entity_name" in asked)
    return _party(affair, "身份号码", affair.applicant.id_number, is_entity=False)


def _party(affair: Affair, label: str, number: str, *, is_entity: bool) -> dict[str, str]:
    return {
        "name": affair.subject_name,
        "id_label": label,
        "id_number": mask_id(number),
        "you": "你单位" if is_entity else "你",
    }


def _contact_of(department: Department) -> dict[str, str]:
    """The department's own telephones where they are kept, else those of the hall."""
    return {
        "office": authority_name(department),
        "address": settings.HALL_ADDRESS,
        "phone": department.phone or settings.HALL_PHONE,
        "complaint_phone": department.complaint_phone or settings.COMPLAINT_PHONE,
    }


# ------------------------------------------------------------------ received and accepted (R101)


def _receipt(document: Document, plan: Plan) -> Contents:
    affair = document.affair
    received = affair.submitted_at
    acceptance = due_or_provisional(local_date(received), ACCEPTANCE_WORKING_DAYS) if received else None
    return {
        "legal_basis": in_words("XKF32; YSHJ36"),
        "received_at": wording.moment(received) if received else "",
        "matters": _matters(plan),
        "materials": _materials(affair, plan),
        "acceptance_due": wording.due(acceptance.day, ACCEPTANCE_WORKING_DAYS, otherwise="") if acceptance else "",
        "promised_due": _marked_total(
            plan, "promised_confidence", _from_acceptance(plan.promised_total_wd, otherwise="按法定期限办理")
        ),
        "legal_due": _marked_total(
            plan, "legal_confidence", _from_acceptance(plan.legal_total_wd, otherwise=wording.NO_LEGAL_LIMIT)
        ),
        "fee": _fee(plan),
        "status_url": status_url(affair),
    }


def _acceptance(document: Document, plan: Plan) -> Contents:
    affair = document.affair
    promised = wording.due(affair.promised_due_on, plan.promised_total_wd, otherwise="按法定期限办理")
    legal = wording.due(affair.legal_due_on, plan.legal_total_wd, otherwise=wording.NO_LEGAL_LIMIT)
    return {
        "legal_basis": in_words("XKF26,32; YSHJ36"),
        "received_at": wording.moment(affair.submitted_at) if affair.submitted_at else "",
        "accepted_at": wording.moment(affair.accepted_at) if affair.accepted_at else "",
        "matters": _matters(plan),
        "materials": _materials(affair, plan),
        "promised_due": _marked_total(plan, "promised_confidence", promised),
        "legal_due": _marked_total(plan, "legal_confidence", legal),
        "fee": _fee(plan),
        "status_url": status_url(affair),
        "inaction": INACTION,
    }


def _from_acceptance(limit_working_days: int | None, *, otherwise: str) -> str:
    if limit_working_days is None:
        return otherwise
    return f"自受理之日起{wording.working_days(limit_working_days)}" if limit_working_days else wording.working_days(0)


def _marked_total(plan: Plan, which: str, text: str) -> str:
    """The total is as sure as the least sure of its parts."""
    drafts = any(getattr(planned, which) == Confidence.DRAFT for planned in plan.matters)
    return wording.marked(text, Confidence.DRAFT if drafts else Confidence.CONFIRMED)


def _fee(plan: Plan) -> str:
    """R28: no fee without a basis in law."""
    one_thing = plan.one_thing
    return f"{one_thing.fee}元（{one_thing.fee_basis}）" if one_thing.fee else "不收费"


def _matters(plan: Plan) -> list[dict[str, str]]:
    departments = {department.code: department for department in Department.objects.all()}
    return [
        {
            "name": planned.matter.name,
            "code": planned.matter.code,
            "authority": authority_name(departments[planned.department.id]),
            "legal_basis": planned.matter.basis_in_words,
            "promised": wording.marked(wording.working_days(planned.matter.promised_wd), planned.promised_confidence),
            "legal": wording.marked(wording.legal_limit(planned.matter), planned.legal_confidence),
        }
        for planned in plan.matters
    ]


def _materials(affair: Affair, plan: Plan) -> list[dict[str, str]]:
    """Every material of the file: name, of which vehicles or drivers, form, copies and how it came (R101)."""
    alike: dict[tuple[str, str, str], list[Slot]] = {}
    for slot in slots(affair, plan):
        alike.setdefault((slot.material.id, slot.provided_by, "files" if slot.files else ""), []).append(slot)
    return [_material(group) for group in alike.values()]


def _material(alike: list[Slot]) -> dict[str, str]:
    """One row for a material that came in the same way for each vehicle or driver."""
    slot, files = alike[0], sum(len(each.files) for each in alike)
    provided_as = _PROVIDED_AS.get(slot.provided_by.partition(":")[0])
    asked = "或".join(_FORMS[form] for form in slot.material.form)
    return {
        "name": slot.material.name,
        "item": "、".join(each.item for each in alike if each.item),
        "form": provided_as or (_FORMS["electronic"] if files else asked),
        "copies": f"{max(slot.material.copies, 1) * len(alike)}份",
        "how": slot.provided_in_words or (f"已上传{files}个文件" if files else "未提交"),
    }


# ------------------------------------------------------------------ not accepted (R103)


def _non_acceptance(document: Document, plan: Plan) -> Contents:
    """In the name of the lead department: a window refuses for whoever entrusts it (R10, 《行政许可法》第二十四条)."""
    affair = document.affair
    department = _lead(plan)
    return {
        "authority": authority_name(department),
        "contact": _contact_of(department),
        "legal_basis": in_words("XKF32"),
        "received_at": wording.moment(affair.submitted_at) if affair.submitted_at else "",
        "matters": _matters(plan),
        "reason": wording.sentence(affair.refusal_reason),
        "competent_authority": affair.competent_authority,
        "remedies": remedies_of(department, "决定书").as_data(),
    }


def _lead(plan: Plan) -> Department:
    code = plan.one_thing.lead or plan.matters[0].department.id
    return Department.objects.get(code=code)


# ------------------------------------------------------------------ decisions (R109, R110)


def _grant(document: Document, plan: Plan) -> Contents:
    approval = _approval(document)
    matter, words = approval.matter, wording.words_for(approval.matter)
    certificates = list(approval.certificates.all())
    validity = dict.fromkeys(wording.validity(each.valid_from, each.valid_until) for each in certificates)
    procedural = in_words("XKF38(1)") if matter.is_licence else ""
    return {
        **_decision(document, approval),
        "is_licence": matter.is_licence,
        "legal_basis": _joined(matter.basis_in_words, procedural) or _SERVICE_BASIS,
        "verb": words.grant_verb,
        "reason": wording.sentence(approval.reason),
        "scope": _scope(document.affair, plan, approval),
        "validity": "；".join(validity),
        "certificates": [_certificate(each) for each in certificates],
        "publication": (
            f"本{words.paper}自作出之日起{PUBLICATION_WORKING_DAYS}个工作日内在{settings.SITE_URL}/publicity/公开，"
            f"公众有权查阅（{in_words('XKF40')}）。"
            if approval.matter.is_licence
            else "办理结果依照该事项的规定公开，以其法定公示渠道为准。"
        ),
        "service": (
            f"证照自本{words.paper}作出之日起{CERTIFICATE_WORKING_DAYS}个工作日内颁发、送达（{in_words('XKF44')}）。"
            if matter.is_licence
            else ""
        ),
    }


def _refusal(document: Document, _plan: Plan) -> Contents:
    approval = _approval(document)
    words = wording.words_for(approval.matter)
    return {
        **_decision(document, approval),
        "verb": words.refusal_verb,
        "facts": wording.sentence(approval.facts),
        "reason": wording.sentence(approval.reason),
        "legal_basis": approval.legal_basis,
        "procedural_basis": in_words("XKF38(2)") if approval.matter.is_licence else "",
        "standard": approval.standard,
        "remedies": remedies_of(approval.department, words.paper).as_data(),
    }


def _decision(document: Document, approval: Approval) -> Contents:
    affair = document.affair
    return {
        "authority": authority_name(approval.department),
        "contact": _contact_of(approval.department),
        "paper": wording.words_for(approval.matter).paper,
        "matters": [{"name": approval.matter_name, "code": approval.matter.code}],
        "case_number": approval.number,
        "received_at": wording.day(local_date(affair.submitted_at)) if affair.submitted_at else "",
        "accepted_at": wording.day(local_date(affair.accepted_at)) if affair.accepted_at else "",
    }


def _approval(document: Document) -> Approval:
    if document.approval is None:
        raise ValueError(f"a paper of kind {document.kind!r} needs its approval")
    return document.approval


def _scope(affair: Affair, plan: Plan, approval: Approval) -> list[dict[str, str]]:
    """What is permitted to whom and where: the form's own words, and each vehicle where each gets its own result."""
    labels = {field.id: field.label for field in plan.fields}
    lines = [
        {"label": labels[field], "text": str(affair.form[field])}
        for field in ("scope", "address")
        if field in labels and affair.form.get(field)
    ]
    items = [item for item in items_of(affair, plan, approval.matter.per) if item]
    if items:
        lines.append({"label": "对象", "text": "、".join(items)})
    return lines or [{"label": "范围", "text": f"{approval.matter_name}，以申请书载明的内容为准"}]


def _certificate(certificate: Certificate) -> dict[str, str]:
    return {
        "name": certificate.name,
        "number": certificate.number,
        "item": certificate.item,
        "holder": certificate.holder,
        "validity": wording.validity(certificate.valid_from, certificate.valid_until),
    }


def _joined(*bases: str) -> str:
    return "，".join(basis for basis in bases if basis)


# ------------------------------------------------------------------ the end (R117)


def _conclusion(document: Document, plan: Plan) -> Contents:
    affair = document.affair
    approvals = list(affair.approvals.current().select_related("department").prefetch_related("certificates"))
    for approval in approvals:
        approval.affair = affair
    return {
        "legal_basis": _SERVICE_BASIS,
        "received_at": wording.day(local_date(affair.submitted_at)) if affair.submitted_at else "",
        "accepted_at": wording.day(local_date(affair.accepted_at)) if affair.accepted_at else "",
        "outcome": affair.get_outcome_display(),
        "matters": _matters(plan),
        "results": [_result(approval) for approval in approvals],
        "certificates": [_certificate(each) for approval in approvals for each in approval.certificates.all()],
        "pick_up": _pick_up(affair),
        "rating_url": settings.SITE_URL + reverse("filing:rate", args=[affair.pk]),
        "refused": _refused(approvals),
    }


def _result(approval: Approval) -> dict[str, str]:
    named = {
        Approval.State.GRANTED: wording.words_for(approval.matter).grant_verb,
        Approval.State.REFUSED: wording.words_for(approval.matter).refusal_verb,
    }
    return {
        "name": approval.matter_name,
        "authority": authority_name(approval.department),
        "result": named.get(Approval.State(approval.state), str(approval.get_state_display())),
        "on": wording.day(local_date(approval.decided_at)) if approval.decided_at else "",
    }


def _pick_up(affair: Affair) -> str:
    """How the results reach the person; the choice was made in the application (R116)."""
    return {
        Affair.DeliveryMethod.POST: "按申请时填写的地址邮寄，邮件号码可凭办件编号和查询码查询。",
        Affair.DeliveryMethod.ELECTRONIC: (
            "经同意以电子方式送达：决定文书和证照编号登录本平台“我的办件”查看、下载；证照原件由发证部门核发。"
        ),
    }.get(
        Affair.DeliveryMethod(affair.delivery_method or Affair.DeliveryMethod.WINDOW),
        f"请持身份证件和办件编号到{settings.HALL_NAME}领取，地址：{settings.HALL_ADDRESS}。",
    )


def _refused(approvals: Iterable[Approval]) -> list[Contents]:
    """One set of remedies per refused matter, since departments differ in their 复议机关 (R34)."""
    return [
        {
            "name": approval.matter_name,
            "remedies": remedies_of(approval.department, wording.words_for(approval.matter).paper, this="该").as_data(),
        }
        for approval in approvals
        if approval.state == Approval.State.REFUSED
    ]


_BY_KIND: dict[Document.Kind, Callable[[Document, Plan], Contents]] = {
    Document.Kind.RECEIPT: _receipt,
    Document.Kind.ACCEPTANCE: _acceptance,
    Document.Kind.NON_ACCEPTANCE: _non_acceptance,
    Document.Kind.GRANT: _grant,
    Document.Kind.REFUSAL: _refusal,
    Document.Kind.CONCLUSION: _conclusion,
}

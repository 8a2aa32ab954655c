"""征求意见 of another department or an expert. Asking is no 特别程序: the clock goes on (R18). Called by commands."""

from datetime import datetime, time

from django.db.models import QuerySet

from portal.accounts.errors import AlreadyHandled, DomainError
from portal.accounts.models import Actor, Department
from portal.affairs.department_models import OpinionRequest
from portal.affairs.models import Approval
from portal.affairs.services import note
from portal.audit.services import digest
from portal.deadlines.calendar import CalendarMissing, add_working_days, is_working_day
from portal.deadlines.clock import DAY, ZONE, local_date

# The reminder comes when the day's work begins.
_REMINDER = time(8, 30)


def open_requests() -> QuerySet[OpinionRequest]:
    """Everything that still waits for an answer; what is decided meanwhile waits no more."""
    return OpinionRequest.objects.filter(answered_at__isnull=True, approval__state__in=Approval.OPEN)


def ask(
    approval: Approval,
    *,
    actor: Actor,
    department: Department | None,
    expert: str,
    expert_contact: str,
    question: str,
    working_days: int,
    at: datetime,
) -> OpinionRequest:
    """Ask one department or one expert. The names of experts and the texts stay out of the trail (R45)."""
    if not approval.is_open:
        raise AlreadyHandled(f"“{approval.matter_name}”已经{approval.get_state_display()}，不再征求意见。")
    if (department is None) == (not expert.strip()):
        raise DomainError("请选择一个部门，或者写明一位专家，二者选一。")
    if department is not None and department.pk == approval.department_id:
        raise DomainError("不用向本部门征求意见。")
    if not question.strip():
        raise DomainError("请写明征求什么意见。")
    try:
        due_on = add_working_days(local_date(at), working_days)
    except CalendarMissing:
        raise DomainError("答复期限超出了已公布的放假安排，请缩短期限。") from None
    request = OpinionRequest.objects.create(
        approval=approval, department=department, expert=expert.strip(), expert_contact=expert_contact.strip(),
        question=question.strip(), due_on=due_on, asked_by=actor.user, asked_at=at,
    )  # fmt: skip
    whom = str(department) if department else "专家"
    note(
        approval.affair, actor, "approval.ask_opinion", f"{approval.matter_name}：征求{whom}意见",
        subject=approval.number, due_on=due_on, question_sha256=digest(request.question),
    )  # fmt: skip
    return request


def reminder_at(request: OpinionRequest) -> datetime:
    """One working day before the answer is due; on the day itself where that day is over when the question is asked."""
    day = request.due_on - DAY
    while not is_working_day(day):
        day -= DAY
    moment = datetime.combine(day, _REMINDER, tzinfo=ZONE)
    return moment if moment > request.asked_at else datetime.combine(request.due_on, _REMINDER, tzinfo=ZONE)


def remind(request: OpinionRequest, *, actor: Actor, at: datetime) -> bool:
    """Flag a request that is still open in both queues; False when there is nothing to remind of."""
    if request.reminded_at is not None or not request.is_open:
        return False
    request.reminded_at = at
    request.save(update_fields=["reminded_at"])
    whom = str(request.department) if request.department else "专家"
    note(
        request.approval.affair, actor, "approval.remind_opinion",
        f"{request.approval.matter_name}：提醒答复征求意见（{whom}）", subject=request.approval.number,
        due_on=request.due_on,
    )  # fmt: skip
    return True


def answer(request: OpinionRequest, *, actor: Actor, text: str, at: datetime) -> None:
    """Once: by an officer of the department asked, or recorded for the expert by one of the department that asked."""
    if request.is_answered:
        raise AlreadyHandled(f"已经由{request.answered_by}答复，不会重复答复。")
    if not request.approval.is_open:
        state = request.approval.get_state_display()
        raise AlreadyHandled(f"“{request.approval.matter_name}”已经{state}，不再需要答复。")
    if not text.strip():
        raise DomainError("请填写答复意见。")
    request.answer, request.answered_by, request.answered_at = text.strip(), actor.user, at
    request.save(update_fields=["answer", "answered_by", "answered_at"])
    said = f"{request.department}答复征求意见" if request.department else "记录专家意见"
    note(
        request.approval.affair, actor, "approval.answer_opinion", f"{request.approval.matter_name}：{said}",
        subject=request.approval.number, answer_sha256=digest(request.answer),
    )  # fmt: skip


def answering_department(request: OpinionRequest) -> Department:
    """Whose officers answer: those asked, or, for an expert, those who asked."""
    return request.department or request.approval.department

"""The verbs of an affair's thread. They lock nothing and ask nobody: ``workflows.message_commands`` does."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db.models import Count, Min

from portal.accounts.errors import AlreadyHandled, DomainError
from portal.accounts.models import Actor
from portal.affairs.messages import Message, MessageFile
from portal.affairs.models import Affair, AffairQuerySet
from portal.affairs.services import note
from portal.affairs.uploads import Inspected
from portal.deadlines.clock import due_or_provisional, local_date

MAX_FILES = 5
MAX_CHARACTERS = 2000
# More questions than these wait for one answer, not for one each.
MAX_WAITING = 20
# A local promise, to be confirmed by the office: an answer within one working day of the first message that waits.
ANSWER_WORKING_DAYS = 1


def thread(affair: Affair) -> list[Message]:
    """All messages of an affair, the oldest first, with authors and files; two queries."""
    return list(affair.messages.select_related("author").prefetch_related("files").order_by("pk"))


def waiting() -> AffairQuerySet:
    """Affairs whose applicant waits for an answer, the longest first, with waiting_since and waiting_messages."""
    unanswered = Affair.objects.filed().filter(messages__is_from_window=False, messages__answered_at__isnull=True)
    return unanswered.annotate(waiting_since=Min("messages__created_at"), waiting_messages=Count("messages")).order_by(
        "waiting_since", "pk"
    )


def answer_due(since: datetime) -> date | None:
    """Last day of the promise for a message that has waited since; None while the calendar is not known (R98)."""
    return due_or_provisional(local_date(since), ANSWER_WORKING_DAYS).day


def post(
    affair: Affair,
    *,
    actor: Actor,
    is_from_window: bool,
    text: str,
    files: Sequence[Inspected],
    key: str,
    at: datetime,
) -> Message:
    """Add a message with its files; an answer of the window ends the wait of everything before it.

    key: of the page that sends; the same one again raises AlreadyHandled. The trail holds fingerprints, no words.
    """
    if affair.state == Affair.State.DRAFT:
        raise DomainError("草稿还没有提交，窗口看不到。请先提交，或者拨打咨询电话。")
    if not text.strip():
        raise DomainError("请写下要说的话。")
    if len(files) > MAX_FILES:
        raise DomainError(f"一次最多附 {MAX_FILES} 个文件，请分几次发送。")
    if affair.messages.filter(key=key).exists():
        raise AlreadyHandled("这条留言已经发出，没有重复发送。")
    unanswered = affair.messages.filter(is_from_window=False, answered_at__isnull=True)
    if is_from_window:
        unanswered.update(answered_at=at)
    elif unanswered.count() >= MAX_WAITING:
        raise DomainError(f"窗口还没有答复的留言已有 {MAX_WAITING} 条，请等窗口答复后再写，急事请打电话。")
    message = Message.objects.create(
        affair=affair, author=actor.user, is_from_window=is_from_window, text=text.strip(), key=key, created_at=at
    )
    for inspected in files:
        _keep(message, inspected)
    note(
        affair, actor, "message.answer" if is_from_window else "message.ask",
        "窗口留言" if is_from_window else "申请人留言", message=message.pk,
        text_sha256=hashlib.sha256(message.text.encode()).hexdigest(), files=[each.sha256 for each in files],
    )  # fmt: skip
    return message


def _keep(message: Message, inspected: Inspected) -> None:
    file = MessageFile(
        message=message,
        name=inspected.name,
        content_type=inspected.content_type,
        size_bytes=len(inspected.content),
        sha256=inspected.sha256,
    )
    file.file.save(inspected.name, ContentFile(inspected.content), save=False)
    file.save()


def settle(affair: Affair, *, actor: Actor, at: datetime) -> None:
    """What waits needs no answer (thanks, an answer by telephone); says who found so."""
    settled = affair.messages.filter(is_from_window=False, answered_at__isnull=True).update(answered_at=at)
    if not settled:
        raise AlreadyHandled("没有等待答复的留言，可能已由他人答复。")
    note(affair, actor, "message.settle", "留言无需书面答复", messages=settled)


def mark_read(affair: Affair, *, is_from_window: bool, at: datetime) -> int:
    """The other side has opened the thread."""
    return affair.messages.filter(is_from_window=is_from_window, read_at__isnull=True).update(read_at=at)

"""Recording a rating (R79, R80)."""

from datetime import datetime

from portal.accounts.errors import AlreadyHandled, DomainError
from portal.accounts.models import Actor
from portal.affairs.models import Affair
from portal.audit.services import record
from portal.feedback.models import Rating


def rate(affair: Affair, *, actor: Actor, level: int, comment: str, channel: str, at: datetime) -> Rating:
    """One rating per service occasion; the last two levels need a reason (R80). Raises AlreadyHandled on a repeat."""
    if Rating.objects.filter(affair=affair).exists():
        raise AlreadyHandled("这件事已经评价过，每次服务评价一次。")
    if affair.state != Affair.State.DELIVERED:
        raise AlreadyHandled("结果送达之后才能评价。")
    if level not in Rating.Level.values:
        raise DomainError("请选择五级评价之一。")
    if level < Rating.Level.FAIRLY_SATISFIED and not comment.strip():
        raise DomainError("评为“不满意”或“非常不满意”时，请写明原因，便于核实整改。")
    rating = Rating.objects.create(
        affair=affair, level=level, comment=comment.strip(), channel=channel, rated_by=actor.user, rated_at=at
    )
    record(
        chain=affair.chain,
        author=actor.author,
        action="affair.rate",
        say=f"评价：{rating.get_level_display()}",
        subject=str(affair),
        after={"level": level, "channel": channel},
        reason=rating.comment,
    )
    return rating

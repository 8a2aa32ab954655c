"""Telling people about a step: the notices are rows of the step's own transaction, sending is the outbox's work."""

from portal.affairs.models import Affair, Approval
from portal.notifications import services
from portal.notifications.kinds import Kind
from workflows.engine import outbox


def tell(kind: type[Kind], affair: Affair, approval: Approval | None = None, *, occasion: str = "") -> None:
    """Tell everybody concerned, once. A step that does not commit tells nobody."""
    for dispatch in services.tell(kind, affair, approval, occasion=occasion):
        outbox.enqueue("notice", key=f"notice:{dispatch.pk}", dispatch_id=dispatch.pk)

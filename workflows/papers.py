"""Which papers a step brings, and when they are made. The contents are checked and frozen within the step."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from portal.accounts.models import SYSTEM_ACTOR
from portal.affairs import services
from portal.affairs.models import Affair, Approval
from portal.documents import services as documents
from portal.documents.models import Document
from portal.notifications import kinds
from workflows import notices
from workflows.engine import outbox
from workflows.models import OneThingProcess

DECISION_PAPERS = {Approval.State.GRANTED: Document.Kind.GRANT, Approval.State.REFUSED: Document.Kind.REFUSAL}

# What the applicant is told of a decision, of results that are ready, and of results that were handed over.
DECIDED = {Approval.State.GRANTED: kinds.Granted, Approval.State.REFUSED: kinds.Refused}
READY = {Affair.DeliveryMethod.WINDOW: kinds.ReadyToCollect, Affair.DeliveryMethod.POST: kinds.ReadyToPost}
HANDED_OVER = {
    Affair.DeliveryMethod.WINDOW: kinds.HandedOver,
    Affair.DeliveryMethod.POST: kinds.Posted,
    Affair.DeliveryMethod.ELECTRONIC: kinds.Served,
}
_RATING_REMINDER = timedelta(days=1)


def issue(kind: Document.Kind, *, affair: Affair, approval: Approval | None = None) -> Document:
    """Check and freeze a paper now, have its PDF made by a worker. Raises ContentsMissing, which stops the step."""
    document = documents.issue(kind, affair=affair, approval=approval, at=timezone.now())
    outbox.enqueue("paper", key=f"paper:{document.pk}", document_id=document.pk)
    return document


def prepare_results(process: OneThingProcess) -> None:
    """Have every paper of the decisions in hand before the one exit opens; idempotent, outside the lock."""
    for document in Document.objects.filter(affair_id=process.seed_object_id, rendered_at__isnull=True):
        documents.render(document)


def conclude(affair: Affair) -> None:
    """办结: the closing receipt (R117), and electronic delivery where the applicant agreed to it."""
    now = timezone.now()
    services.conclude(affair, actor=SYSTEM_ACTOR, at=now)
    issue(Document.Kind.CONCLUSION, affair=affair)
    if affair.delivery_method == Affair.DeliveryMethod.ELECTRONIC:
        services.deliver(
            affair, actor=SYSTEM_ACTOR, method=affair.delivery_method, recipient=affair.subject_name, relation="本人",
            tracking_number="", at=now,
        )  # fmt: skip
        notices.tell(kinds.Served, affair)
        expect_rating(affair)
    else:
        notices.tell(READY.get(Affair.DeliveryMethod(affair.delivery_method), kinds.ReadyToCollect), affair)


def expect_rating(affair: Affair) -> None:
    """Ask for a rating after a day; close the affair as 未评价 when the set time has passed without one (R85)."""
    now, closing = timezone.now(), timedelta(days=settings.RATING_DAYS)
    for kind, after in (("remind_rating", _RATING_REMINDER), ("close_unrated", closing)):
        outbox.enqueue(kind, key=f"{kind}:{affair.pk}", due_at=now + after, affair_id=affair.pk)

"""Process classes of the flows: what a procedure asks of its affair. Proxies, no tables."""

from functools import cached_property

from portal.affairs.models import Affair, Approval
from workflows.engine.models import FlowProcess


class OneThingProcess(FlowProcess):
    """The course of one affair."""

    class Meta:
        proxy = True
        verbose_name = "一件事流程"

    @cached_property
    def affair(self) -> Affair:
        return Affair.objects.with_people().get(pk=self.seed_object_id)

    @property
    def is_accepted(self) -> bool:
        return self.affair.state != Affair.State.NOT_ACCEPTED

    @property
    def is_delivered(self) -> bool:
        return self.affair.state == Affair.State.DELIVERED


class ApprovalProcess(FlowProcess):
    """The course of one department's part."""

    class Meta:
        proxy = True
        verbose_name = "部门审批流程"

    @cached_property
    def approval(self) -> Approval:
        return Approval.objects.select_related("department").get(pk=self.artifact_object_id)

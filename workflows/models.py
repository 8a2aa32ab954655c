"""Process classes of the flows: what a procedure asks of its affair. Proxies, no tables."""

from portal.affairs.models import Affair, Approval
from workflows.engine.models import FlowProcess


class OneThingProcess(FlowProcess):
    """The course of one affair."""

    class Meta:
        proxy = True
        verbose_name = "一件事流程"

    @property
    def affair(self) -> Affair:
        """The object that the command handed over, else the row as it is now."""
        return self.seed

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

    @property
    def approval(self) -> Approval:
        """The object that the command handed over, else the row as it is now."""
        return self.artifact

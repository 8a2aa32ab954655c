"""The applicant's pages: authorise, bind the form, call a command, redirect."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from portal.accounts.errors import AlreadyHandled
from portal.affairs.models import Affair


def own(request: HttpRequest, pk: int) -> Affair:
    """The person's own affair; what is another's does not exist for them (404)."""
    return get_object_or_404(Affair.objects.of(request.user), pk=pk)


def own_draft(request: HttpRequest, pk: int) -> Affair:
    """Their own draft. Raises AlreadyHandled (409) when it was handed in meanwhile."""
    affair = own(request, pk)
    if affair.state != Affair.State.DRAFT:
        raise AlreadyHandled(f"这件申请已经提交，编号 {affair.number}，不能再修改。在“我的办件”里可以查看进度。")
    return affair


def kin(request: HttpRequest, affair: Affair) -> dict[str, Any]:
    """What an affair was copied from and to, as far as it is this person's."""
    theirs = Affair.objects.of(request.user).only("number", "created_at")
    return {
        "origin": theirs.filter(pk=affair.copied_from_id).first() if affair.copied_from_id else None,
        "copies": list(theirs.filter(copied_from=affair).order_by("pk")),
    }

"""The number beside the bell: one query on a page that shows it, none on any other."""

from collections.abc import Callable

from django.http import HttpRequest

from portal.accounts.models import User
from portal.notifications.models import Notice

_COUNTED = "_unread_notices"


def count_unread(request: HttpRequest) -> int:
    """How many notices the signed-in applicant has not read; counted once per request."""
    if not hasattr(request, _COUNTED):
        user = getattr(request, "user", None)
        is_applicant = user is not None and user.is_authenticated and user.role == User.Role.APPLICANT
        setattr(request, _COUNTED, Notice.objects.of(user).unread().count() if is_applicant else 0)
    return getattr(request, _COUNTED)


def forget_count(request: HttpRequest) -> None:
    """After some were read within this request."""
    if hasattr(request, _COUNTED):
        delattr(request, _COUNTED)


def unread(request: HttpRequest) -> dict[str, Callable[[], int]]:
    return {"unread_notices": lambda: count_unread(request)}

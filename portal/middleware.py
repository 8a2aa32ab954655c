"""A refused step becomes a page that says what happened and what to do."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.accounts.errors import AlreadyHandled, DomainError, NotYours

Respond = Callable[[HttpRequest], HttpResponse]

_PAGES = ((AlreadyHandled, 409, "409.html"), (NotYours, 403, "403.html"), (DomainError, 422, "422.html"))


class DomainErrorMiddleware:
    """Domain errors that a view did not put beside a field: 409 stale, 403 not yours, 422 everything else."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        for kind, status, template in _PAGES:
            if isinstance(exception, kind):
                return render(request, template, {"say": exception.say}, status=status)
        return None

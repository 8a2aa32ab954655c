"""Showing a masked value in full: never without an entry in the trail of the affair (R45)."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.accounts.access import actor_of
from portal.accounts.models import Actor
from portal.audit.services import record

ACTION = "personal_data.view"


@transaction.atomic
def unmask(*, chain: str, subject: str, key: str, what: str, actor: Actor) -> None:
    """Put on record who saw which value in full. The value itself stays out of the trail.

    chain: of the affair that holds the value; key: its place in the form; what: its label for people.
    """
    record(
        chain=chain, author=actor.author, action=ACTION, say=f"查看完整信息：{what}"[:200], subject=subject,
        after={"field": key},
    )  # fmt: skip


def show_in_full(
    request: HttpRequest, *, chain: str, subject: str, key: str, what: str, value: str, back_url: str
) -> HttpResponse:
    """Record the look, then answer with the value: in place for htmx, else on a page of its own."""
    unmask(chain=chain, subject=subject, key=key, what=what, actor=actor_of(request))
    context = {"key": key, "what": what, "value": value, "back_url": back_url}
    template = "staff/shown_value.html" if getattr(request, "htmx", False) else "staff/shown_page.html"
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response

"""问窗口: the applicant's side of the thread."""

from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.access import actor_of, open_to
from portal.accounts.models import User
from portal.affairs import correspondence
from portal.affairs.models import Affair
from portal.notifications import services as notifications
from portal.notifications.context import count_unread, forget_count
from portal.notifications.kinds import MessageFromWindow
from workflows import message_commands
from workflows.filing.steps import resume_url
from workflows.filing.views import own
from workflows.message_forms import MessageForm


@open_to(User.Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def messages(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole thread; a message that could not be sent comes back as it was typed."""
    affair = own(request, pk)
    if affair.state == Affair.State.DRAFT:
        return redirect(resume_url(affair))
    form = MessageForm(request.POST, request.FILES) if request.method == "POST" else MessageForm()
    status = 200
    if form.is_bound:
        status = form.deliver(lambda **typed: message_commands.ask(affair, actor=actor_of(request), **typed))
        if not status:
            flash.success(request, _("留言已发出，窗口答复后会通知您。"))
            return redirect(f"{reverse('filing:affair', args=[pk])}#ask")
    context = {"affair": affair, "thing": affair.one_thing, **conversation(request, affair, form=form)}
    return render(request, "filing/messages.html", context, status=status)


def conversation(
    request: HttpRequest, affair: Affair, *, form: MessageForm | None = None, shown: int | None = None
) -> dict[str, Any]:
    """The thread, or its last messages, and the form, for a page of the affair; showing it is reading it."""
    thread = correspondence.thread(affair)
    now = timezone.now()
    if any(message.is_from_window and message.read_at is None for message in thread):
        correspondence.mark_read(affair, is_from_window=True, at=now)
    if thread and count_unread(request):
        notifications.mark_read(request.user, at=now, affair=affair, kind=MessageFromWindow)
        forget_count(request)
    return {
        "thread": thread[-shown:] if shown else thread,
        "earlier": max(len(thread) - shown, 0) if shown else 0,
        "message_form": form or MessageForm(),
        "answer_working_days": correspondence.ANSWER_WORKING_DAYS,
    }

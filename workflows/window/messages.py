"""留言: who waits for an answer at the window, and answering."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.accounts.access import actor_of, open_to
from portal.accounts.models import User
from portal.affairs import correspondence
from portal.affairs.models import Affair
from workflows import message_commands
from workflows.desk import page_of
from workflows.message_forms import MessageForm
from workflows.window.views import tabs


@open_to(User.Role.CLERK)
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Affairs whose applicant waits for an answer, the longest first."""
    page = page_of(request, correspondence.waiting().with_people().defer("edition__content", "form", "answers"))
    context = {
        "page": page,
        "rows": [(affair, affair.one_thing.name, correspondence.answer_due(affair.waiting_since)) for affair in page],
        "tabs": tabs(request.user, "messages"),
        "answer_working_days": correspondence.ANSWER_WORKING_DAYS,
    }
    return render(request, "window/messages.html", context)


@open_to(User.Role.CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """The thread of one affair; showing it is reading it."""
    affair = _affair(pk)
    form = MessageForm(request.POST, request.FILES) if request.method == "POST" else MessageForm()
    status = 200
    if form.is_bound:
        status = form.deliver(lambda **typed: message_commands.answer(affair, actor=actor_of(request), **typed))
        if not status:
            flash.success(request, f"已答复 {affair.number}，申请人会收到通知。")
            return redirect("window:thread", pk)
    messages = correspondence.thread(affair)
    unread = [message for message in messages if not message.is_from_window and message.read_at is None]
    if unread:
        correspondence.mark_read(affair, is_from_window=False, at=timezone.now())
    since = next((each.created_at for each in messages if not each.is_from_window and not each.answered_at), None)
    context = {
        "affair": affair,
        "thread": messages,
        "form": form,
        "since": since,
        "due": correspondence.answer_due(since) if since else None,
    }
    return render(request, "window/thread.html", context, status=status)


@open_to(User.Role.CLERK)
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits needs no answer in writing."""
    affair = _affair(pk)
    message_commands.settle(affair, actor=actor_of(request))
    flash.success(request, f"{affair.number} 的留言已标为无需答复。")
    return redirect("window:messages")


def _affair(pk: int) -> Affair:
    return get_object_or_404(Affair.objects.filed().with_people(), pk=pk)

"""The applicant's inbox: what they were told, and how they want to be told."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.access import actor_of, open_to
from portal.accounts.models import User
from portal.notifications import mailbox
from portal.notifications.channels import available
from portal.notifications.forms import PreferencesForm
from portal.notifications.models import Notice
from portal.notifications.services import choose, mark_read

PAGE_SIZE = 20


@open_to(User.Role.APPLICANT)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Unread first, then the newest."""
    own = Notice.objects.of(request.user).select_related("affair").defer("affair__form", "affair__answers")
    page = Paginator(own.order_by(F("read_at").desc(nulls_first=True), "-pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    return render(request, "notifications/inbox.html", {"page": page})


@open_to(User.Role.APPLICANT)
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice; opening it is reading it."""
    told = get_object_or_404(Notice.objects.of(request.user).select_related("affair"), pk=pk)
    if told.read_at is None:
        Notice.objects.filter(pk=told.pk, read_at__isnull=True).update(read_at=timezone.now())
    return render(request, "notifications/notice.html", {"told": told})


@open_to(User.Role.APPLICANT)
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_read(request.user, at=timezone.now())
    return redirect("notifications:inbox")


@open_to(User.Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Channels for each group; the inbox itself is always on."""
    form = PreferencesForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_bound and form.is_valid():
        choose(request.user, actor=actor_of(request), wanted=form.wanted, email=form.cleaned_data["email"])
        messages.success(request, _("接收方式已保存。"))
        return redirect("notifications:preferences")
    context = {"form": form, "sends_sms": "sms" in available()}
    return render(request, "notifications/preferences.html", context, status=422 if form.errors else 200)


@open_to(User.Role.APPLICANT)
@require_safe
def demonstration_mailbox(request: HttpRequest) -> HttpResponse:
    """What a demonstration would have sent to this person by SMS and mail."""
    if not settings.DEMONSTRATION:
        raise Http404
    labels = {code: channel.label for code, channel in available().items()}
    items = [(labels.get(item.channel, item.channel), item) for item in mailbox.items_of(request.user)]
    return render(request, "notifications/mailbox.html", {"items": items})

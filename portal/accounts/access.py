"""Every view names who may see it; a test walks all of them with every role."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from portal.accounts.errors import NotYours
from portal.accounts.models import Actor, User

View = Callable[..., HttpResponse]

EVERYONE = frozenset({"everyone"})


def open_to_everyone(view: View) -> View:
    """The view needs no sign-in."""
    view.open_to = EVERYONE  # type: ignore[attr-defined]
    return view


def open_to(*roles: User.Role) -> Callable[[View], View]:
    """Only these roles may see the view: a stranger is sent to sign in, another role gets 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if request.user.role not in roles:
                raise NotYours("您的账号没有查看这个页面的权限。")
            return view(request, *args, **kwargs)

        guarded.open_to = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return decorate


def address_of(request: HttpRequest) -> str:
    """The reader's address; headers of proxies count only as far as the proxies are our own (TRUSTED_PROXIES)."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        return hops[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR", "")


def actor_of(request: HttpRequest) -> Actor:
    """Who acts, and from where, for the trail."""
    return Actor(user=request.user, source=f"网页 {address_of(request)}")

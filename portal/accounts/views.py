"""Signing in, signing up and changing one's password: django-allauth's steps within this portal's frame."""

from typing import Any

from allauth.account.views import LoginView, SignupView
from django.conf import settings

from portal.accounts.demo import accounts


class OfficeFrame:
    """allauth hands its pages a `site` of its own, which would hide the office that every page of ours names."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        context.pop("site", None)
        return context


class SignIn(OfficeFrame, LoginView):
    """A demonstration lists the accounts to sign in with."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = accounts() if settings.DEMONSTRATION else []
        return super().get_context_data(**kwargs) | {"demonstration_accounts": shown}


class SignUp(OfficeFrame, SignupView):
    pass

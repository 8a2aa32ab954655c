"""How django-allauth fits this portal: sign-in for everyone, sign-up for applicants only."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from portal.accounts.access import address_of


class AccountAdapter(DefaultAccountAdapter):
    """New accounts are applicants; staff accounts are made by an administrator."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """That somebody is signed in shows at the top of the page; no notice on top of it."""
        if message_template != "account/messages/logged_in.txt":
            super().add_message(request, level, message_template, *args, **kwargs)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user = super().save_user(request, user, form, commit=False)
        user.name, user.mobile = form.cleaned_data["name"], form.cleaned_data["mobile"]
        if commit:
            user.save()
        return user

"""Which notices reach a person by which channel."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.notifications import channels
from portal.notifications.kinds import Group
from portal.notifications.services import choices


class PreferencesForm(forms.Form):
    """One group of checkboxes per channel, and the address for mail. The inbox is always on and not among them."""

    use_required_attribute = False
    email = forms.EmailField(
        label="电子邮箱",
        required=False,
        help_text="填写后才能收到邮件；不想用邮件的留空。",
        error_messages={"invalid": "电子邮箱的格式不对，应当像 name@example.cn。"},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = choices(user)
        self.initial.setdefault("email", user.email)
        for code, channel in channels.available().items():
            self.fields[code] = forms.MultipleChoiceField(
                label=_("用%(channel)s告诉我") % {"channel": channel.label},
                choices=Group.choices,
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
            self.initial.setdefault(code, [group for group in Group.values if chosen[group, code]])

    @property
    def wanted(self) -> dict[tuple[str, str], bool]:
        return {
            (group, code): group in self.cleaned_data[code]
            for code in self.fields
            if code != "email"
            for group in Group.values
        }

"""What the public types in to query: forgiving about spaces, capitals and full-width characters."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from portal.catalogue.schema import Question


class CodeField(forms.CharField):
    """A number or code as read off a paper: half width, capitals, without the spaces and hyphens that group it."""

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFKC", super().to_python(value) or "")
        return "".join(char for char in text.upper() if char.isalnum())


class StatusForm(forms.Form):
    """The number together with its query code: never the number alone (R97)."""

    number = CodeField(
        label=_("办件编号"),
        max_length=60,
        help_text=_("印在收件回执上，是一串数字。"),
        error_messages={"required": _("请填写办件编号。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    code = CodeField(
        label=_("查询码"),
        max_length=30,
        help_text=_("印在编号旁边，8 位字母和数字，不分大小写。"),
        error_messages={"required": _("请填写查询码。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class VerifyForm(forms.Form):
    code = CodeField(
        label=_("核验码"),
        max_length=60,
        help_text=_("印在文书末尾的二维码旁边，16 位字母和数字，不分大小写。"),
        error_messages={"required": _("请填写核验码。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class AnswerForm(forms.Form):
    """One question of a one-thing, as choice cards. The field bears the id of the question."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, question: Question, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        kind, widget = (
            (forms.MultipleChoiceField, forms.CheckboxSelectMultiple)
            if question.multi
            else (forms.ChoiceField, forms.RadioSelect)
        )
        self.fields[question.id] = kind(
            label=question.text,
            help_text=escape(question.help + (_("可以选多项。") if question.multi else "")),
            choices=[(option.id, option.label) for option in question.options],
            widget=widget,
            error_messages={"required": _("请选择一项。"), "invalid_choice": _("请从下面的选项中选择。")},
        )


class GrantFilter(forms.Form):
    """departments and months: code and label of each that may be chosen."""

    q = forms.CharField(
        label=_("持有人、文号或证照编号"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    department = forms.ChoiceField(label=_("部门"), required=False)
    month = forms.ChoiceField(label=_("决定月份"), required=False)

    def __init__(self, data: Any, *, departments: Iterable[tuple[str, str]], months: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["department"].choices = [("", _("全部")), *departments]
        self.fields["month"].choices = [("", _("全部")), *months]

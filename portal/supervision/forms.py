"""Filters of supervision, and what an administrator may change."""

from typing import Any

from django import forms

from portal.accounts.models import Department
from portal.affairs.models import Affair
from portal.catalogue.models import Edition
from portal.supervision.lists import DUE


class AffairFilter(forms.Form):
    q = forms.CharField(label="编号或名称", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    one_thing = forms.ChoiceField(label="一件事", required=False)
    department = forms.ChoiceField(label="部门", required=False)
    state = forms.ChoiceField(label="状态", required=False)
    due = forms.ChoiceField(label="期限", required=False, choices=[("", "全部"), *DUE.items()])
    outside = forms.ChoiceField(label="本部门系统", required=False, choices=[("", "全部"), ("month", "本月二次录入")])
    concluded = forms.ChoiceField(label="办结", required=False, choices=[("", "全部"), ("month", "本月办结")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Edition.objects.current().catalogue.one_things.values()
        states = [choice for choice in Affair.State.choices if choice[0] != Affair.State.DRAFT]
        self.fields["one_thing"].choices = [("", "全部"), *((each.id, each.name) for each in known)]
        self.fields["department"].choices = [("", "全部"), *Department.objects.values_list("code", "name")]
        self.fields["state"].choices = [("", "全部"), ("running", "在办"), *states]


class DepartmentForm(forms.Form):
    """Telephones and 行政复议机关 of a department."""

    phone = forms.CharField(label="联系电话", max_length=40, required=False)
    complaint_phone = forms.CharField(label="监督电话", max_length=40, required=False)
    remedy_authority = forms.CharField(
        label="行政复议机关",
        max_length=100,
        required=False,
        help_text="《行政复议法》第二十四条、第二十七条。空白表示待部门确认：确认之前，这个部门不能作出不予决定。",
    )

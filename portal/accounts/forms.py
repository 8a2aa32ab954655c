from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms


class SignupForm(AllauthSignupForm):
    """What an applicant's account needs besides a name to sign in with."""

    name = forms.CharField(label="姓名或单位名称", max_length=100)
    mobile = forms.RegexField(
        label="手机号码",
        regex=r"^1[3-9]\d{9}$",
        error_messages={"invalid": "手机号码应为 11 位数字，以 1 开头。"},
    )

"""What an officer fills in."""

from collections.abc import Sequence
from typing import Any

from django import forms

from portal.affairs.decisions import CertificateEntry, Decision, expected_certificates
from portal.affairs.models import Approval, Certificate
from portal.catalogue.models import Edition
from workflows.desk import PreparedTextForm, StepForm


class QueueFilter(forms.Form):
    q = forms.CharField(label="编号、名称或事项", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    one_thing = forms.ChoiceField(label="一件事", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Edition.objects.current().catalogue.one_things.values()
        self.fields["one_thing"].choices = [("", "全部"), *((each.id, each.name) for each in known)]


class OpinionForm(PreparedTextForm):
    """审查意见."""

    sentences = (
        "申请材料齐全，符合法定形式。",
        "已核对电子证照和共享数据，信息一致。",
        "符合法定条件、标准，建议准予。",
        "不符合法定条件、标准，建议不予，理由见补充内容。",
    )
    missing = "请勾选常用意见，或者填写审查意见。"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prepared"].label = "常用意见"
        self.fields["text"].label = "审查意见"


class RefusalForm(StepForm):
    """不予 (R23, 《行政许可法》第三十八条); the remedies are added by the paper itself (R34–R36)."""

    facts = forms.CharField(
        label="认定的事实",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        help_text="查明了什么，根据什么材料或者核查。会原样写进决定书。",
    )
    reason = forms.CharField(
        label="不予的理由",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        help_text="上述事实不符合哪一项条件、标准。",
    )
    legal_basis = forms.CharField(
        label="法律依据",
        max_length=300,
        help_text="按目录预填，请核对到条、款、项。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    standard = forms.CharField(
        label="技术标准",
        max_length=300,
        required=False,
        help_text="依据检验、检测、检疫结果不予的必须填写（《行政许可法》第五十五条）。",
    )

    def __init__(self, *args: Any, approval: Approval, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"legal_basis": approval.matter.basis_in_words})
        super().__init__(*args, **kwargs)

    def decision(self) -> Decision:
        return Decision(**self.cleaned_data)


class GrantForm(forms.Form):
    """准予 itself asks for nothing; its results stand in the certificates."""


class CertificateForm(StepForm):
    """One result. What it is and for which vehicle is the catalogue's and the form's word, not the page's."""

    number = forms.CharField(label="证照（文书）编号", max_length=80)
    valid_from = forms.DateField(label="有效期自", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    valid_until = forms.DateField(
        label="有效期至",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="长期有效的不填。",
    )

    def __init__(self, *args: Any, expected: CertificateEntry, **kwargs: Any) -> None:
        self.expected = expected
        kwargs["initial"] = {
            "number": expected.number,
            "valid_from": expected.valid_from,
            "valid_until": expected.valid_until,
        }
        super().__init__(*args, **kwargs)

    def clean_number(self) -> str:
        number = self.cleaned_data["number"].strip()
        if Certificate.objects.filter(name=self.expected.name, number=number).exists():
            raise forms.ValidationError(f"编号“{number}”已经用过，请核对。")
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begin, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if begin and end and end <= begin:
            self.add_error("valid_until", "有效期的终止日必须晚于起始日。")
        return cleaned

    @property
    def title(self) -> str:
        return f"{self.expected.name}（{self.expected.item}）" if self.expected.item else self.expected.name

    def entry(self) -> CertificateEntry:
        expected = self.expected
        return CertificateEntry(
            name=expected.name, item=expected.item, licence_code=expected.licence_code, **self.cleaned_data
        )


class _Certificates(forms.BaseFormSet):
    """One form for each result that the grant has to bring; the page can neither add nor leave out one."""

    def __init__(self, *args: Any, expected: Sequence[CertificateEntry], **kwargs: Any) -> None:
        self.expected = expected
        super().__init__(*args, **kwargs)

    def total_form_count(self) -> int:
        return len(self.expected)

    def initial_form_count(self) -> int:
        return len(self.expected)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "expected": self.expected[index or 0]}

    def clean(self) -> None:
        taken: set[tuple[str, str]] = set()
        for form in self.forms:
            key = (form.expected.name, form.cleaned_data.get("number", "")) if form.is_valid() else None
            if key in taken:
                form.add_error("number", "与上面的编号重复，请核对。")
            elif key:
                taken.add(key)

    def decision(self) -> Decision:
        return Decision(certificates=tuple(form.entry() for form in self.forms))


CertificateFormSet = forms.formset_factory(CertificateForm, formset=_Certificates, extra=0)


def certificates(data: Any, approval: Approval) -> _Certificates:
    """The results of a grant, with proposed numbers and validity."""
    return CertificateFormSet(data, prefix="certificate", expected=expected_certificates(approval))

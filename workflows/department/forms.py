"""What an officer fills in."""

from collections.abc import Sequence
from typing import Any

from django import forms

from portal.accounts.models import Department
from portal.affairs import phrases
from portal.affairs.decisions import CertificateEntry, Decision, expected_certificates
from portal.affairs.models import Approval, Certificate, DecisionProposal, Phrase
from portal.affairs.proposals import decision_of
from portal.catalogue.models import Edition
from workflows.desk import OwnWords, PreparedTextForm, StepForm


class QueueFilter(forms.Form):
    q = forms.CharField(label="编号、名称或事项", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    one_thing = forms.ChoiceField(label="一件事", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Edition.objects.current().catalogue.one_things.values()
        self.fields["one_thing"].choices = [("", "全部"), *((each.id, each.name) for each in known)]


class OpinionForm(PreparedTextForm):
    """审查意见: everybody's prepared sentences, then those that the department keeps."""

    common = (
        "申请材料齐全，符合法定形式。",
        "已核对电子证照和共享数据，信息一致。",
        "符合法定条件、标准，建议准予。",
        "不符合法定条件、标准，建议不予，理由见补充内容。",
    )
    missing = "请勾选常用意见，或者填写审查意见。"

    def __init__(self, *args: Any, department: Department | int | None, **kwargs: Any) -> None:
        self.sentences = (*self.common, *phrases.sentences(department, Phrase.Use.OPINION))
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
    prepared = forms.MultipleChoiceField(
        label="常用理由",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="勾选的会写在理由之前。",
    )
    reason = OwnWords(
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

    def __init__(self, *args: Any, approval: Approval, proposal: DecisionProposal | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _refusal_typed(approval, proposal))
        super().__init__(*args, **kwargs)
        kept = phrases.sentences(approval.department_id, Phrase.Use.REFUSAL)
        if kept:
            self.fields["prepared"].choices = [(sentence, sentence) for sentence in kept]
        else:
            del self.fields["prepared"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("reason", "").strip() and not cleaned.get("prepared") and "reason" not in self.errors:
            self.add_error("reason", "请填写不予的理由。")
        return cleaned

    def decision(self) -> Decision:
        typed = dict(self.cleaned_data)
        reasons = [*typed.pop("prepared", ()), typed["reason"].strip()]
        return Decision(**{**typed, "reason": "\n".join(filter(None, reasons))})


def _refusal_typed(approval: Approval, proposal: DecisionProposal | None) -> dict[str, str]:
    """What an officer proposed before, else what the catalogue knows."""
    if proposal is None or proposal.verdict != DecisionProposal.Verdict.REFUSE:
        return {"legal_basis": approval.matter.basis_in_words}
    return {name: proposal.content[name] for name in ("facts", "reason", "legal_basis", "standard")}


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


def certificates(
    data: Any, approval: Approval, *, proposal: DecisionProposal | None = None, prefix: str = "certificate"
) -> _Certificates:
    """The results of a grant, with numbers and validity as proposed by an officer, else by the catalogue."""
    expected = expected_certificates(approval)
    if proposal is not None and proposal.verdict == DecisionProposal.Verdict.GRANT:
        typed = {(entry.name, entry.item): entry for entry in decision_of(proposal).certificates}
        expected = [typed.get((entry.name, entry.item), entry) for entry in expected]
    return CertificateFormSet(data, prefix=prefix, expected=expected)


class SignForm(forms.Form):
    """签发: which proposal the head has read."""

    proposal = forms.IntegerField(widget=forms.HiddenInput)


class SendBackForm(StepForm):
    """退回 to the officer."""

    proposal = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="退回的理由",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text="要改什么、为什么。经办人填写的内容都保留，在此基础上修改。",
    )


class TogetherGrantForm(forms.Form):
    """What several grants have in common."""

    reason = forms.CharField(
        label="办理意见",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        help_text="同一段话写进每一件的决定书；没有要说明的不填。",
    )


class AskForm(StepForm):
    """征求意见: of one department or of one expert."""

    department = forms.ModelChoiceField(
        Department.objects.none(), label="部门", required=False, empty_label="不征求部门，征求专家"
    )
    expert = forms.CharField(label="专家姓名、单位", max_length=100, required=False)
    expert_contact = forms.CharField(
        label="专家联系方式", max_length=100, required=False, help_text="电话或者邮箱，只有本部门看得到。"
    )
    question = forms.CharField(
        label="征求什么意见",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        help_text="一次写清楚要对方回答的问题。",
    )
    working_days = forms.IntegerField(
        label="答复期限（工作日）", min_value=1, max_value=20, initial=3, help_text="到期前 1 个工作日系统提醒双方。"
    )

    def __init__(self, *args: Any, approval: Approval, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.exclude(pk=approval.department_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if bool(cleaned.get("department")) == bool(cleaned.get("expert", "").strip()):
            self.add_error("department", "请选择一个部门，或者写明一位专家，二者选一。")
        return cleaned


class AnswerForm(StepForm):
    """The answer to a question, given once."""

    text = forms.CharField(label="答复意见", widget=forms.Textarea(attrs={"rows": 6}), max_length=4000)


class EntryForm(StepForm):
    """本部门系统录入."""

    number = forms.CharField(label="本部门系统编号", max_length=80)
    entered_at = forms.DateTimeField(
        label="录入时间",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="在本部门系统里录入完成的时间。",
    )


class PhraseForm(StepForm):
    """One sentence that is changed."""

    text = forms.CharField(label="常用语", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class NewPhraseForm(PhraseForm):
    """One sentence that is added."""

    use = forms.ChoiceField(label="用于", choices=Phrase.Use.choices, widget=forms.RadioSelect)
    field_order = ("use", "text")

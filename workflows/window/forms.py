"""What a clerk fills in."""

from typing import Any

from django import forms

from portal.affairs.models import Affair, Approval
from portal.catalogue.models import Edition
from portal.catalogue.plan import OUT_OF_AUTHORITY
from workflows.desk import PreparedTextForm, StepForm

RELATIONS = ("本人", "法定代表人（负责人）", "委托代理人", "同住成年家属", "单位收件人员")


class QueueFilter(forms.Form):
    q = forms.CharField(
        label="编号、名称、手机号或查询码", required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    one_thing = forms.ChoiceField(label="一件事", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Edition.objects.current().catalogue.one_things.values()
        self.fields["one_thing"].choices = [("", "全部"), *((each.id, each.name) for each in known)]


class RefusalForm(PreparedTextForm):
    """不予受理: only for a ground that the law knows, with the competent authority where it is another's (R1, R2)."""

    sentences = (
        "申请事项依法不需要取得行政许可。",
        "申请事项依法不属于本行政机关职权范围。",
        "申请人隐瞒有关情况或者提供虚假材料。",
        "法律、行政法规规定在一定期限内不得再次申请，期限尚未届满。",
    )
    missing = "请勾选或者写明不予受理的理由。"
    NOT_OURS = sentences[1]

    competent_authority = forms.CharField(
        label="有权受理的机关",
        required=False,
        max_length=100,
        help_text="不属于本机关职权范围的必须填写，申请人凭此另行申请（《行政许可法》第三十二条）。",
    )

    def __init__(self, *args: Any, affair: Affair, **kwargs: Any) -> None:
        plan = affair.plan
        competent = [
            affair.edition.catalogue.authority_name(gate.competent)
            for gate in plan.gates
            if gate.outcome == OUT_OF_AUTHORITY and gate.competent
        ]
        kwargs.setdefault("initial", {"competent_authority": "、".join(competent)})
        super().__init__(*args, **kwargs)
        self.fields["prepared"].label = "理由"
        self.fields["prepared"].help_text = ""
        self.fields["text"].label = "补充理由"
        self.fields["text"].help_text = "写明具体情况，会原样写进不予受理决定书。"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("prepared") and "prepared" not in self.errors:
            self.add_error(
                "prepared",
                "请勾选一项法定情形。材料不齐或者不符合法定形式的，应当一次告知补正，不得不予受理（《行政许可法》第三十二条）。",
            )
        if self.NOT_OURS in cleaned.get("prepared", ()) and not cleaned.get("competent_authority", "").strip():
            self.add_error("competent_authority", "请写明应当向哪个机关申请。")
        return cleaned


class AcceptanceForm(forms.Form):
    """受理 asks for nothing but the confirmation."""


class DeliveryForm(StepForm):
    """送达回证 (R116)."""

    method = forms.ChoiceField(label="送达方式", widget=forms.RadioSelect)
    recipient = forms.CharField(label="收件人", max_length=100, help_text="实际签收的人的姓名。")
    relation = forms.ChoiceField(label="与申请人的关系", choices=[(each, each) for each in RELATIONS])
    tracking_number = forms.CharField(
        label="邮件号码", max_length=60, required=False, help_text="邮寄的填写；申请人凭此查询邮件。"
    )

    def __init__(self, *args: Any, affair: Affair, **kwargs: Any) -> None:
        methods = Affair.DeliveryMethod
        offered = [methods.WINDOW, methods.POST]
        if affair.electronic_consent:
            offered.append(methods.ELECTRONIC)
        kwargs.setdefault(
            "initial",
            {
                "method": affair.delivery_method or methods.WINDOW,
                "recipient": affair.form.get("agent_name") or affair.form.get("legal_rep_name") or "",
                "relation": RELATIONS[2] if affair.form.get("agent_name") else RELATIONS[0],
            },
        )
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [(method.value, method.label) for method in offered]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("method") == Affair.DeliveryMethod.POST and not cleaned.get("tracking_number", "").strip():
            self.add_error("tracking_number", "邮寄送达请填写邮件号码。")
        return cleaned


class ReopeningForm(PreparedTextForm):
    """重新办理: why a decision that was not a grant is looked at again."""

    sentences = (
        "申请人已消除不予的原因，并补充了材料。",
        "复议决定或者生效判决要求重新办理。",
        "原决定有误，由作出机关自行纠正。",
    )
    missing = "请勾选或者写明重新办理的理由。"

    def __init__(self, *args: Any, approval: Approval, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prepared"].label = f"“{approval.matter_name}”为什么重新办理"
        self.fields["prepared"].help_text = ""
        self.fields["text"].label = "具体情况"

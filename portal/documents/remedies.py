"""What the person can do against a refusal, told in the refusal itself (R34–R36). Pure texts.

Remedies left out let the complaint period run up to a year (《行政复议法》第二十条第三款): no paper is issued
without them.
"""

from dataclasses import asdict, dataclass

from django.conf import settings

from portal.accounts.models import Department
from portal.deadlines.clock import LITIGATION_MONTHS, RECONSIDERATION_CALENDAR_DAYS


@dataclass(frozen=True, slots=True)
class Remedies:
    """Each text is a sentence for the paper; "" means that it does not apply or is not known.

    authority: the 复议机关, "" while the department has not confirmed it. administrative: False for a public service
    body, whose answer is no administrative act, so that neither 复议 nor 行政诉讼 is open; ``other`` says what is.
    """

    administrative: bool
    authority: str = ""
    reconsideration: str = ""
    litigation: str = ""
    online: str = ""
    other: str = ""

    def as_data(self) -> dict[str, str | bool]:
        return asdict(self)


def remedies_of(department: Department, paper: str, *, this: str = "本") -> Remedies:
    """Remedies against this department's refusal. paper: “决定书” or “通知书”; this: “该” in any other paper."""
    paper = this + paper
    if department.is_public_service:
        return Remedies(
            administrative=False,
            other=f"对{paper}有异议的，可以向{department.name}提出，也可以拨打监督投诉电话反映。",
        )
    authority = department.remedy_authority
    return Remedies(
        administrative=True,
        authority=authority,
        reconsideration=(
            f"如不服{paper}，可以自收到{paper}之日起{RECONSIDERATION_CALENDAR_DAYS}日内依法向{authority}申请行政复议"
            "（《中华人民共和国行政复议法》第二十条）。"
            if authority
            else ""
        ),
        litigation=(
            f"也可以自收到{paper}之日起{LITIGATION_MONTHS}个月内依法向有管辖权的人民法院提起行政诉讼"
            "（《中华人民共和国行政诉讼法》第四十六条）。"
        ),
        online=online_reconsideration(),
    )


def online_reconsideration() -> str:
    """Papers served online must name the online way too (《行政复议法》第二十二条第二款, R36)."""
    if not settings.RECONSIDERATION_URL:
        return ""
    return (
        f"行政复议申请可以通过互联网提交：{settings.RECONSIDERATION_URL}"
        "（《中华人民共和国行政复议法》第二十二条第二款）。"
    )


INACTION = (
    "逾期未作出决定的，可以依法申请行政复议；对行政复议决定不服的，再依法向人民法院提起行政诉讼"
    "（《中华人民共和国行政复议法》第十一条、第二十三条）。"
)
"""No answer within the legal time: reconsideration comes first, and the person must be told so (R35)."""

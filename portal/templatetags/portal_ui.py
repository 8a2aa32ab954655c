"""What every template may say: one word per component, and how days, money and personal data are written."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet, BoundField
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from portal.accounts import masking
from portal.deadlines.clock import Suspension, day_in_words, left_in_words, working_days_left
from portal.deadlines.explain import DayLine, Why
from portal.drawing.deadline_strip import DayCell, DayKind
from portal.drawing.deadline_strip import deadline_strip as draw_deadline_strip
from portal.drawing.icons import icon as draw_icon
from portal.drawing.legend import NEED_WORDS
from portal.drawing.plan_column import plan_column as draw_plan_column
from portal.drawing.plan_graph import Edge, Node
from portal.drawing.plan_graph import plan_graph as draw_plan_graph
from portal.drawing.swimlane import Lane
from portal.drawing.swimlane import swimlane as draw_swimlane

register = template.Library()

register.filter("mask_id", masking.mask_id)
register.filter("mask_mobile", masking.mask_mobile)
register.filter("mask_name", masking.mask_name)

# With so many working days left, or fewer, the mark beside the words asks for attention.
SOON_WORKING_DAYS = 2

TONE_ICONS = {
    "neutral": "circle",
    "info": "clock",
    "success": "check-circle",
    "warning": "alert",
    "danger": "octagon",
}
# Django's message levels; what is not here keeps its name.
MESSAGE_TONES = {"debug": "info", "error": "danger"}
NOTICE_ICONS = {"info": "info", "success": "check-circle", "warning": "alert", "danger": "octagon"}

# The paths are fixed by the architecture; a test of the address book walks them.
PUBLIC_NAVIGATION = (
    ("办事指南", "/guides/"), ("进度查询", "/status/"), ("文书核验", "/verify/"), ("许可公开", "/publicity/"),
)  # fmt: skip
NAVIGATION: dict[str, tuple[tuple[str, str], ...]] = {
    "applicant": (("我的办件", "/my/"), ("办事指南", "/guides/"), ("进度查询", "/status/")),
    "clerk": (("窗口办件", "/window/"), ("办事指南", "/guides/")),
    "officer": (("部门审批", "/department/"), ("办事指南", "/guides/")),
    "supervisor": (("效能监督", "/supervision/"), ("办事指南", "/guides/")),
    "administrator": (("效能监督", "/supervision/"), ("办事指南", "/guides/")),
}


@register.filter
def day(value: date | datetime | None) -> str:
    """“3 月 5 日（周三）”, with the year when it is not this one; a moment counts in Asia/Shanghai."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return day_in_words(value, timezone.localdate().year)


@register.filter
def moment(value: datetime | None) -> str:
    """“3 月 5 日（周三）14:02” in Asia/Shanghai; nothing for None."""
    if not value:
        return ""
    return f"{day(value)}{timezone.localtime(value):%H:%M}"


@register.filter
def yuan(fen: int | None) -> str:
    """A sum in fen as yuan: 120000 → “1,200 元”, 1250 → “12.50 元”; nothing for None."""
    if fen is None:
        return ""
    whole, rest = divmod(abs(fen), 100)
    sign = "-" if fen < 0 else ""
    return f"{sign}{whole:,}.{rest:02d} 元" if rest else f"{sign}{whole:,} 元"


@register.filter
def file_size(size_bytes: int | None) -> str:
    """“820 字节”, “16 KB”, “3.2 MB”; nothing for None."""
    if size_bytes is None:
        return ""
    if size_bytes < 1024:
        return f"{size_bytes} 字节"
    if size_bytes < 1024 * 1024:
        return f"{max(round(size_bytes / 1024), 1)} KB"
    return f"{size_bytes / 1024 / 1024:.1f} MB"


@register.filter
def notice_tone(level_tag: str) -> str:
    """The tone of a notice for a message of django.contrib.messages."""
    return MESSAGE_TONES.get(level_tag, level_tag)


@register.filter
def needs_in_words(lane: Lane, lanes: Sequence[Lane]) -> str:
    """What a lane waits for, for the table behind the swimlane."""
    return lane.needs_in_words(lanes)


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of portal.drawing.icons, to stand beside words."""
    return mark_safe(draw_icon(name))  # noqa: S308  the shapes are our own constants


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """The page's own query string, some values changed, None removed. Any change but `page` returns to page 1."""
    query = context["request"].GET.copy()
    if "page" not in changes:
        query.pop("page", None)
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/site_nav.html", takes_context=True)
def site_nav(context: template.Context) -> dict[str, Any]:
    """The main places of the person's role; those of the public without an account."""
    request: HttpRequest | None = context.get("request")
    user = context.get("user")
    signed_in = user is not None and user.is_authenticated
    places = NAVIGATION[user.role] if signed_in else PUBLIC_NAVIGATION
    path = request.path if request else ""
    return {"places": [{"label": label, "href": href, "current": path.startswith(href)} for label, href in places]}


@register.inclusion_tag("components/field.html")
def field(
    bound_field: BoundField, *, width: str = "", question: bool = False, plain: bool = False, row: bool = False
) -> dict[str, Any]:
    """A form field with label, hint and error. width: short | medium. question: the label is the page's question.

    Radio buttons and several checkboxes become choice cards; plain makes them bare, row puts short ones side by side.
    """
    kind = bound_field.widget_type
    errors = bound_field.errors
    classes = ["field", f"field--{width}" if width else "", "field--question" if question else ""]
    if errors:
        classes.append("field--error")
    choices = "choices choices--plain" if plain else "choices choices--row" if row else "choices"
    return {
        "field": bound_field,
        "errors": errors,
        "classes": " ".join(filter(None, classes)),
        "choice_classes": choices,
        "is_group": kind in ("radioselect", "checkboxselectmultiple"),
        "is_checkbox": kind == "checkbox",
        "question": question,
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet) -> dict[str, Any]:
    """Everything that is wrong on the page, each line leading to its field. Takes forms and formsets alike."""
    return {"problems": [problem for form in forms for problem in _problems(form)]}


def _problems(form: BaseForm | BaseFormSet) -> Iterable[dict[str, str]]:
    if not form.is_bound:
        return
    if isinstance(form, BaseFormSet):
        yield from ({"text": text, "target": ""} for text in form.non_form_errors())
        for one in form.forms:
            yield from _problems(one)
        return
    yield from ({"text": text, "target": ""} for text in form.non_field_errors())
    for bound_field in form:
        target = bound_field.id_for_label or f"{bound_field.auto_id}_0"
        yield from ({"text": text, "target": target, "label": bound_field.label} for text in bound_field.errors)


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> SafeString:
    """{% notice "warning" "还缺一份材料" %}…{% endnotice %}. tone: info | success | warning | danger."""
    values = {"tone": tone, "icon_name": NOTICE_ICONS[tone], "title": title, "content": content}
    return render_to_string("components/notice.html", values)


@register.simple_block_tag
def decision_bar(content: str, label: str = "") -> SafeString:
    """{% decision_bar "审查意见" %}buttons{% enddecision_bar %}: stays in sight at the foot of the window."""
    return render_to_string("components/decision_bar.html", {"label": label, "content": content})


@register.inclusion_tag("components/badge.html")
def badge(label: str, tone: str = "neutral", icon_name: str = "") -> dict[str, str]:
    """A state in a word or two, with a shape for its tone: neutral | info | success | warning | danger."""
    return {"label": label, "tone": tone, "icon_name": icon_name or TONE_ICONS[tone]}


@register.inclusion_tag("components/confidence.html")
def confidence(mark: Any) -> dict[str, str]:
    """待部门确认, 据公开资料 or nothing. Takes a Confidence, or its label."""
    return {"label": getattr(mark, "label", mark)}


@register.inclusion_tag("components/card_mark.html")
def card_mark(card: Any) -> dict[str, str]:
    """黄牌, 红牌 or 严重红牌 of a clock, nothing while it is green. Takes a Card of portal.deadlines.clock."""
    shades = {"yellow": "yellow", "red": "red", "serious": "red"}
    return {"label": card.label, "shade": shades.get(card.value, "")} if card else {"label": "", "shade": ""}


@register.inclusion_tag("components/time_left.html")
def time_left(
    due: date | None,
    *,
    today: date | None = None,
    suspensions: Iterable[Suspension] = (),
    paused: bool = False,
    words: str = "",
) -> dict[str, Any]:
    """Time left in words beside a mark that is not colour alone. words replaces them (a provisional date)."""
    today = today or timezone.localdate()
    pauses = tuple(suspensions)
    if paused:
        level, text = "still", words or "暂停计时"
    elif due is None:
        level, text = "still", words or "尚未开始计时"
    elif today > due:
        level, text = "over", words or left_in_words(today, due, pauses)
    else:
        soon = working_days_left(today, due, pauses) <= SOON_WORKING_DAYS
        level, text = ("soon" if soon else "ample"), words or left_in_words(today, due, pauses)
    icons = {"still": "pause", "over": "octagon", "soon": "alert", "ample": "clock"}
    return {"level": level, "text": text, "icon_name": icons[level]}


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: template.Context, key: str, label: str, css_class: str = "") -> dict[str, Any]:
    """A column head that sorts: `?sort=due`, pressed again `?sort=-due`."""
    sort = context["request"].GET.get("sort", "")
    state = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
    href = query_with(context, sort=f"-{key}" if state == "ascending" else key)
    icons = {"": "sort", "ascending": "sort-up", "descending": "sort-down"}
    return {"label": label, "href": href, "state": state, "icon_name": icons[state], "css_class": css_class}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: template.Context, page: Page) -> dict[str, Any]:
    """The pages of a list, keeping its filters and order."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "places": [
            {"number": number, "href": query_with(context, page=number) if isinstance(number, int) else ""}
            for number in numbers
        ],
        "previous": query_with(context, page=page.previous_page_number()) if page.has_previous() else "",
        "next": query_with(context, page=page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("components/stepper.html")
def stepper(labels: Sequence[str], current: int, hrefs: Sequence[str] = ()) -> dict[str, Any]:
    """“第 3 步，共 5 步”. current counts from 1; hrefs, where given, lead back to steps that are done."""
    steps = []
    for number, label in enumerate(labels, start=1):
        state = "done" if number < current else "current" if number == current else "upcoming"
        href = hrefs[number - 1] if state == "done" and number <= len(hrefs) else ""
        steps.append({"label": label, "state": state, "href": href})
    return {"steps": steps, "current": current, "total": len(labels), "label": labels[current - 1]}


@register.inclusion_tag("components/swimlane.html")
def swimlane(lanes: Sequence[Lane], title: str = "各部门审批进度", today: date | None = None) -> dict[str, Any]:
    """The approvals of an affair as a picture with its table."""
    today = today or timezone.localdate()
    wide, narrow = (draw_swimlane(lanes, today=today, title=title, narrow=narrow) for narrow in (False, True))
    return {"svg": mark_safe(wide), "narrow": mark_safe(narrow), "lanes": lanes, "title": title}  # noqa: S308


@register.inclusion_tag("components/plan_graph.html")
def plan_graph(nodes: Sequence[Node], edges: Sequence[Edge], title: str = "办理次序") -> dict[str, Any]:
    """The matters of a plan and what waits for what, as a picture with its table."""
    titles = {node.key: node.title for node in nodes}
    rows = [
        {
            "node": node,
            "step": node.stage + 1,
            "needs": "；".join(
                f"{titles[edge.source]}（{NEED_WORDS[edge.kind]}）" for edge in edges if edge.target == node.key
            ),
        }
        for node in nodes
    ]
    wide, narrow = (draw(nodes, edges, title=title) for draw in (draw_plan_graph, draw_plan_column))
    return {"svg": mark_safe(wide), "narrow": mark_safe(narrow), "rows": rows, "title": title}  # noqa: S308


@register.inclusion_tag("components/deadline_strip.html")
def deadline_strip(lines: Sequence[DayLine], title: str = "期限逐日计算", today: date | None = None) -> dict[str, Any]:
    """The days of portal.deadlines.explain as a picture with its table."""
    svg = draw_deadline_strip(_day_cells(lines), today=today or timezone.localdate(), title=title)
    return {"svg": mark_safe(svg), "lines": lines, "title": title}  # noqa: S308  the drawing escapes its texts


def _day_cells(lines: Sequence[DayLine]) -> list[DayCell]:
    kinds: dict[Why, DayKind] = {
        Why.START: "received",
        Why.WORKING: "counted",
        Why.MAKE_UP: "counted",
        Why.WEEKEND: "rest",
        Why.HOLIDAY: "rest",
        Why.SUSPENDED: "suspended",
        Why.UNKNOWN: "unknown",
    }
    cells = [DayCell(day=line.day, kind=kinds[line.why], ordinal=line.ordinal) for line in lines]
    if cells and cells[-1].kind == "counted":
        cells[-1] = DayCell(day=cells[-1].day, kind="due", ordinal=cells[-1].ordinal)
    return cells

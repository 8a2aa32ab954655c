"""What the screens of window and departments share: carrying out a step, prepared texts, lists."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.accounts.errors import AlreadyHandled, DomainError, NotYours

PER_PAGE = 25


def carry_out(
    request: HttpRequest, step: Callable[[], Any], *, form: forms.BaseForm, done: str, back_url: str
) -> HttpResponse | None:
    """Take the step that a valid form asks for: go back with a message, or answer why it was not taken.

    None: the form has the reason among its errors and keeps what was typed. A step that somebody else has taken is
    answered with 409 and the typed text, to be copied.
    """
    try:
        step()
    except NotYours:
        raise
    except AlreadyHandled as stale:
        context = {"say": stale.say, "typed": typed_text(form), "back_url": back_url}
        return render(request, "staff/stale.html", context, status=409)
    except DomainError as refused:
        form.add_error(None, refused.say)
        return None
    except OperationalError:
        form.add_error(None, "系统繁忙，这一步没有办成，也没有办一半。您填写的内容还在，请稍后再按一次。")
        return None
    messages.success(request, done)
    return redirect(back_url)


def typed_text(form: forms.BaseForm) -> list[tuple[str, str]]:
    """Label and text of every field into which a person has typed."""
    return [
        (str(field.label), str(field.value()).strip())
        for field in form
        if isinstance(field.field, forms.CharField) and not field.is_hidden and str(field.value() or "").strip()
    ]


class StepForm(forms.Form):
    """A form of a step: its labels say what is missing, in words, not in the browser's."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            verb = "请选择" if isinstance(field, forms.ChoiceField) else "请填写"
            field.error_messages["required"] = f"{verb}{field.label}。"


class _Sentences(forms.MultipleChoiceField):
    """Asked for, though one's own words may stand in their stead: the form judges, the label says no 选填."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: list[str]) -> None:
        if value:
            super().validate(value)


class OwnWords(forms.CharField):
    """Asked for, though prepared sentences may stand in their stead."""

    def validate(self, value: str) -> None:
        """Whether there is any text at all is for the form to judge."""


class PreparedTextForm(StepForm):
    """A text made of prepared sentences, of one's own words, or of both; ``full_text`` is what is kept."""

    prepared = _Sentences(label="常用语", help_text="勾选的会写在补充内容之前。")
    text = OwnWords(label="补充内容", widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)

    sentences: Sequence[str] = ()
    missing = "请勾选常用语，或者填写内容。"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prepared"].choices = [(sentence, sentence) for sentence in self.sentences]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.full_text and "text" not in self.errors:
            self.add_error("text", self.missing)
        return cleaned

    @property
    def full_text(self) -> str:
        """Prepared sentences first, then one's own words, each on its line."""
        return "\n".join(
            filter(None, [*self.cleaned_data.get("prepared", ()), self.cleaned_data.get("text", "").strip()])
        )


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page:
    """The page of a list that the reader asked for; a number that is none shows the nearest one."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))

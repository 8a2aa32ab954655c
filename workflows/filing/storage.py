"""The wizard's memory is the draft itself: one page's values at a time, as typed, guarded by the draft's version."""

from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from formtools.wizard.storage.base import BaseStorage

from portal.accounts.access import actor_of
from portal.affairs.models import Affair
from workflows import commands
from workflows.filing.forms import posted
from workflows.filing.steps import form_steps

# The hidden field that tells two open pages of one draft apart.
VERSION = "draft_version"


def version_of(request: HttpRequest) -> int:
    """The draft's version when the page was made; 0, older than any saved page, when it does not say."""
    text = request.POST.get("overwrite") or request.POST.get(VERSION, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


class DraftStorage(BaseStorage):
    """Nothing in the session: what is typed is in ``Affair.form``, and the step is the one in the address."""

    def __init__(self, prefix: str, request: HttpRequest, file_storage: Any = None) -> None:
        super().__init__(prefix, request, file_storage)
        self.affair: Affair = request.draft  # type: ignore[attr-defined]
        self.init_data()
        self.current_step = request.resolver_match.kwargs.get("step")  # type: ignore[union-attr]

    def reset(self) -> None:
        """A draft is kept until it is handed in."""

    def get_step_data(self, step: str) -> MultiValueDict | None:
        """The stored values of a step as the browser would send them; None when nothing of it was ever saved."""
        fields = next((each.fields for each in form_steps(self.affair, self.affair.plan) if each.id == step), ())
        if not any(field.id in self.affair.form for field in fields):
            return None
        return posted(fields, self.affair.form)

    def set_step_data(self, step: str, typed: dict[str, Any]) -> None:
        """Keep what was typed on one page. Raises StaleDraft when the draft was saved elsewhere in the meantime."""
        self.affair = commands.save_draft(
            self.affair, actor=actor_of(self.request), form=typed, version=version_of(self.request)
        )

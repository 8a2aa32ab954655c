"""The form: one page for each step of the edition, then materials, then confirmation and submission."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from formtools.wizard.views import NamedUrlWizardView

from portal.accounts.access import actor_of, open_to
from portal.accounts.errors import AlreadyHandled, NotAcceptable, StaleDraft
from portal.accounts.models import User
from portal.affairs.materials import Slot, slots
from portal.affairs.models import Affair, MaterialFile
from portal.affairs.reuse import Offer, offers
from portal.catalogue.schema import Confidence, confidence
from workflows import commands
from workflows.filing.forms import ConfirmForm, ReplaceForm, StepForm, UploadForm
from workflows.filing.overview import answer_rows, form_in_words, form_sections, why_in_words
from workflows.filing.prefill import prefill
from workflows.filing.steps import (
    CONFIRM,
    MATERIALS,
    FormStep,
    form_steps,
    linked_gaps,
    question_url,
    resume_url,
    slot_anchor,
    step_url,
)
from workflows.filing.storage import VERSION, version_of
from workflows.filing.views import own, own_draft
from workflows.filing.views.files import UPLOAD_ERRORS


@open_to(User.Role.APPLICANT)
@require_safe
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Into the form: its first page, or where it was left."""
    affair = own(request, pk)
    if affair.state != Affair.State.DRAFT:
        return redirect("filing:affair", pk)
    plan = affair.plan
    if not plan.can_file or any(field.id in affair.form for field in plan.fields):
        return redirect(resume_url(affair))
    return redirect(step_url(affair, form_steps(affair, plan)[0].id))


@dataclass(frozen=True, slots=True)
class MaterialCard:
    """One place in the file of the affair, as the materials page shows it."""

    slot: Slot
    anchor: str
    why: str
    form_in_words: str
    must_contain: str
    mark: Confidence
    upload: UploadForm
    files: tuple["ShownFile", ...]
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One file of a draft. taken_from: the number of the earlier affair that it comes from, or ""."""

    file: MaterialFile
    taken_from: str
    replace: ReplaceForm


class FilingWizard(NamedUrlWizardView):
    """Its steps come from the draft's plan, its memory is the draft; every page is saved as typed, right or wrong."""

    storage_name = "workflows.filing.storage.DraftStorage"
    form_list = [(CONFIRM, ConfirmForm)]
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        affair = own(request, kwargs["pk"])
        if affair.state != Affair.State.DRAFT:
            # A second press of “提交” lands here: the first one did it.
            return redirect("filing:affair", affair.pk)
        plan = affair.plan
        self.form_steps = {step.id: step for step in form_steps(affair, plan)}
        if not plan.can_file or kwargs["step"] not in self.form_steps:
            return redirect(resume_url(affair))
        request.draft = affair  # type: ignore[attr-defined]
        self.plan = plan
        self.step: FormStep = self.form_steps[kwargs["step"]]
        return super().dispatch(request, *args, **kwargs)

    @property
    def affair(self) -> Affair:
        return self.storage.affair

    def get_form_list(self) -> OrderedDict[str, type[forms.Form]]:
        kinds = {MATERIALS: forms.Form, CONFIRM: ConfirmForm}
        return OrderedDict((step, kinds.get(step, StepForm)) for step in self.form_steps)

    def get_form_prefix(self, step: str | None = None, form: Any = None) -> None:
        return None

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        fields = self.form_steps[step or self.step.id].fields
        if not fields:
            return {}
        first = prefill(self.affair, self.plan)
        return {
            "fields": fields,
            "values": {**first.values, **self.affair.form},
            "notes": first.notes,
            "rows_asked": self.request.GET.get("rows", ""),
        }

    def get_step_url(self, step: str) -> str:
        return step_url(self.affair, step)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        stored = self.storage.get_step_data(self.step.id) if "check" in request.GET else None
        return self.render(self.get_form(data=stored))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.get_form(data=request.POST)
        if self.step.id == CONFIRM:
            return self.submit(form)
        if self.step.fields:
            try:
                self.storage.set_step_data(self.step.id, form.typed())
            except StaleDraft as stale:
                return self.render(form, stale=stale.say, status=409)
        if "add_row" in request.POST:
            wanted = request.POST["add_row"]
            return redirect(f"{self.get_step_url(self.step.id)}?rows={wanted}#rows-{wanted}")
        if "leave" in request.POST:
            messages.success(request, "草稿已保存，随时可以从“我的办件”接着填写。")
            return redirect("filing:mine")
        if not form.is_valid():
            return self.render(form)
        if request.GET.get("then") == CONFIRM:
            return redirect(self.get_step_url(CONFIRM))
        return self.render_next_step(form)

    def submit(self, form: forms.Form) -> HttpResponse:
        """Hand in. A second press finds the work done and shows it; all gaps come at once, each with its page."""
        if not form.is_valid():
            return self.render(form)
        try:
            commands.submit(self.affair, actor=actor_of(self.request), version=version_of(self.request))
        except NotAcceptable:
            return self.render(form, status=422)
        except StaleDraft:
            return self.render(form, stale="这份草稿在别的页面改过。请核对下面的最新内容，再提交。", status=409)
        except AlreadyHandled:
            pass
        return redirect("filing:affair", self.affair.pk)

    def get_template_names(self) -> list[str]:
        return [
            {MATERIALS: "filing/materials.html", CONFIRM: "filing/confirm.html"}.get(self.step.id, "filing/step.html")
        ]

    def render(self, form: forms.Form | None = None, *, status: int = 200, **kwargs: Any) -> HttpResponse:
        context = self.get_context_data(form=form or self.get_form(), **kwargs)
        return self.render_to_response(context, status=status)

    def get_context_data(self, form: forms.Form, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(form=form, **kwargs)
        order = list(self.form_steps.values())
        place = order.index(self.step)
        affair = self.affair
        # A page of the form that is behind stays behind until its person decides; the summary is made afresh.
        is_behind = bool(kwargs.get("stale")) and self.step.id != CONFIRM
        context |= {
            "affair": affair,
            "thing": affair.one_thing,
            "step": self.step,
            "labels": [step.title for step in order],
            "hrefs": [self.get_step_url(step.id) for step in order],
            "number": place + 1,
            "back": self.get_step_url(order[place - 1].id) if place else reverse("filing:plan", args=[affair.pk]),
            "version_name": VERSION,
            "version": version_of(self.request) if is_behind else affair.version,
            "current_version": affair.version if is_behind else None,
        }
        if self.step.id == MATERIALS:
            context |= self.materials()
        if self.step.id == CONFIRM:
            context |= self.confirmation(affair)
        return context

    def materials(self) -> dict[str, Any]:
        """The cards, and files whose vehicle or driver is no longer in the form: never thrown away unseen."""
        errors = self.request.session.pop(UPLOAD_ERRORS, {})
        found = slots(self.affair, self.plan)
        wanted = [slot for slot in found if not slot.provided_by]
        offered = offers(self.affair, wanted, user=self.request.user)
        taken = self.affair.files.kept().filter(taken_from__isnull=False)
        origins = dict(taken.values_list("pk", "taken_from__affair__number"))
        cards = [self.card(slot, index, errors, offered.get(slot.key, ()), origins) for index, slot in enumerate(found)]
        placed = {file.pk for slot in found for file in slot.files}
        names = {material.id: material.name for material in self.affair.edition.catalogue.materials.values()}
        strays = [file for file in self.affair.files.kept() if file.pk not in placed]
        return {
            "failed": next((card.upload for card in cards if card.upload.is_bound), None),
            "wanted": [card for card in cards if not card.slot.provided_by],
            "provided": [card for card in cards if card.slot.provided_by],
            "done": sum(bool(card.slot.files) for card in cards if not card.slot.provided_by),
            "strays": [(file, _belonging(file, names)) for file in strays],
        }

    def card(
        self,
        slot: Slot,
        index: int,
        errors: dict[str, list[str]],
        offered: tuple[Offer, ...],
        origins: dict[int, str],
    ) -> MaterialCard:
        anchor = slot_anchor(slot, index)
        form = UploadForm.of(slot, anchor, errors.get(f"{slot.material.id}:{slot.item}"))
        return MaterialCard(
            slot=slot,
            anchor=anchor,
            why=why_in_words(slot, self.plan),
            form_in_words=form_in_words(slot.material.form, slot.material.copies),
            must_contain="、".join(slot.material.must_contain),
            mark=confidence(slot.material.status),
            upload=form,
            files=tuple(ShownFile(file, origins.get(file.pk, ""), ReplaceForm.of(file)) for file in slot.files),
            offers=offered,
        )

    def confirmation(self, affair: Affair) -> dict[str, Any]:
        return {
            "answers": answer_rows(affair, editable=True),
            "sections": form_sections(affair, self.plan, self.form_steps.values()),
            "slots": slots(affair, self.plan),
            "materials_url": step_url(affair, MATERIALS),
            "questions_url": question_url(affair, affair.one_thing.questions[0].id),
            "gaps": linked_gaps(affair),
        }


def _belonging(file: MaterialFile, names: dict[str, str]) -> str:
    name = names.get(file.material_code, "")
    return f"{name}（{file.item}）" if file.item else name


@open_to(User.Role.APPLICANT)
@require_POST
def autosave(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Keep a page while it is being typed. 409 when the draft was saved elsewhere meanwhile: nothing is overwritten."""
    affair = own(request, pk)
    fields = next((each.fields for each in form_steps(affair, affair.plan) if each.id == step), ())
    if not fields:
        return JsonResponse({"error": "没有这一步，请刷新页面。"}, status=404)
    form = StepForm(request.POST, fields=fields)
    try:
        own_draft(request, pk)
        saved = commands.save_draft(affair, actor=actor_of(request), form=form.typed(), version=version_of(request))
    except AlreadyHandled as error:
        return JsonResponse({"error": error.say}, status=409)
    saved_at = timezone.localtime(saved.saved_at)
    return JsonResponse(
        {"saved_at": saved_at.isoformat(timespec="seconds"), "version": saved.version},
        headers={"X-Draft-Version": str(saved.version)},
    )

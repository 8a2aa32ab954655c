"""The applicant's forms. portal.affairs.fields decides what is right; here each error finds its place on the page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet, formset_factory
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict
from django.utils.html import escape

from portal.affairs.fields import clean, clean_rows
from portal.affairs.intake import delivery_method
from portal.affairs.materials import Slot
from portal.affairs.models import Affair, MaterialFile
from portal.catalogue.schema import Column, Field, Question
from portal.feedback.models import Rating

# Each row sends a handful of values; settings.DATA_UPLOAD_MAX_NUMBER_FIELDS has room for so many.
MAX_ROWS = 500
_FEW_OPTIONS = 6


class QuestionForm(forms.Form):
    """One question of the edition, as choice cards."""

    use_required_attribute = False

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, widget = (
            (forms.MultipleChoiceField, forms.CheckboxSelectMultiple)
            if question.multi
            else (forms.ChoiceField, forms.RadioSelect)
        )
        self.fields["answer"] = kind(
            label=question.text,
            help_text=escape(question.help + ("可以选多项。" if question.multi else "")),
            choices=[(option.id, option.label) for option in question.options],
            widget=widget,
            error_messages={"required": "请选择一项。", "invalid_choice": "请从下面的选项中选择。"},
        )


class AcknowledgeForm(forms.Form):
    """A warning that has to be taken note of before going on."""

    use_required_attribute = False
    understood = forms.BooleanField(
        label="我已了解以上情况", error_messages={"required": "请先勾选“我已了解以上情况”。"}
    )


class CatalogueField(forms.Field):
    """One field, or one column of a list, as the edition describes it. note: where its first value came from."""

    def __init__(self, spec: Field | Column, *, in_row: bool = False, note: str = "") -> None:
        self.spec = spec
        hint = "".join(filter(None, (spec.help, note)))
        super().__init__(
            label=spec.label, required=spec.required, help_text=escape(hint), widget=_widget(spec, in_row=in_row)
        )

    def clean(self, value: Any) -> str:
        try:
            return clean(self.spec, value)
        except ValueError as error:
            raise ValidationError(str(error)) from None


def _widget(spec: Field | Column, *, in_row: bool) -> forms.Widget:
    if spec.options:
        choices = [(option, option) for option in spec.options]
        if in_row or len(choices) > _FEW_OPTIONS:
            return forms.Select(choices=[("", "请选择"), *choices])
        return forms.RadioSelect(choices=choices)
    return {
        "textarea": lambda: forms.Textarea(attrs={"rows": 4}),
        "number": lambda: forms.TextInput(attrs={"inputmode": "decimal"}),
        "date": lambda: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        "mobile": lambda: forms.TextInput(attrs={"type": "tel", "inputmode": "numeric"}),
        "id_number": lambda: forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
        "uscc": lambda: forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
        "plate": lambda: forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    }.get(spec.kind, forms.TextInput)()


class RowForm(forms.Form):
    """One vehicle or one driver. A row without a word in it is no row."""

    def __init__(self, *args: Any, columns: Sequence[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        for column in columns:
            self.fields[column.id] = CatalogueField(column, in_row=True)

    def raw(self) -> dict[str, str]:
        return {column.id: str(self.data.get(self.add_prefix(column.id), "")).strip() for column in self.columns}

    @property
    def is_marked_for_deletion(self) -> bool:
        return bool(self.data.get(self.add_prefix(DELETION_FIELD_NAME)))

    def full_clean(self) -> None:
        if self.is_bound and not any(self.raw().values()):
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def typed(self) -> dict[str, str]:
        """Values in their stored form where they are right, as typed where they are not."""
        self.errors  # noqa: B018  fills cleaned_data
        return {**self.raw(), **{key: self.cleaned_data[key] for key in self.cleaned_data if key in self.raw()}}


class RowFormSet(BaseFormSet):
    """The rows of one list field."""

    spec: Field

    @property
    def noun(self) -> str:
        """“车辆” of “车辆明细”: what one row is."""
        return self.spec.label.removesuffix("明细")

    def clean(self) -> None:
        if not self.management_form.is_valid() or any(form.errors for form in self.kept):
            return
        try:
            clean_rows(self.spec, [form.raw() for form in self.kept])
        except ValueError as error:
            raise ValidationError(str(error)) from None

    @property
    def kept(self) -> list[RowForm]:
        return [form for form in self.forms if not form.is_marked_for_deletion]

    def typed(self) -> list[dict[str, str]]:
        return [form.typed() for form in self.kept if any(form.raw().values())]

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[DELETION_FIELD_NAME].label = "删除这一行"


class StepForm(forms.Form):
    """One step of the edition's form: single fields, and lists with a formset each.

    values: the draft's form. notes: by field, where a first value came from. rows_asked: the list that gets an empty
    row.
    """

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        fields: Sequence[Field] = (),
        values: Mapping[str, Any] | None = None,
        notes: Mapping[str, str] | None = None,
        rows_asked: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.specs = {field.id: field for field in fields}
        values, notes = values or {}, notes or {}
        for field in fields:
            if not field.repeat:
                self.fields[field.id] = CatalogueField(field, note=notes.get(field.id, ""))
                self.initial.setdefault(field.id, values.get(field.id, ""))
        if "delivery" in self.specs:
            self._add_delivery(values, notes)
        self.lists = [
            _rows(field, self.data if self.is_bound else None, values.get(field.id) or [], asked=rows_asked == field.id)
            for field in fields
            if field.repeat
        ]

    def _add_delivery(self, values: Mapping[str, Any], notes: Mapping[str, str]) -> None:
        self.fields["post_address"] = forms.CharField(
            label="收件地址",
            required=False,
            max_length=200,
            help_text=escape("选择邮寄的填写，写明收件人可以签收的地址。" + notes.get("post_address", "")),
        )
        self.fields["electronic_consent"] = forms.BooleanField(
            label="我同意以电子方式接收决定书和证照",
            required=False,
            help_text="选择电子送达的勾选。电子文书与纸质文书具有同等法律效力。",
        )
        self.initial.setdefault("post_address", values.get("post_address", ""))
        self.initial.setdefault("electronic_consent", bool(values.get("electronic_consent")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "delivery" in cleaned:
            method = delivery_method(Affair(form=cleaned))
            if method == Affair.DeliveryMethod.ELECTRONIC and not cleaned.get("electronic_consent"):
                self.add_error("electronic_consent", "选择电子送达须勾选同意；不同意的，请改选窗口领取或邮寄。")
            if method == Affair.DeliveryMethod.POST and not cleaned.get("post_address"):
                self.add_error("post_address", "选择邮寄的，请填写收件地址。")
        return cleaned

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(rows.is_valid() for rows in self.lists)])

    def typed(self) -> dict[str, Any]:
        """What to keep of a bound form: what was typed, right or wrong. What the request does not carry stays."""
        self.errors  # noqa: B018  fills cleaned_data
        kept: dict[str, Any] = {}
        for name, field in self.fields.items():
            raw = field.widget.value_from_datadict(self.data, self.files, name)
            if raw is not None:
                kept[name] = self.cleaned_data.get(name, raw)
        return kept | {rows.spec.id: rows.typed() for rows in self.lists if rows.management_form.is_valid()}

    @property
    def everything(self) -> "Problems":
        return Problems(self)


class Problems:
    """The form with its lists, as one thing to the error summary."""

    def __init__(self, form: StepForm) -> None:
        self.form = form
        self.is_bound = form.is_bound

    def non_field_errors(self) -> list[str]:
        return [*self.form.non_field_errors(), *(text for rows in self.form.lists for text in rows.non_form_errors())]

    def __iter__(self) -> Iterator["BoundField | CellProblem"]:
        yield from self.form
        for rows in self.form.lists:
            for number, row in enumerate(rows.kept, start=1):
                yield from (CellProblem(f"{rows.noun} {number} 的{cell.label}", cell) for cell in row)


class CellProblem:
    """One cell of a list, named with its row."""

    def __init__(self, label: str, cell: BoundField) -> None:
        self.label = label
        self.errors = cell.errors
        self.id_for_label, self.auto_id = cell.id_for_label, cell.auto_id


def _rows(field: Field, data: Any, stored: list[dict[str, str]], *, asked: bool) -> RowFormSet:
    kind = formset_factory(
        RowForm, formset=RowFormSet, extra=1 if asked or not stored else 0, can_delete=True, max_num=MAX_ROWS,
        absolute_max=MAX_ROWS, validate_max=True,
    )  # fmt: skip
    rows = kind(
        data,
        initial=stored,
        prefix=field.id,
        form_kwargs={"columns": field.columns},
        error_messages={
            "too_many_forms": f"一次最多填写 {MAX_ROWS} 行。",
            "missing_management_form": "页面内容不完整，请刷新后重新填写。",
        },
    )
    rows.spec = field
    return rows


def posted(fields: Iterable[Field], values: Mapping[str, Any]) -> MultiValueDict:
    """Stored values as the browser would send them, to check a step that is not on the screen."""
    data: MultiValueDict = MultiValueDict()
    for field in fields:
        if field.repeat:
            rows = values.get(field.id) or []
            data[f"{field.id}-TOTAL_FORMS"] = data[f"{field.id}-INITIAL_FORMS"] = str(len(rows))
            for index, row in enumerate(rows):
                for key, value in row.items():
                    data[f"{field.id}-{index}-{key}"] = value
        else:
            data[field.id] = values.get(field.id, "")
    data["post_address"] = values.get("post_address", "")
    if values.get("electronic_consent"):
        data["electronic_consent"] = "on"
    return data


class _Files(forms.FileField):
    """Several files at once, or none; each is looked into by portal.affairs.uploads when it is kept."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return list(data or ())


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return files.getlist(name) if hasattr(files, "getlist") else list(filter(None, [files.get(name)]))


# An iPhone turns its HEIC photos into JPEG for whoever does not name HEIC; what is dropped as HEIC is taken as well.
_ACCEPT = "application/pdf,image/jpeg,image/png"


class UploadForm(forms.Form):
    """Files for one material (of one vehicle or driver). photo: straight from the camera of a phone."""

    use_required_attribute = False
    material = forms.CharField(widget=forms.HiddenInput)
    item = forms.CharField(widget=forms.HiddenInput, required=False)
    files = _Files(widget=_FilesInput(attrs={"accept": _ACCEPT}))
    photo = _Files(widget=_FilesInput(attrs={"accept": "image/*", "capture": "environment"}))

    @classmethod
    def of(cls, slot: Slot, anchor: str, errors: Sequence[str] | None = None) -> "UploadForm":
        """The form on a material's card. errors: what was wrong with the last files, told at the field."""
        place = {"material": slot.material.id, "item": slot.item}
        form = cls(place if errors else None, initial=place, auto_id=f"id_{anchor}_%s")
        form.fields["files"].label = f"{'再' if slot.files else ''}上传“{slot.label}”"
        form.fields["photo"].label = f"拍照上传“{slot.label}”"
        if errors:
            form._errors = ErrorDict(files=form.error_class(errors))
        return form

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["files"] = [*cleaned["files"], *cleaned["photo"]]
        if not cleaned["files"]:
            self.add_error("files", "请先选择要上传的文件。")
        return cleaned


class ReplaceForm(forms.Form):
    """Another file in the place of one."""

    use_required_attribute = False
    file = forms.FileField(
        widget=forms.FileInput(attrs={"accept": _ACCEPT}),
        allow_empty_file=True,
        error_messages={"required": "请先选择用来替换的文件。"},
    )

    @classmethod
    def of(cls, file: MaterialFile) -> "ReplaceForm":
        form = cls(auto_id=f"id_replace_{file.pk}_%s")
        form.fields["file"].label = f"选择替换“{file.name}”的文件"
        return form


class ConfirmForm(forms.Form):
    """The truthfulness statement; 《行政许可法》第三十一条 (R13)."""

    use_required_attribute = False
    truthful = forms.BooleanField(
        label="我承诺所填内容和提交的材料真实、准确、完整，并对其真实性负责。",
        error_messages={"required": "请勾选承诺后再提交。"},
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="撤回原因", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class RatingForm(forms.Form):
    """Five levels, none chosen beforehand (R79, R85); the last two say why (R80)."""

    use_required_attribute = False
    level = forms.TypedChoiceField(
        label="您对这次服务满意吗？",
        choices=sorted(Rating.Level.choices, reverse=True),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一项。", "invalid_choice": "请从五级评价中选择一项。"},
    )
    comment = forms.CharField(
        label="评价内容",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="选择“不满意”或“非常不满意”的，请写明原因，便于核实整改。",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        level = cleaned.get("level")
        if level is not None and level < Rating.Level.FAIRLY_SATISFIED and not cleaned.get("comment", "").strip():
            self.add_error("comment", "评为“不满意”或“非常不满意”的，请写明原因，便于核实整改。")
        return cleaned


class FilterForm(forms.Form):
    """The list of one's own affairs."""

    q = forms.CharField(label="办件编号或名称", required=False, max_length=60, strip=True)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *Affair.State.choices])

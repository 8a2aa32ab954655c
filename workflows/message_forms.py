"""Writing a message, on either side."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile

from portal.accounts.errors import AlreadyHandled, DomainError, NotYours, RejectedUpload
from portal.affairs.correspondence import MAX_CHARACTERS, MAX_FILES
from portal.affairs.messages import Message


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        return files.getlist(name) if hasattr(files, "getlist") else list(filter(None, [files.get(name)]))


class _Files(forms.FileField):
    """Any number of files, none included; what is in them is for portal.affairs.uploads to judge."""

    widget = _FilesInput(attrs={"accept": "application/pdf,image/jpeg,image/png"})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        if len(data) > MAX_FILES:
            raise forms.ValidationError(f"一次最多附 {MAX_FILES} 个文件，请分几次发送。")
        return list(data)


class MessageForm(forms.Form):
    """key: of the page, so that pressing twice sends once."""

    use_required_attribute = False
    text = forms.CharField(
        label="留言",
        max_length=MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写下要说的话。", "max_length": f"最多 {MAX_CHARACTERS} 个字，请分几次发送。"},
    )
    files = _Files(
        label="附件",
        required=False,
        help_text=f"PDF、JPG 或 PNG，最多 {MAX_FILES} 个。正式材料请按补正通知提交，附件不能代替。",
    )
    key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["key"] = uuid4().hex
        super().__init__(*args, **kwargs)

    def deliver(self, send: Callable[..., Message]) -> int:
        """Send what was typed: 0 when it is sent, else the status of the page that shows it again, with its errors.

        Files have to be chosen again after an error, which the error says; the text stays.
        """
        if not self.is_valid():
            return self._again(422)
        values = self.cleaned_data
        try:
            send(text=values["text"], files=values["files"], key=values["key"])
        except NotYours:
            raise
        except AlreadyHandled as stale:
            self.add_error(None, f"{stale.say}要再发一条，请修改后再按“发送”。")
            return self._again(409)
        except RejectedUpload as unfit:
            self.add_error("files", unfit.say)
            return self._again(422)
        except DomainError as refused:
            self.add_error(None, refused.say)
            return self._again(422)
        return 0

    def _again(self, status: int) -> int:
        if "key" in self.errors:
            self.errors.pop("key")
            self.add_error(None, "页面内容不完整，请再按一次“发送”。")
        if self.files.getlist("files") if self.files else False:
            self.add_error("files", "附件没有保留，请重新选择。")
        # The next press is a message of its own.
        self.data = self.data.copy()
        self.data[self.add_prefix("key")] = uuid4().hex
        return status

"""What can be wrong with a step, each with a message that says what happened and what to do."""

from collections.abc import Sequence


class DomainError(Exception):
    """A step that the law or the state of the affair does not allow; ``str()`` is Chinese and meant to be read."""

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say


class AlreadyHandled(DomainError):
    """Somebody was faster, or the button was pressed twice: the step is gone (HTTP 409)."""


class StaleDraft(AlreadyHandled):
    """The draft was saved elsewhere since this page was opened; nothing was overwritten."""


class NotAcceptable(DomainError):
    """The application cannot be handed in as it is; ``missing`` names each gap."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__("还不能提交：" + "；".join(missing))
        self.missing = tuple(missing)


class PrerequisitePending(DomainError):
    """No grant while a matter that has to come first is not granted (R49)."""


class RejectedUpload(DomainError):
    """A file that is too large, of the wrong kind, broken or dangerous."""


class NotYours(DomainError):
    """The person is not entitled to this step (HTTP 403)."""

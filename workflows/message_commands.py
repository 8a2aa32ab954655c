"""The thread between applicant and window: the write path of messages, as workflows.commands is of steps."""

from collections.abc import Sequence
from typing import Any

from django.core.files.base import File
from django.utils import timezone

from portal.accounts.models import WINDOW, Actor
from portal.affairs import correspondence, uploads
from portal.affairs.messages import Message
from portal.affairs.models import Affair
from portal.notifications.kinds import MessageFromWindow
from workflows import notices
from workflows.commands import locked, may_file, may_work


def ask(affair: Affair, *, actor: Actor, text: str, key: str, files: Sequence["File[Any]"] = ()) -> Message:
    """A message to the window. RejectedUpload when a file is unfit: then nothing is sent."""
    inspected = [uploads.inspect(file) for file in files]
    with locked(affair.pk) as affair:
        may_file(actor, affair)
        return correspondence.post(
            affair, actor=actor, is_from_window=False, text=text, files=inspected, key=key, at=timezone.now()
        )


def answer(affair: Affair, *, actor: Actor, text: str, key: str, files: Sequence["File[Any]"] = ()) -> Message:
    """A message of the window; the applicant and whoever filed are told, without its words."""
    inspected = [uploads.inspect(file) for file in files]
    with locked(affair.pk) as affair:
        may_work(actor, WINDOW)
        message = correspondence.post(
            affair, actor=actor, is_from_window=True, text=text, files=inspected, key=key, at=timezone.now()
        )
        notices.tell(MessageFromWindow, affair, occasion=str(message.pk))
        return message


def settle(affair: Affair, *, actor: Actor) -> None:
    """What waits for an answer needs none."""
    with locked(affair.pk) as affair:
        may_work(actor, WINDOW)
        correspondence.settle(affair, actor=actor, at=timezone.now())

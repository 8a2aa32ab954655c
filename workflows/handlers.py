"""What the workers do: one idempotent function per kind of job."""

from django.core.files.storage import default_storage

from portal.documents import services as documents
from portal.documents.models import Document
from portal.notifications import services as notifications
from workflows import commands, department_commands
from workflows.engine.nodes import run_job_node
from workflows.engine.outbox import handler


@handler("node")
def run_node(*, task_id: int) -> None:
    """Do the job step of a flow and move on."""
    run_job_node(task_id)


@handler("paper")
def make_paper(*, document_id: int) -> None:
    """Render one paper; a paper that is there already is left as it is."""
    documents.render(Document.objects.get(pk=document_id))


@handler("close_unrated")
def close_unrated(*, affair_id: int) -> None:
    """Archive an affair that nobody rated in time."""
    commands.close_unrated(affair_id)


@handler("notice")
def send_notice(*, dispatch_id: int) -> None:
    """Send one notice by one channel; one that is sent already is left alone."""
    notifications.send(dispatch_id)


@handler("remind_rating")
def remind_rating(*, affair_id: int) -> None:
    """Say once that the service may be rated."""
    commands.remind_rating(affair_id)


@handler("opinion_reminder")
def remind_opinion(*, request_id: int) -> None:
    """Flag a question to another department or an expert that is still open the day before it is due."""
    department_commands.remind_opinion(request_id)


@handler("delete_files")
def delete_files(*, names: list[str]) -> None:
    """Take stored files away whose records are gone; one that is away already is no error."""
    for name in names:
        default_storage.delete(name)

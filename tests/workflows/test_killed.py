"""A killed process loses nothing and makes nothing twice: real worker, real broker, real PostgreSQL, ``kill -9``."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from portal import fonts
from portal.affairs.models import Affair, Approval
from portal.audit.services import verify
from portal.documents.models import Document
from tests.office import Office
from workflows.engine.models import FlowTask, Job
from workflows.engine.reconciler import reconcile
from workflows.one_thing import OneThingFlow

pytestmark = [pytest.mark.postgres, pytest.mark.broker, pytest.mark.django_db(transaction=True)]

PAPERS = 16
LEASE_SECONDS = 3


@pytest.fixture
def office(transactional_db: None) -> Office:
    return Office()


@pytest.fixture
def environment(broker_url: str, tmp_path: Path) -> dict[str, str]:
    """That of a process of the portal which shares this test's database, files and broker."""
    database = connection.settings_dict
    host, port = database["HOST"] or "127.0.0.1", database["PORT"] or 5432
    credentials = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
    fonts.configure()
    (tmp_path / "fonts").symlink_to(Path(settings.DATA_DIR) / "fonts")
    return os.environ | {
        "DATABASE_URL": f"postgres://{credentials}@{host}:{port}/{database['NAME']}",
        "CELERY_BROKER_URL": broker_url,
        "CELERY_QUEUE": f"test-{os.getpid()}-{time.monotonic_ns()}",
        "DATA_DIR": str(tmp_path),
        "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
        "SWEEP_SECONDS": "0.5",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker with its scheduler, in a process group of its own; killed hard at the end."""
    command = [sys.executable, "-m", "celery", "-A", "portal", "worker", "-B", "--concurrency=2", "--loglevel=ERROR"]
    schedule = ["--schedule", environment["DATA_DIR"] + "/schedule", "--without-gossip", "--without-mingle"]
    process = subprocess.Popen(command + schedule, env=environment, cwd=settings.BASE_DIR, start_new_session=True)
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(happened: Callable[[], bool], *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.05)


def made() -> int:
    return Document.objects.filter(rendered_at__isnull=False).count()


def files_on_disk() -> int:
    return sum(1 for path in Path(settings.MEDIA_ROOT, "documents").rglob("*.pdf"))


def test_a_worker_killed_in_the_middle_of_papers_loses_none_and_makes_none_twice(
    office: Office, environment: dict[str, str]
) -> None:
    for seed in range(PAPERS):
        office.submitted(seed=seed)
    with worker(environment):
        until(lambda: made() >= 3 and Job.objects.filter(state=Job.State.RUNNING).exists(), seconds=60)
    left_behind = Job.objects.filter(state=Job.State.RUNNING).count()
    assert left_behind > 0
    assert made() < PAPERS
    with worker(environment):
        until(lambda: made() == PAPERS, seconds=60)
    until(lambda: not Job.objects.due(timezone.now()).exists(), seconds=10)
    reconcile()
    assert not any(reconcile().as_dict().values())
    assert Document.objects.count() == PAPERS == files_on_disk()
    assert set(Job.objects.filter(kind="paper").values_list("state", flat=True)) == {Job.State.DONE}
    assert verify() is None


def killed_during(environment: dict[str, str], patch: str, step: str) -> None:
    """Run ``step`` in a process of its own that kills itself where ``patch`` says."""
    code = "\n".join(
        [
            "import os, signal, django",
            "django.setup()",
            "def die(*args, **kwargs): os.kill(os.getpid(), signal.SIGKILL)",
            patch,
            step,
        ]
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=settings.BASE_DIR, check=False)
    assert done.returncode == -signal.SIGKILL


def test_a_process_killed_in_the_middle_of_an_approval_leaves_the_step_undone(
    office: Office, environment: dict[str, str]
) -> None:
    affair = office.accepted()
    approval = office.review(office.approval(affair, "qysl"))
    tasks = list(FlowTask.objects.order_by("pk").values_list("pk", "status"))
    # After the record, the trail and the paper were written, before the flow moved and the transaction ended.
    killed_during(
        environment,
        "from workflows import commands; commands.take_step = die",
        "from portal.accounts.models import Actor, User\n"
        "from portal.affairs.models import Approval\n"
        "from portal.affairs.decisions import Decision, expected_certificates\n"
        f"approval = Approval.objects.get(pk={approval.pk})\n"
        f"actor = Actor(User.objects.get(pk={office.officer(approval).user.pk}))\n"
        "commands.grant(approval, actor=actor, decision=Decision(certificates=tuple(expected_certificates(approval))))",
    )
    approval.refresh_from_db()
    assert approval.state == Approval.State.DECIDING
    assert not approval.certificates.exists()
    assert not Document.objects.filter(approval=approval).exists()
    assert list(FlowTask.objects.order_by("pk").values_list("pk", "status")) == tasks
    assert verify() is None
    office.grant(approval)
    assert Document.objects.filter(approval=approval).count() == 1


def test_a_worker_killed_while_it_concludes_is_followed_by_one_that_concludes_once(
    office: Office, environment: dict[str, str]
) -> None:
    affair = office.grant_everything(office.accepted())
    job = Job.objects.get(kind="node")
    killed_during(
        environment,
        "from portal.affairs import services; services.conclude = die",
        f"from workflows.engine import outbox; outbox.run({job.pk})",
    )
    job.refresh_from_db()
    affair.refresh_from_db()
    assert (job.state, affair.state) == (Job.State.RUNNING, Affair.State.ISSUING)
    until(lambda: job.leased_until < timezone.now(), seconds=LEASE_SECONDS + 2)
    assert reconcile().jobs_done > 0
    affair.refresh_from_db()
    assert affair.concluded_at is not None
    assert affair.documents.filter(kind=Document.Kind.CONCLUSION).count() == 1
    assert FlowTask.objects.filter(flow_task=OneThingFlow.issue).count() == 1
    assert affair.documents.count() == files_on_disk()
    assert not any(reconcile().as_dict().values())

"""Sending: once, however often and wherever a worker dies."""

import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from portal.accounts.models import User
from portal.affairs.models import Affair
from portal.notifications import channels, kinds, mailbox, services
from portal.notifications.channels import Mail, NotSent, Rejected, Sms
from portal.notifications.models import Dispatch, MailboxItem
from tests.office import Office
from workflows.engine import outbox
from workflows.engine.models import Job


class Killed(BaseException):
    """The worker's process ends here: nothing catches it."""


@pytest.fixture
def affair(office: Office) -> Affair:
    User.objects.filter(pk=office.applicant.user.pk).update(mobile="13800000001", email="shenqing@example.cn")
    office.applicant.user.refresh_from_db()
    affair = office.submitted()
    outbox.run_due()
    mail.outbox.clear()
    return affair


def told(affair: Affair) -> dict[str, Dispatch]:
    """A notice that goes out by mail and by SMS."""
    return {each.channel: each for each in services.tell(kinds.NotAccepted, affair)}


def state(dispatch: Dispatch) -> str:
    return Dispatch.objects.get(pk=dispatch.pk).state


def test_a_notice_goes_out_by_a_job_after_the_step(office: Office, affair: Affair):
    from workflows import commands

    commands.refuse_acceptance(affair, actor=office.clerk, reason="不属于职权范围")
    assert MailboxItem.objects.count() == len(mail.outbox) == 0
    outbox.run_due()
    assert MailboxItem.objects.get().address == "13800000001"
    assert [message.to for message in mail.outbox] == [["shenqing@example.cn"]]
    assert set(Dispatch.objects.values_list("state", flat=True)) == {Dispatch.State.SENT}


def test_a_mail_leads_to_the_affair_and_shows_its_number_in_part(affair: Affair):
    services.send(told(affair)["mail"].pk)
    text = mail.outbox[0].body
    assert f"/my/{affair.pk}/" in text
    assert affair.number not in text
    assert affair.number[-6:] in text
    assert affair.query_code not in text


def test_a_job_that_runs_twice_sends_once(affair: Affair):
    for dispatch in told(affair).values():
        for _ in range(3):
            services.send(dispatch.pk)
    assert (len(mail.outbox), MailboxItem.objects.count()) == (1, 1)


@pytest.mark.parametrize(("channel", "after"), [("sms", Dispatch.State.SENT), ("mail", Dispatch.State.UNCERTAIN)])
def test_a_worker_killed_after_the_send_does_not_make_it_two(
    affair: Affair, monkeypatch: pytest.MonkeyPatch, channel: str, after: str
):
    """The gateway drops the key that it had; a mail server would not, so the mail is left as it is."""
    dispatch = told(affair)[channel]
    kind = {"sms": Sms, "mail": Mail}[channel]
    send = kind.send

    def send_and_die(self: Any, *args: Any, **kwargs: Any) -> None:
        send(self, *args, **kwargs)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(kind, "send", send_and_die)
        with pytest.raises(Killed):
            services.send(dispatch.pk)
    assert state(dispatch) == Dispatch.State.SENDING
    services.send(dispatch.pk)
    services.send(dispatch.pk)
    assert state(dispatch) == after
    assert len(mail.outbox) + MailboxItem.objects.count() == 1


def test_what_was_certainly_not_sent_is_tried_again_by_the_outbox(affair: Affair, monkeypatch: pytest.MonkeyPatch):
    dispatch = told(affair)["sms"]
    job = outbox.enqueue("notice", key=f"notice:{dispatch.pk}", dispatch_id=dispatch.pk)

    def down(*args: Any, **kwargs: Any) -> None:
        raise NotSent from TimeoutError("gateway 13800000001")

    with monkeypatch.context() as patched:
        patched.setattr(mailbox.DemonstrationGateway, "send", down)
        assert outbox.run(job.pk) is False
    dispatch.refresh_from_db()
    assert (dispatch.state, dispatch.attempts, dispatch.last_error) == (Dispatch.State.WAITING, 1, "TimeoutError")
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    assert outbox.run(job.pk) is True
    assert state(dispatch) == Dispatch.State.SENT
    assert MailboxItem.objects.count() == 1


def test_an_address_that_is_refused_for_good_is_not_tried_again(affair: Affair, monkeypatch: pytest.MonkeyPatch):
    dispatch = told(affair)["sms"]

    def unknown(*args: Any, **kwargs: Any) -> None:
        raise Rejected

    monkeypatch.setattr(mailbox.DemonstrationGateway, "send", unknown)
    services.send(dispatch.pk)
    assert state(dispatch) == Dispatch.State.FAILED


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (smtplib.SMTPRecipientsRefused({"a@example.cn": (550, b"unknown")}), Rejected),
        (smtplib.SMTPRecipientsRefused({"a@example.cn": (450, b"busy")}), NotSent),
        (smtplib.SMTPDataError(451, b"later"), NotSent),
        (smtplib.SMTPServerDisconnected(), smtplib.SMTPServerDisconnected),
    ],
)
def test_what_a_mail_server_answers_decides_whether_to_try_again(
    affair: Affair, monkeypatch: pytest.MonkeyPatch, error: Exception, raised: type[Exception]
):
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise error

    notice = told(affair)["mail"].notice
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    with pytest.raises(raised):
        Mail().send(notice, address="a@example.cn", key="0" * 32)


def test_a_mail_server_that_cannot_be_reached_sent_nothing(affair: Affair, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    notice = told(affair)["mail"].notice
    with pytest.raises(NotSent):
        Mail().send(notice, address="a@example.cn", key="0" * 32)


def test_who_has_no_address_any_more_gets_nothing(office: Office, affair: Affair):
    dispatch = told(affair)["sms"]
    User.objects.filter(pk=office.applicant.user.pk).update(mobile="")
    services.send(dispatch.pk)
    assert state(dispatch) == Dispatch.State.NO_ADDRESS
    assert not MailboxItem.objects.exists()


def test_the_demonstrations_letter_box_works_in_a_demonstration_only(affair: Affair, settings):
    settings.DEMONSTRATION = False
    with pytest.raises(ImproperlyConfigured):
        mailbox.DemonstrationGateway().send(mobile="13800000001", text="…", key="1")
    assert not MailboxItem.objects.exists()


def test_a_demonstrations_mail_is_in_the_letter_box(affair: Affair, settings):
    settings.EMAIL_BACKEND = "portal.notifications.mailbox.MailboxBackend"
    dispatch = told(affair)["mail"]
    services.send(dispatch.pk)
    assert MailboxItem.objects.get(channel="mail").key == dispatch.key


def test_a_channel_is_a_class_named_in_the_settings(settings):
    settings.NOTICE_CHANNELS = ["portal.notifications.channels.Sms"]
    assert list(channels.available()) == ["sms"]

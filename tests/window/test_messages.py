"""The window's side of the thread: who waits, until when, and answering."""

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.affairs.messages import Message
from portal.affairs.models import Affair
from portal.audit.models import Entry
from portal.notifications.models import Notice
from tests.copies import copies_of
from tests.factories import UserFactory
from tests.office import Office
from tests.threads import answered, asked

WAITING = "/window/messages/"


@pytest.fixture
def clerk(office: Office) -> Client:
    client = Client()
    client.force_login(office.clerk.user)
    return client


def place(affair: Affair) -> str:
    return reverse("window:thread", args=[affair.pk])


def test_who_waits_longest_comes_first_with_the_day_of_the_promise(office: Office, clerk: Client) -> None:
    late, early = office.submitted(), office.submitted(seed=2)
    # 周五写的，下一个工作日是周一（国务院办公厅 2026 年放假通知：2026-06-12 为普通周五）。
    with time_machine.travel("2026-06-12T10:00:00+08:00", tick=False):
        asked(office, early)
    with time_machine.travel("2026-06-15T10:00:00+08:00", tick=False):
        asked(office, late)
        asked(office, late)
        page = clerk.get(WAITING).content.decode()
    assert page.index(early.number) < page.index(late.number)
    assert "6 月 15 日（周一）前答复" in page
    assert "2 条" in page
    assert "待部门确认" in page


def test_the_list_costs_the_same_with_10_and_with_200_affairs(office: Office, clerk: Client) -> None:
    affair = office.submitted()
    asked(office, affair)

    def wait(count: int) -> None:
        copies_of(affair, count)
        new = Affair.objects.filed().filter(messages=None)
        Message.objects.bulk_create(
            Message(affair=one, author=affair.applicant, is_from_window=False, text="…", key=f"copy{one.pk}",
                    created_at=affair.submitted_at)
            for one in new
        )  # fmt: skip

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert clerk.get(WAITING).status_code == 200
        return len(captured)

    wait(9)
    clerk.get(WAITING)
    few = queries()
    wait(190)
    assert queries() == few
    assert "共 200 件" in clerk.get(WAITING).content.decode()


def test_an_answer_ends_the_wait_and_tells_the_applicant_without_its_words(office: Office, clerk: Client) -> None:
    affair = office.submitted()
    asked(office, affair)
    response = clerk.post(place(affair), {"text": "带复印件即可。", "key": "a" * 32}, follow=True)
    assert "已答复" in response.content.decode()
    assert affair.number not in clerk.get(WAITING).content.decode()
    notice = Notice.objects.get(kind="message_from_window")
    assert notice.recipient == affair.applicant
    assert "复印件" not in notice.subject + notice.body + notice.sms
    assert Entry.objects.filter(action="message.answer").count() == 1


def test_an_answer_pressed_twice_is_sent_once_and_the_typed_text_is_there(office: Office, clerk: Client) -> None:
    affair = office.submitted()
    sent = {"text": "带复印件即可。", "key": "a" * 32}
    assert clerk.post(place(affair), sent).status_code == 302
    again = clerk.post(place(affair), sent)
    assert again.status_code == 409
    assert "带复印件即可。</textarea>" in again.content.decode()
    assert (affair.messages.count(), Notice.objects.filter(kind="message_from_window").count()) == (1, 1)


def test_an_empty_answer_is_refused_and_nothing_is_told(office: Office, clerk: Client) -> None:
    affair = office.submitted()
    asked(office, affair)
    assert clerk.post(place(affair), {"text": "", "key": "a" * 32}).status_code == 422
    assert not Notice.objects.filter(kind="message_from_window").exists()
    assert affair.number in clerk.get(WAITING).content.decode()


def test_thanks_need_no_answer_and_who_found_so_is_on_the_record(office: Office, clerk: Client) -> None:
    affair = office.submitted()
    asked(office, affair, text="谢谢！")
    settle = reverse("window:settle", args=[affair.pk])
    assert clerk.get(settle).status_code == 405
    assert "已标为无需答复" in clerk.post(settle, follow=True).content.decode()
    assert affair.number not in clerk.get(WAITING).content.decode()
    assert Entry.objects.get(action="message.settle").actor_id == office.clerk.user.pk
    assert clerk.post(settle).status_code == 409


def test_opening_the_thread_is_reading_it(office: Office, clerk: Client) -> None:
    affair = office.submitted()
    message = asked(office, affair)
    assert message.text in clerk.get(place(affair)).content.decode()
    message.refresh_from_db()
    assert message.read_at is not None
    assert message.answered_at is None


def test_only_the_window_answers(office: Office) -> None:
    affair = office.accepted()
    asked(office, affair)
    approval = office.approval(affair, "qysl")
    for user in (office.applicant.user, office.officer(approval).user, UserFactory(supervisor=True)):
        client = Client()
        client.force_login(user)
        assert client.post(place(affair), {"text": "…", "key": "a" * 32}).status_code == 403
        assert client.get(WAITING).status_code == 403
    assert affair.messages.count() == 1


def test_the_supervisor_reads_the_thread(office: Office) -> None:
    affair = office.submitted()
    question, answer = asked(office, affair), answered(office, affair)
    client = Client()
    client.force_login(UserFactory(supervisor=True))
    page = client.get(reverse("supervision:affair", args=[affair.pk])).content.decode()
    assert question.text in page
    assert answer.text in page


def test_the_tab_says_how_many_wait(office: Office, clerk: Client) -> None:
    asked(office, office.submitted())
    page = clerk.get("/window/").content.decode()
    assert '留言<span class="tabs__count">1</span>' in page

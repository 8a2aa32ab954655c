"""问窗口: the applicant writes, with files; nobody else reads it."""

import re

import pytest
from django.urls import reverse

from portal.affairs import correspondence
from portal.affairs.messages import Message, MessageFile
from portal.affairs.models import Affair
from portal.audit.models import Entry
from portal.audit.services import verify_chain
from portal.notifications.models import Notice
from tests.factories import UserFactory
from tests.filing.conftest import Person, text_of
from tests.office import Office
from tests.threads import answered, asked, photo

TEXT = "车辆还没有上牌，可以先受理吗？"


@pytest.fixture
def affair(office: Office) -> Affair:
    return office.accepted()


def path(affair: Affair) -> str:
    return reverse("filing:messages", args=[affair.pk])


def key_in(page: str) -> str:
    return re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]


def key_of(me: Person, affair: Affair) -> str:
    return key_in(me.get(reverse("filing:affair", args=[affair.pk])).content.decode())


def test_a_question_with_a_photo_is_written_from_the_affairs_page(me: Person, affair: Affair):
    sent = {"text": TEXT, "files": [photo()], "key": key_of(me, affair)}
    response = me.post(path(affair), sent)
    assert response.url == reverse("filing:affair", args=[affair.pk]) + "#ask"
    message = affair.messages.get()
    assert (message.text, message.is_from_window, message.author) == (TEXT, False, me.user)
    assert message.files.get().content_type == "image/jpeg"
    page = text_of(me.get(reverse("filing:affair", args=[affair.pk])))
    assert TEXT in page
    assert "门头照片.jpg" in page


def test_pressing_twice_sends_once_and_keeps_what_was_typed(me: Person, affair: Affair):
    sent = {"text": TEXT, "key": key_of(me, affair)}
    assert me.post(path(affair), sent).status_code == 302
    again = me.post(path(affair), {**sent, "text": TEXT + "另外，"})
    assert again.status_code == 409
    page = again.content.decode()
    assert "没有重复发送" in page
    assert TEXT + "另外，</textarea>" in page
    assert affair.messages.count() == 1
    assert me.post(path(affair), {"text": TEXT + "另外，", "key": key_in(page)}).status_code == 302


@pytest.mark.parametrize(
    ("sent", "say"),
    [
        ({"text": "  "}, "请写下要说的话"),
        ({"text": "长" * 2001}, "最多 2000 个字"),
        ({"text": TEXT, "key": ""}, "请再按一次“发送”"),
    ],
)
def test_an_error_stands_at_its_field_and_the_text_stays(me: Person, affair: Affair, sent: dict[str, str], say: str):
    response = me.post(path(affair), {"key": "0" * 32, **sent})
    assert response.status_code == 422
    assert say in text_of(response)
    assert sent["text"].strip() in response.content.decode()
    assert not Message.objects.exists()


def test_a_file_that_is_none_sends_nothing_and_keeps_the_text(me: Person, affair: Affair):
    from django.core.files.uploadedfile import SimpleUploadedFile

    bad = SimpleUploadedFile("照片.jpg", b"MZ this is a program", content_type="image/jpeg")
    response = me.post(path(affair), {"text": TEXT, "files": [photo(), bad], "key": "0" * 32})
    assert response.status_code == 422
    assert "不是 PDF 或图片" in text_of(response)
    assert "请重新选择" in text_of(response)
    assert TEXT in response.content.decode()
    assert not Message.objects.exists()
    assert not MessageFile.objects.exists()


def test_too_many_files_at_once_are_refused(me: Person, affair: Affair):
    files = [photo(f"{number}.jpg") for number in range(correspondence.MAX_FILES + 1)]
    response = me.post(path(affair), {"text": TEXT, "files": files, "key": "0" * 32})
    assert response.status_code == 422
    assert "一次最多附 5 个文件" in text_of(response)


def test_a_flood_of_questions_waits_for_an_answer(office: Office, affair: Affair, me: Person, monkeypatch):
    monkeypatch.setattr(correspondence, "MAX_WAITING", 1)
    asked(office, affair)
    response = me.post(path(affair), {"text": TEXT, "key": "0" * 32})
    assert response.status_code == 422
    assert "请等窗口答复后再写" in text_of(response)


def test_a_stranger_cannot_read_or_write_anothers_thread(office: Office, affair: Affair, stranger: Person):
    message = asked(office, affair)
    assert stranger.get(path(affair)).status_code == 404
    assert stranger.post(path(affair), {"text": TEXT, "key": "0" * 32}).status_code == 404
    file = reverse("documents:message_file", args=[message.files.get().pk])
    assert stranger.get(file).status_code == 404
    assert affair.messages.count() == 1


def test_a_department_sees_neither_thread_nor_files(office: Office, affair: Affair):
    message = asked(office, affair, text="只给窗口看的话")
    approval = office.approval(affair, "qysl")
    officer = Person(office.officer(approval).user)
    assert officer.get(reverse("documents:message_file", args=[message.files.get().pk])).status_code == 403
    assert "只给窗口看的话" not in text_of(officer.get(reverse("department:approval", args=[approval.pk])))


def test_applicant_window_and_supervisor_open_the_file_and_staff_on_the_record(office: Office, affair: Affair):
    file = asked(office, affair).files.get()
    place = reverse("documents:message_file", args=[file.pk])
    for user in (office.applicant.user, office.clerk.user, office.clerk.user, UserFactory(supervisor=True)):
        response = Person(user).get(place)
        assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
        assert "sandbox" in response["Content-Security-Policy"]
    views = Entry.objects.filter(action="file.view")
    assert sorted(entry.actor_role for entry in views) == ["clerk", "supervisor"]


def test_the_trail_holds_fingerprints_and_no_words(office: Office, affair: Affair):
    asked(office, affair, text="身份证号 410401199001011234")
    entry = Entry.objects.get(action="message.ask")
    assert "410401" not in f"{entry.after}{entry.say}{entry.reason}"
    assert len(entry.after["text_sha256"]) == 64
    assert verify_chain(affair.chain) is None


def test_seeing_the_answer_is_reading_it_and_its_notice(office: Office, affair: Affair, me: Person):
    asked(office, affair)
    answer = answered(office, affair)
    assert answer.text in text_of(me.get(reverse("filing:affair", args=[affair.pk])))
    answer.refresh_from_db()
    assert answer.read_at is not None
    assert Notice.objects.get(kind="message_from_window").read_at is not None
    assert Notice.objects.unread().filter(kind="accepted").exists()


def test_a_long_thread_ends_on_the_affairs_page_and_is_whole_on_its_own(office: Office, affair: Affair, me: Person):
    for number in range(5):
        asked(office, affair, text=f"第 {number} 问")
    page = text_of(me.get(reverse("filing:affair", args=[affair.pk])))
    assert "第 1 问" not in page
    assert "第 4 问" in page
    assert "查看之前的 2 条留言" in page
    assert "第 0 问" in text_of(me.get(path(affair)))


def test_a_draft_has_no_thread(office: Office, draft: Affair, me: Person):
    assert me.get(path(draft)).status_code == 302
    assert me.post(path(draft), {"text": TEXT, "key": "0" * 32}).status_code == 302
    assert not Message.objects.exists()

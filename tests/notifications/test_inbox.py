"""The applicant's inbox, the number in the header, and the preferences."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.affairs.models import Affair
from portal.audit.models import Entry
from portal.notifications.models import Notice, Preference
from tests.filing.conftest import Person, text_of
from tests.office import Office
from tests.threads import answered
from workflows import commands
from workflows.engine import outbox

INBOX = reverse("notifications:inbox")
PREFERENCES = reverse("notifications:preferences")


@pytest.fixture
def me(office: Office) -> Person:
    return Person(office.applicant.user)


@pytest.fixture
def stranger(office: Office) -> Person:
    from tests.factories import UserFactory

    return Person(UserFactory(name="别人"))


def many(affair: Affair, count: int) -> None:
    user = affair.applicant
    Notice.objects.bulk_create(
        Notice(recipient=user, affair=affair, kind="accepted", key=f"copy:{Notice.objects.count()}:{number}",
               subject=f"第 {number} 条", body="…", sms="…")
        for number in range(count)
    )  # fmt: skip


def queries(person: Person, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert person.get(path).status_code == 200
    return len(captured)


def test_unread_ones_come_first_and_opening_is_reading(office: Office, me: Person):
    affair = office.accepted()
    older, newer = Notice.objects.of(me.user).order_by("pk")
    me.get(reverse("notifications:notice", args=[newer.pk]))
    newer.refresh_from_db()
    assert newer.read_at is not None
    page = text_of(me.get(INBOX))
    assert page.index(older.subject) < page.index(newer.subject)
    assert affair.number in page


def test_a_stranger_cannot_open_or_read_anothers_notice(office: Office, stranger: Person):
    office.accepted()
    notice = Notice.objects.first()
    assert stranger.get(reverse("notifications:notice", args=[notice.pk])).status_code == 404
    stranger.post(reverse("notifications:read_all"))
    assert not Notice.objects.filter(read_at__isnull=False).exists()
    assert notice.subject not in text_of(stranger.get(INBOX))


def test_staff_have_no_inbox_here(office: Office):
    clerk = Person(office.clerk.user)
    assert {clerk.get(path).status_code for path in (INBOX, PREFERENCES, reverse("notifications:mailbox"))} == {403}
    assert "消息" not in text_of(clerk.get(reverse("window:queue")))


def test_all_are_read_with_one_press_and_only_by_a_press(office: Office, me: Person):
    office.accepted()
    assert me.get(reverse("notifications:read_all")).status_code == 405
    assert me.post(reverse("notifications:read_all")).url == INBOX
    assert not Notice.objects.unread().exists()


def test_the_number_of_unread_ones_is_in_the_header_of_every_page(office: Office, me: Person):
    office.accepted()
    for path in (reverse("public:home"), reverse("filing:mine"), INBOX):
        assert "消息2 条未读" in text_of(me.get(path)).replace("消息 ", "消息")


@pytest.mark.parametrize("path", [INBOX, reverse("filing:mine"), reverse("public:home")])
def test_a_page_costs_the_same_with_two_and_with_two_hundred_notices(office: Office, me: Person, path: str):
    affair = office.accepted()
    many(affair, 18)
    me.get(path)
    few = queries(me, path)
    many(affair, 180)
    assert queries(me, path) == few


def test_the_header_costs_one_query(office: Office, me: Person):
    office.accepted()
    me.get(reverse("public:home"))
    with CaptureQueriesContext(connection) as captured:
        me.get(reverse("filing:mine"))
    counts = [each["sql"] for each in captured if 'COUNT(*) AS "__count" FROM "notifications_notice"' in each["sql"]]
    assert len(counts) == 1


def test_an_empty_inbox_says_what_will_be_in_it(stranger: Person):
    assert "还没有消息" in text_of(stranger.get(INBOX))


def test_what_needs_me_names_unread_notices_and_messages(office: Office, me: Person):
    quiet, written = office.accepted(), office.accepted(seed=2)
    answered(office, written)
    newest = office.accepted(seed=3)
    page = text_of(me.get(reverse("filing:mine")))
    assert "条消息还没有看" in page
    assert page.index("需要您办") < page.index("窗口有新的留言") < page.index(written.number) + 400
    assert page.index(written.number) < page.index(newest.number) < page.index(quiet.number)
    me.get(reverse("filing:affair", args=[written.pk]))
    assert "窗口有新的留言" not in text_of(me.get(reverse("filing:mine")))


def test_preferences_are_kept_and_the_address_stays_out_of_the_trail(me: Person):
    page = me.get(PREFERENCES).content.decode()
    assert "电子邮箱" in page
    sent = {"email": "shenqing@example.cn", "mail": ["needed"], "sms": ["needed", "messages"]}
    assert me.post(PREFERENCES, sent).status_code == 302
    me.user.refresh_from_db()
    assert me.user.email == "shenqing@example.cn"
    on = {(row.group, row.channel) for row in Preference.objects.filter(user=me.user, is_on=True)}
    assert on == {("needed", "mail"), ("needed", "sms"), ("messages", "sms")}
    entry = Entry.objects.get(action="account.notices")
    assert "example.cn" not in f"{entry.before}{entry.after}{entry.say}"


def test_an_address_that_is_none_is_named_at_its_field_and_nothing_is_kept(me: Person):
    response = me.post(PREFERENCES, {"email": "nicht@", "sms": ["needed"]})
    assert response.status_code == 422
    assert "电子邮箱的格式不对" in text_of(response)
    assert not Preference.objects.exists()


def test_the_letter_box_shows_ones_own_sendings_and_only_in_a_demonstration(
    office: Office, me: Person, stranger: Person, settings
):
    me.user.mobile = stranger.user.mobile = "13800000001"
    me.user.save()
    stranger.user.save()
    commands.refuse_acceptance(office.submitted(), actor=office.clerk, reason="不属于职权范围")
    outbox.run_due()
    path = reverse("notifications:mailbox")
    assert "不予受理" in text_of(me.get(path))
    assert "不予受理" not in text_of(stranger.get(path))
    settings.DEMONSTRATION = False
    assert me.get(path).status_code == 404

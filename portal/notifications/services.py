"""Telling people, sending what leaves the portal, and what each person has read and chosen."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal.accounts.models import Actor, User
from portal.affairs.models import Affair, Approval
from portal.audit.services import record
from portal.notifications import channels
from portal.notifications.channels import Channel, NotSent, Rejected
from portal.notifications.kinds import Group, Kind
from portal.notifications.models import Dispatch, Notice, Preference

Choices = Mapping[tuple[str, str], bool]


def recipients(affair: Affair) -> list[User]:
    """The applicant and whoever filed for them; a clerk who filed at the counter has the window's own lists."""
    people = {person.pk: person for person in (affair.applicant, affair.filed_by)}
    return [person for person in people.values() if person.role == User.Role.APPLICANT and person.is_active]


def tell(kind: type[Kind], affair: Affair, approval: Approval | None = None, *, occasion: str = "") -> list[Dispatch]:
    """Write the notice for everybody concerned, within the transaction of the step; returns what has to be sent.

    Each person is told once of the same thing: kind, affair, approval and, where it can happen again, occasion.
    """
    words = kind(affair, approval)
    key = ":".join(filter(None, (kind.code, str(affair.pk), str(approval.pk) if approval else "", occasion)))
    asked = [
        Notice(
            recipient=person, affair=affair, kind=kind.code, key=key, subject=words.subject, body=words.body,
            sms=words.sms,
        )
        for person in recipients(affair)
    ]  # fmt: skip
    if not asked:
        return []
    # The update changes nothing, it makes the database return the rows, those that were there already too.
    notices = Notice.objects.bulk_create(
        asked, update_conflicts=True, unique_fields=["recipient", "key"], update_fields=["key"]
    )
    wanted = _wanted(kind.group, [notice.recipient for notice in notices])
    return Dispatch.objects.bulk_create(
        [Dispatch(notice=notice, channel=code) for notice in notices for code in wanted[notice.recipient_id]],
        update_conflicts=True,
        unique_fields=["notice", "channel"],
        update_fields=["channel"],
    )


def _wanted(group: Group, people: Iterable[User]) -> dict[int, list[str]]:
    """By person, the channels by which they want this group and can be reached."""
    reached = {person: [each for each in channels.available().values() if each.address_of(person)] for person in people}
    chosen: dict[tuple[int, str], bool] = {}
    if any(reached.values()):
        rows = Preference.objects.filter(user__in=list(reached), group=group)
        chosen = {(row.user_id, row.channel): row.is_on for row in rows}
    return {
        person.pk: [each.code for each in usable if chosen.get((person.pk, each.code), group in each.default_on)]
        for person, usable in reached.items()
    }


def send(dispatch_id: int) -> None:
    """Send one notice by one channel, once, however often this is called. Raises what the outbox shall try again.

    A predecessor that was killed left the row as “sending”: where the other end knows keys the notice is sent again
    under the same one, elsewhere it is left as uncertain, for it is in the inbox anyhow and twice is worse than once.
    """
    dispatch = Dispatch.objects.select_related("notice__recipient", "notice__affair").get(pk=dispatch_id)
    if dispatch.state not in Dispatch.OPEN:
        return
    channel = channels.available().get(dispatch.channel)
    address = channel.address_of(dispatch.notice.recipient) if channel else ""
    if channel is None or not address:
        _settle(dispatch, Dispatch.State.NO_ADDRESS)
    elif dispatch.state == Dispatch.State.SENDING and not channel.knows_keys:
        _settle(dispatch, Dispatch.State.UNCERTAIN)
    elif _take(dispatch):
        _hand_over(dispatch, channel, address)


def _take(dispatch: Dispatch) -> bool:
    """Whether this worker, and no other one, makes this attempt."""
    mine = Dispatch.objects.filter(pk=dispatch.pk, state=dispatch.state, attempts=dispatch.attempts)
    return bool(mine.update(state=Dispatch.State.SENDING, attempts=F("attempts") + 1))


def _hand_over(dispatch: Dispatch, channel: Channel, address: str) -> None:
    try:
        channel.send(dispatch.notice, address=address, key=dispatch.key)
    except Rejected as error:
        _settle(dispatch, Dispatch.State.FAILED, error=error)
    except NotSent as error:
        _settle(dispatch, Dispatch.State.WAITING, error=error)
        raise
    except Exception as error:
        _settle(dispatch, Dispatch.State.SENDING, error=error)
        raise
    else:
        _settle(dispatch, Dispatch.State.SENT, sent_at=timezone.now())


def _settle(
    dispatch: Dispatch, state: Dispatch.State, *, error: Exception | None = None, sent_at: datetime | None = None
) -> None:
    kind = type(error.__cause__ or error).__name__ if error else ""
    Dispatch.objects.filter(pk=dispatch.pk).update(state=state, last_error=kind, sent_at=sent_at)


def mark_read(user: User, *, at: datetime, affair: Affair | None = None, kind: type[Kind] | None = None) -> int:
    """Put a person's unread notices down as read: all of them, those of one affair, those of one kind."""
    notices = Notice.objects.of(user).unread()
    if affair is not None:
        notices = notices.filter(affair=affair)
    if kind is not None:
        notices = notices.filter(kind=kind.code)
    return notices.update(read_at=at)


def choices(user: User) -> dict[tuple[str, str], bool]:
    """Group and channel → whether it is on, chosen or by default, for every available channel."""
    chosen = {(row.group, row.channel): row.is_on for row in Preference.objects.filter(user=user)}
    return {
        (group.value, code): chosen.get((group.value, code), group in channel.default_on)
        for group in Group
        for code, channel in channels.available().items()
    }


@transaction.atomic
def choose(user: User, *, actor: Actor, wanted: Choices, email: str) -> None:
    """Keep a person's own choices and their address for mail. The trail says what is on, never the address."""
    before = choices(user)
    Preference.objects.bulk_create(
        [Preference(user=user, group=group, channel=code, is_on=is_on) for (group, code), is_on in wanted.items()],
        update_conflicts=True,
        unique_fields=["user", "group", "channel"],
        update_fields=["is_on"],
    )
    changed = user.email != email
    if changed:
        user.email = email
        user.save(update_fields=["email"])
    record(
        chain=f"account:{user.pk}", author=actor.author, action="account.notices",
        say="修改消息接收方式" + ("和电子邮箱" if changed else ""), subject=user.username,
        before=_named(before), after=_named({**before, **wanted}),
    )  # fmt: skip


def _named(wanted: Choices) -> dict[str, bool]:
    return {f"{group}.{code}": is_on for (group, code), is_on in wanted.items()}

"""The record can be trusted: nobody can change it unseen."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from portal.audit.models import Anchor, ChainHead, Entry
from portal.audit.services import Author, anchor, record, verify, verify_chain
from tests.append_only import triggers_off

pytestmark = pytest.mark.django_db

AUTHOR = Author(id=1, name="演示员", role="clerk", department="", source="网页 127.0.0.1")


@transaction.atomic
def write(chain: str = "affair:1", **changes: object) -> Entry:
    return record(chain=chain, author=AUTHOR, action="affair.accept", say="受理", subject="1", after=changes)


@pytest.fixture
def trail() -> list[Entry]:
    return [write(step=step) for step in range(1, 5)] + [write("affair:2", step=1)]


def by_hand(sql: str, *params: object) -> None:
    """What somebody with the database's own password could do."""
    with triggers_off(connection), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_each_entry_continues_the_one_before_it_in_its_own_chain(trail: list[Entry]) -> None:
    assert [entry.sequence for entry in trail] == [1, 2, 3, 4, 1]
    assert trail[1].previous_hash == trail[0].hash
    assert trail[4].previous_hash == ""
    assert verify() is None


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET say = '改'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_or_remove_an_entry(trail: list[Entry], statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.count() == 5


def test_the_database_refuses_to_change_an_anchor(trail: list[Entry]) -> None:
    anchor()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_anchor")


def test_the_model_refuses_too(trail: list[Entry]) -> None:
    with pytest.raises(TypeError, match="append-only"):
        trail[0].save()
    with pytest.raises(TypeError, match="append-only"):
        trail[0].delete()


@pytest.mark.parametrize(
    "column", ["say", "actor_name", "actor_role", "actor_department", "source", "action", "subject", "reason"]
)
def test_a_changed_entry_is_found(trail: list[Entry], column: str) -> None:
    by_hand(f"UPDATE audit_entry SET {column} = %s WHERE id = %s", "改过", trail[1].pk)
    assert str(verify()) == "affair:1#2：留痕内容被改动"


def test_changed_values_are_found(trail: list[Entry]) -> None:
    by_hand("UPDATE audit_entry SET after = %s WHERE id = %s", '{"step": 9}', trail[2].pk)
    assert str(verify()) == "affair:1#3：留痕内容被改动"


def test_a_changed_moment_is_found(trail: list[Entry]) -> None:
    by_hand("UPDATE audit_entry SET at = %s WHERE id = %s", "2020-01-01 00:00:00+00:00", trail[2].pk)
    assert verify().sequence == 3


def test_a_removed_entry_is_found(trail: list[Entry]) -> None:
    by_hand("DELETE FROM audit_entry WHERE id = %s", trail[1].pk)
    assert str(verify()) == "affair:1#2：缺少留痕或次序被改动"


def test_a_last_entry_that_was_cut_off_is_found(trail: list[Entry]) -> None:
    by_hand("DELETE FROM audit_entry WHERE id = %s", trail[3].pk)
    assert verify_chain("affair:1").sequence == 4
    assert verify_chain("affair:2") is None


def test_re_ordered_entries_are_found(trail: list[Entry]) -> None:
    for sequence, entry in ((99, trail[1]), (2, trail[2]), (3, trail[1])):
        by_hand("UPDATE audit_entry SET sequence = %s WHERE id = %s", sequence, entry.pk)
    assert verify().sequence == 2


def test_an_entry_added_by_hand_is_found(trail: list[Entry]) -> None:
    forged = Entry.objects.get(pk=trail[3].pk)
    forged.pk, forged.sequence, forged._state.adding = None, 5, True
    forged.save()
    assert verify().sequence == 5


def test_a_chain_rewritten_whole_with_true_hashes_is_found_by_its_anchor(trail: list[Entry]) -> None:
    anchor()
    by_hand("DELETE FROM audit_entry WHERE chain = 'affair:2'")
    ChainHead.objects.filter(pk="affair:2").delete()
    write("affair:2", step="forged")
    assert verify_chain("affair:2") is None
    assert "锚点" in str(verify())


def test_a_chain_removed_whole_is_found_by_its_anchor(trail: list[Entry]) -> None:
    anchor()
    by_hand("DELETE FROM audit_entry WHERE chain = 'affair:2'")
    ChainHead.objects.filter(pk="affair:2").delete()
    assert verify().chain == "affair:2"


def test_a_changed_anchor_is_found(trail: list[Entry]) -> None:
    anchor()
    by_hand("UPDATE audit_anchor SET heads = '[]'")
    assert str(verify()).startswith("锚点")


def test_an_anchor_holds_only_what_grew_since_the_last_one(trail: list[Entry]) -> None:
    assert [head[0] for head in anchor().heads] == ["affair:1", "affair:2"]
    assert anchor() is None
    write("affair:2", step=2)
    assert [head[:2] for head in anchor().heads] == [["affair:2", 2]]
    assert Anchor.objects.count() == 2
    assert verify() is None


def test_verify_audit_names_the_first_broken_entry_and_exits_with_one(trail: list[Entry]) -> None:
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "核对通过：2 条链，5 条留痕" in out.getvalue()
    by_hand("UPDATE audit_entry SET say = 'x' WHERE id = %s", trail[0].pk)
    with pytest.raises(CommandError, match="affair:1#1") as failed:
        call_command("verify_audit")
    assert failed.value.returncode == 1

"""Editions: published once, never changed, found again."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from portal.accounts.models import Department
from portal.catalogue.models import Edition
from portal.catalogue.schema import Catalogue, CatalogueError, from_raw
from portal.catalogue.services import publish

pytestmark = pytest.mark.django_db


def test_publishing_the_same_content_again_changes_nothing(edition: Catalogue) -> None:
    first = publish(edition, by="目录管理员")
    again = publish(edition, by="另一个人")
    assert again == first
    assert Edition.objects.count() == 1
    assert (first.code, first.published_by) == ("2026.1", "目录管理员")
    assert len(first.digest) == 64


def test_the_stored_edition_gives_back_the_catalogue(edition: Catalogue, django_assert_num_queries) -> None:
    published = Edition.objects.get(pk=publish(edition).pk)
    assert published.catalogue == edition
    with django_assert_num_queries(0):
        assert published.catalogue is published.catalogue


def test_a_list_of_editions_leaves_the_content_in_the_database(edition: Catalogue) -> None:
    publish(edition)
    assert Edition.objects.get().get_deferred_fields() == {"content"}


def test_a_published_code_cannot_stand_for_another_content(edition: Catalogue) -> None:
    publish(edition)
    changed = from_raw({**edition.raw, "meta": {**edition.raw["meta"], "legal_note": "改过"}})
    with pytest.raises(CatalogueError, match=r"2026\.1"):
        publish(changed)
    assert Edition.objects.count() == 1


def test_the_database_refuses_to_change_or_remove_an_edition(edition: Catalogue) -> None:
    published = publish(edition)
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.filter(pk=published.pk).update(code="2026.2")
    with pytest.raises(DatabaseError), transaction.atomic():
        published.delete()
    assert Edition.objects.get().code == "2026.1"


def test_a_catalogue_that_breaks_a_rule_is_not_published(edition: Catalogue) -> None:
    bundles = [{**bundle, "fee": 5} for bundle in edition.raw["bundle"]]
    with pytest.raises(CatalogueError, match="R28"):
        publish(from_raw({**edition.raw, "bundle": bundles}))
    assert not Edition.objects.exists()


def test_a_file_without_an_edition_name_gets_one_from_its_date_and_digest(shared: Catalogue) -> None:
    published = publish(shared)
    assert published.code == f"2026-11-22-{published.digest[:8]}"


def test_the_current_edition_is_the_one_published_last(edition: Catalogue, shared: Catalogue, time_machine) -> None:
    time_machine.move_to("2026-11-22 09:00+08:00")
    publish(edition)
    time_machine.shift(timedelta(days=1))
    newer = publish(shared)
    time_machine.shift(timedelta(days=1))
    publish(edition)
    assert Edition.objects.current() == newer


def test_without_an_edition_the_error_says_what_to_do() -> None:
    with pytest.raises(Edition.DoesNotExist, match="publish_edition"):
        Edition.objects.current()


def test_departments_come_with_the_edition(edition: Catalogue) -> None:
    publish(edition)
    assert Department.objects.count() == sum(not d.implied for d in edition.departments.values())
    tax = Department.objects.get(code="sw")
    assert (tax.name, tax.is_vertical, tax.remedy_authority) == ("税务局", True, "上一级税务机关")


def test_an_unconfirmed_remedy_stays_as_the_department_set_it(edition: Catalogue) -> None:
    publish(edition)
    police = Department.objects.get(code="ga")
    assert police.remedy_authority == ""
    Department.objects.filter(code="ga").update(remedy_authority="某人民政府")
    publish(from_raw({**edition.raw, "meta": {**edition.raw["meta"], "edition": "2026.2"}}))
    police.refresh_from_db()
    assert police.remedy_authority == "某人民政府"


def test_the_command_publishes_a_directory_and_says_so(edition_path: Path) -> None:
    out = StringIO()
    call_command("publish_edition", edition_path, by="目录管理员", stdout=out)
    assert "已发布目录版本 2026.1（平顶山市卫东区）" in out.getvalue()
    call_command("publish_edition", edition_path, stdout=out)
    assert "以前已经发布，内容相同，没有改动" in out.getvalue()
    assert Edition.objects.get().published_by == "目录管理员"


def test_the_command_publishes_a_file_in_todays_format(shared_path: Path) -> None:
    call_command("publish_edition", str(shared_path), stdout=StringIO())
    assert list(Edition.objects.current().catalogue.one_things) == ["ysqy", "cyd", "qybg"]


def test_the_command_refuses_a_broken_file_line_by_line(tmp_path: Path, shared_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(shared_path.read_text(encoding="utf-8").replace("fee = 0", "fee = 5"), encoding="utf-8")
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("publish_edition", broken, stdout=out, stderr=StringIO())
    assert stopped.value.code == 1
    assert [line[:4] for line in out.getvalue().splitlines()] == ["R28 "] * 3
    assert not Edition.objects.exists()

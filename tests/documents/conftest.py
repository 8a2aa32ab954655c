"""One paper of each kind, issued by the real commands; a module shares the contents, the records are rolled back."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from portal.documents.models import Document
from tests.office import Office
from workflows import commands
from workflows.engine import outbox

Contents = dict[str, Any]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """pytest-django makes a test database only for tests that are marked: without it the module's fixture would write
    to the portal's own."""
    for item in items:
        if "contents_of_each_kind" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db)


@pytest.fixture(scope="module")
def contents_of_each_kind(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> dict[Document.Kind, Contents]:
    """A real affair in which the haulage licence is refused, and one that is not accepted."""
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")),
        transaction.atomic(),
    ):
        kinds = {document.kind: document.contents for document in one_of_each_kind(Office())}
        transaction.set_rollback(True)
    return {Document.Kind(kind): contents for kind, contents in kinds.items()}


def one_of_each_kind(office: Office) -> list[Document]:
    """Papers of all six kinds, none rendered but those that the flow itself had to have."""
    affair = office.accepted()
    for matter in ("qysl", "gzkz", "swxx", "sbdj"):
        office.review_and("grant", affair, matter)
    office.review_and("refuse", affair, "hyxk")
    outbox.run_due()
    granted = office.accepted(seed=2)
    for matter in ("qysl", "hyxk"):
        office.review_and("grant", granted, matter)
    refused = commands.refuse_acceptance(
        office.submitted(seed=3), actor=office.clerk, reason="不属于本机关职权范围", competent_authority="市交通运输局"
    )
    kinds = (
        affair.documents.get(kind=Document.Kind.RECEIPT),
        affair.documents.get(kind=Document.Kind.ACCEPTANCE),
        refused.documents.get(kind=Document.Kind.NON_ACCEPTANCE),
        granted.documents.get(kind=Document.Kind.GRANT, approval__matter_code="hyxk"),
        affair.documents.get(kind=Document.Kind.REFUSAL),
        affair.documents.get(kind=Document.Kind.CONCLUSION),
    )
    return list(kinds)


def files_on_disk(root: Path) -> list[Path]:
    return [path for path in (root / "documents").rglob("*") if path.is_file()]

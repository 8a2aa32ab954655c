"""What each paper says, as data, and which contents the law makes mandatory."""

from typing import Any

from portal.affairs.models import Approval
from portal.documents.models import Document


def title_of(kind: str, approval: Approval | None) -> str:
    return str(Document.Kind(kind).label)


def contents_of(document: Document) -> dict[str, Any]:
    return {"title": document.title}


def missing_contents(kind: str, contents: dict[str, Any]) -> list[str]:
    return []

"""The source code that runs here, offered to everyone who uses it over the network (AGPL-3.0, section 13)."""

import io
import tarfile
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.accounts.access import open_to_everyone

# Named one by one: data, keys and an operator's own files never leave with the source.
_PARTS = (
    "portal", "workflows", "templates", "tests", "docs", ".ci", "manage.py", "pyproject.toml", "requirements.lock",
    "requirements-dev.lock", "Makefile", "README.md", "CHANGELOG.md", "LICENSE", "publiccode.yml",
)  # fmt: skip


@open_to_everyone
@require_safe
def source(request: HttpRequest) -> HttpResponse:
    """A .tar.gz of the running program, modifications included."""
    response = HttpResponse(_archive(), content_type="application/gzip")
    response["Content-Disposition"] = 'attachment; filename="one-thing-portal.tar.gz"'
    return response


@cache
def _archive() -> bytes:
    """Packed once per process: the code of a running process does not change."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for part in _PARTS:
            path = Path(settings.BASE_DIR) / part
            if path.exists():
                archive.add(path, arcname=f"one-thing-portal/{part}", filter=_only_source)
    return out.getvalue()


def _only_source(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    if "__pycache__" in member.name or member.name.endswith(".pyc"):
        return None
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member

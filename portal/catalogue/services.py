"""Publishing an edition."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import Department
from portal.audit.services import SYSTEM, Author, record
from portal.catalogue.lint import lint
from portal.catalogue.models import Edition
from portal.catalogue.schema import Catalogue, CatalogueError, Problem


def digest_of(raw: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON: equal for equal content, whatever files it came from."""
    canonical = json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@transaction.atomic
def publish(catalogue: Catalogue, *, by: str = "") -> Edition:
    """Make the catalogue an immutable edition and bring its departments into the accounts.

    The same content published again gives the edition that is there. Raises CatalogueError when a rule is broken or
    when the edition's code already stands for another content.
    """
    digest = digest_of(catalogue.raw)
    published = Edition.objects.filter(digest=digest).first()
    if published is not None:
        return published
    problems = lint(catalogue)
    code = catalogue.meta.edition or _code_for(catalogue, digest)
    if Edition.objects.filter(code=code).exists():
        say = f"目录版本“{code}”已经发布，内容不同。已发布的版本不能修改，请换一个新的版本号（meta.edition）。"
        problems.append(Problem("格式", "目录信息 edition", say))
    if problems:
        raise CatalogueError(problems)
    _keep_departments(catalogue)
    record(
        chain=f"edition:{code}",
        author=Author(id=None, name=by, role="system") if by else SYSTEM,
        action="edition.publish",
        say="发布目录版本",
        subject=code,
        after={"digest": digest, "one_things": list(catalogue.one_things)},
    )
    return Edition.objects.create(
        code=code,
        jurisdiction_code=catalogue.meta.jurisdiction_code,
        jurisdiction_name=catalogue.meta.jurisdiction_name,
        content=catalogue.raw,
        digest=digest,
        published_at=timezone.now(),
        published_by=by,
    )


def _code_for(catalogue: Catalogue, digest: str) -> str:
    """A file that names no edition gets its date, or else its district, and the start of its digest."""
    as_of = catalogue.meta.as_of
    return f"{as_of or catalogue.meta.jurisdiction_code}-{digest[:8]}"


def _keep_departments(catalogue: Catalogue) -> None:
    """Create or update; what the catalogue leaves open (an unconfirmed remedy, a telephone) stays as it was set."""
    for department in catalogue.departments.values():
        if department.implied:
            continue
        stated = {
            "remedy_authority": department.confirmed_remedy,
            "phone": department.phone,
            "complaint_phone": department.complaint_phone,
        }
        values = {
            "name": department.name,
            "is_vertical": department.vertical,
            "is_public_service": department.public_service,
            **{name: value for name, value in stated.items() if value},
        }
        Department.objects.update_or_create(code=department.id, defaults=values)

from collections.abc import Callable
from pathlib import Path

import pytest

from portal.catalogue.lint import lint_path
from portal.catalogue.schema import Catalogue, Problem, load

SHARED = Path(__file__).parent / "shared_catalogue.toml"
EDITION = Path(__file__).parents[2] / "portal/catalogue/editions/2026.1"


@pytest.fixture(scope="session")
def shared_path() -> Path:
    """A file in the format that other districts write; it must load unchanged."""
    return SHARED


@pytest.fixture(scope="session")
def edition_path() -> Path:
    return EDITION


@pytest.fixture(scope="session")
def shared() -> Catalogue:
    return load(SHARED)


@pytest.fixture(scope="session")
def edition() -> Catalogue:
    return load(EDITION)


@pytest.fixture
def breaches(tmp_path: Path) -> Callable[..., list[Problem]]:
    """Lint the shared file after replacing a text that stands in it exactly so; `append` adds to its end."""

    def check(old: str = "", new: str = "", *, append: str = "") -> list[Problem]:
        text = SHARED.read_text(encoding="utf-8")
        assert not old or old in text, f"the shared file has no {old!r}"
        broken = tmp_path / "broken.toml"
        broken.write_text(text.replace(old, new, 1) + append, encoding="utf-8")
        return lint_path(broken)

    return check

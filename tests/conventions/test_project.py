"""What holds for the project's files as a whole."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
_LOCKED = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)
_EXACT = re.compile(r"^([A-Za-z0-9._-]+)(\[[a-z0-9,-]+\])?==([0-9][0-9A-Za-z.]*)$")

pytestmark = pytest.mark.once


def project_files() -> list[Path]:
    """Files that git keeps or would keep."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def direct_dependencies() -> list[str]:
    settings = project()
    return [*settings["project"]["dependencies"], *settings["dependency-groups"]["dev"]]


def locked(name: str) -> dict[str, str]:
    return dict(_LOCKED.findall((ROOT / name).read_text(encoding="utf-8")))


def test_every_direct_dependency_is_pinned_exactly():
    assert [line for line in direct_dependencies() if not _EXACT.match(line)] == []


def test_the_locks_hold_the_versions_that_the_project_names():
    versions = locked("requirements-dev.lock")
    named = {match[1].lower(): match[3] for line in direct_dependencies() if (match := _EXACT.match(line))}
    assert {name: versions.get(name) for name in named} == named


def test_what_is_tested_is_what_runs():
    """The lock for tests is the lock for running and more, never another version."""
    tested = locked("requirements-dev.lock")
    assert {name: tested.get(name) for name in locked("requirements.lock")} == locked("requirements.lock")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", ".ci/uv.lock"])
def test_a_lock_has_a_hash_for_every_package_and_no_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"(?m)^(?=[a-z0-9])", text)[1:]
    assert entries
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_no_file_names_a_package_registry_or_a_folder_of_one_machine():
    hosts = [("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("debian", "org")]
    registries = "|".join(re.escape(".".join(host)) for host in hosts)
    folders = "|".join(("work", "root", "home", "tmp"))
    forbidden = re.compile(rf"{registries}|(?<![\w.~}}/-])/(?:{folders})/[\w.]")
    found = []
    for path in project_files():
        if path.name == "LICENSE":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="ignore").splitlines(), start=1):
            if match := forbidden.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {match[0]}")
    assert found == []


def test_the_licence_is_the_whole_agpl_and_every_file_that_names_one_agrees():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.lstrip().startswith("GNU AFFERO GENERAL PUBLIC LICENSE")
    assert "13. Remote Network Interaction" in text
    assert "END OF TERMS AND CONDITIONS" in text
    publiccode = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert {project()["project"]["license"]["text"], publiccode["legal"]["license"]} == {"AGPL-3.0-or-later"}


def test_publiccode_says_what_the_standard_asks_for():
    """publiccode.yml 0.4: the keys that must be there, and the lengths of its texts."""
    publiccode = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    required = {
        "publiccodeYmlVersion",
        "name",
        "url",
        "platforms",
        "developmentStatus",
        "softwareType",
        "description",
        "legal",
        "maintenance",
        "localisation",
    }
    assert required - publiccode.keys() == set()
    assert publiccode["softwareVersion"] == project()["project"]["version"]
    for text in publiccode["description"].values():
        assert len(text["genericName"]) <= 35
        assert len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert text["features"]


def test_the_commands_that_ci_and_the_readme_rely_on_can_be_started():
    for name in ("run", "setup", "lint", "suite", "lock"):
        assert (ROOT / ".ci" / name).stat().st_mode & 0o111, f".ci/{name} is not executable"

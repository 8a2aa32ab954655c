"""What holds for the code as a whole, beside what ruff and import-linter hold."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands, load_command_class
from django.db.migrations.loader import MigrationLoader

pytestmark = pytest.mark.once


def own_apps() -> list[str]:
    return [config.name for config in apps.get_app_configs() if config.name.split(".")[0] in ("portal", "workflows")]


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_migration_has_a_name_that_says_something():
    names = MigrationLoader(connection=None, ignore_no_migrations=True).disk_migrations
    ours = {config.label for config in apps.get_app_configs() if config.name in own_apps()}
    assert [f"{app}.{name}" for app, name in names if app in ours and "_auto_" in name] == []


def test_every_command_of_ours_says_what_it_is_for():
    ours = {name: app for name, app in get_commands().items() if app in own_apps()}
    assert ours
    assert [name for name, app in ours.items() if not load_command_class(app, name).help] == []


def test_no_template_is_unused():
    """A template is named by code or by another template; those of allauth and of errors are named by convention."""
    by_convention = re.compile(r"^(\d{3}\.html|account/|allauth/)")
    root = Path(settings.BASE_DIR)
    folders = [root / "templates", *(Path(config.path) / "templates" for config in apps.get_app_configs())]
    names = {
        path.relative_to(folder).as_posix(): path
        for folder in folders
        if folder.is_relative_to(root) and ".venv" not in folder.parts
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert names
    sources = [path for place in ("portal", "workflows") for path in (root / place).rglob("*.py")]
    texts = {path: path.read_text(encoding="utf-8") for path in [*sources, *names.values()]}
    unused = [
        name
        for name, path in names.items()
        if not by_convention.match(name) and not any(name in text for where, text in texts.items() if where != path)
    ]
    assert unused == []

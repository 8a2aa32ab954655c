"""Fixtures for the whole suite: throw-away files, real servers, a real browser."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests import services
from tests.browser import chromium, complaints

pytest_plugins = ["tests.append_only", "tests.office"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file: the threads of a test then share it as processes do, which no database in memory allows."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "portal.sqlite3")


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    """Files that a test stores end with it."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A fresh database on a real PostgreSQL, whatever database the run itself is on."""
    with services.postgres_server() as server, services.fresh_database(server) as url:
        yield url


@pytest.fixture(scope="session")
def broker_url() -> Iterator[str]:
    """A real RabbitMQ, possibly shared: name your own queues."""
    with services.broker() as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; Django would take its own calls for asynchronous ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with chromium() as started:
        yield started


@pytest.fixture
def open_page(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """``open_page(width=360)``: a page of its own person, with no cookies of anyone else; paths are the portal's.

    The test fails if a page's script raised an error or broke the Content Security Policy.
    """
    contexts, heard = [], []

    def open_one(*, width: int = 1280, height: int = 900) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height},
            accept_downloads=True,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        heard.append(complaints(page))
        return page

    yield open_one
    for context in contexts:
        context.close()
    said = [text for each in heard for text in each]
    assert not said, "\n".join(said)


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()

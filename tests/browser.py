"""A real Chromium for the journeys: how it is started, what it must not complain about, what it is asked to check."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

from portal import fonts

_WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium with the portal's Chinese fonts."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        raise RuntimeError("未找到 Chromium。请安装：apt-get install chromium")
    fonts.configure()
    # Chromium's sandbox refuses to work for root, which is what a container's tests run as.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*_QUIET, *sandbox])
        yield browser
        browser.close()


def complaints(page: Page) -> list[str]:
    """A list that fills with the page's script errors and breaches of the Content Security Policy."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda message: found.append(f"{page.url}: {message.text}") if "Content Security" in message.text else None,
    )
    return found


def assert_accessible(page: Page) -> None:
    """No breach of WCAG 2.2 A or AA that axe can see; each is named with its rule and its element."""
    report = Axe().run(page, options={"runOnly": _WCAG_22_AA}).response
    breaches = [
        f"{violation['id']} ({violation['help']}): {node['target']} {node['html'][:160]}"
        for violation in report["violations"]
        for node in violation["nodes"]
    ]
    assert not breaches, f"{page.url}\n" + "\n".join(breaches)


def screenshot(page: Page, name: str) -> Path | None:
    """With SCREENSHOTS=1 in the environment, the whole page as ``var/screenshots/NAME.png``; else nothing."""
    if os.environ.get("SCREENSHOTS") != "1":
        return None
    path = Path(settings.DATA_DIR) / "screenshots" / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path

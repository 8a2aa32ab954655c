"""People in front of a screen: what each of them does, by the words that they read."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from portal.accounts.demo import PASSWORD
from portal.accounts.models import User
from tests.browser import assert_accessible, screenshot

_ROW_FIELD = re.compile(r"(?P<list>[a-z_]+)-(?P<row>\d+)-(?P<column>[a-z0-9_]+)$")


class Person:
    """Somebody with a browser of their own. Every page they look at is checked for accessibility once."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name
        self._seen: set[str] = set()

    def look(self, what: str) -> None:
        """Take in the page: one heading, no barrier; a picture of it where pictures are wanted."""
        expect(self.page.locator("h1")).to_have_count(1)
        if what not in self._seen:
            self._seen.add(what)
            assert_accessible(self.page)
            screenshot(self.page, f"{self.name}-{what}")

    def go(self, path: str) -> None:
        response = self.page.goto(path)
        status = response.status if response else None
        assert status == 200, f"{path}: {status}"

    def press(self, name: str) -> None:
        self.page.locator("main").get_by_role("button", name=name).first.click()

    def follow(self, name: str, *, exact: bool = False) -> None:
        self.page.locator("main").get_by_role("link", name=name, exact=exact).first.click()

    def sign_in(self, username: str) -> None:
        if "/account/login/" not in self.page.url:
            self.go("/account/login/")
        self.page.locator("[name=login]").fill(username)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("main").get_by_role("button", name="登录").click()

    def is_signed_in(self, user: User) -> None:
        """Skips the sign-in page, for people without a password."""
        client, name = Client(), settings.SESSION_COOKIE_NAME
        client.force_login(user)
        self.go("/status/")
        home = self.page.url.removesuffix("status/")
        self.page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": home}])

    def reads(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)


class Applicant(Person):
    """Answers, fills in, uploads, waits, rates."""

    def answer(self, answers: Mapping[str, str]) -> None:
        """Answer question after question until the plan is there."""
        while "/questions/" in self.page.url:
            question = self.page.url.rstrip("/").rsplit("/", 1)[-1]
            if question == "notice":
                self.page.get_by_label("我已了解以上情况").check()
            else:
                self.look("question")
                self.page.locator(f"[name=answer][value={answers[question]}]").check()
            self.press("继续")

    def fill_in(self, values: Mapping[str, Any]) -> None:
        """Fill in step after step until the materials."""
        while "/form/" in self.page.url and not self.page.url.endswith(("/materials/", "/confirm/")):
            self.look("form-" + self.page.url.rstrip("/").rsplit("/", 1)[-1])
            for name, rows in values.items():
                if isinstance(rows, list) and self.page.locator(f"[name^='{name}-'], [name*='-{name}-']").count():
                    for _ in rows[1:]:
                        self.page.locator("[data-rows-add]").first.click()
            for control in self.page.locator("#step-form [name]").all():
                self._fill(control, values)
            here = self.page.url
            self.press("保存并继续")
            assert self.page.url != here, self.page.locator("main").inner_text()

    def _fill(self, control: Locator, values: Mapping[str, Any]) -> None:
        name = control.get_attribute("name") or ""
        if not control.is_visible() or name.endswith("-DELETE"):
            return
        row = _ROW_FIELD.search(name)
        if row and row["list"] in values:
            rows = values[row["list"]]
            value = rows[int(row["row"])].get(row["column"], "") if int(row["row"]) < len(rows) else ""
        else:
            value = values.get(name.rsplit("-", 1)[-1], "")
        kind = control.get_attribute("type")
        if control.evaluate("element => element.tagName") == "SELECT":
            if value:
                control.select_option(value)
        elif kind in ("radio", "checkbox"):
            if value is True or control.get_attribute("value") == value:
                control.check()
        elif value:
            control.fill(str(value))

    def upload_everything(self, files: Callable[[int], Path]) -> int:
        """Put one file to every material that is still missing; returns how many there were."""
        count = 0
        missing = self.page.locator("section.material:has-text('待上传')")
        while missing.count():
            self.look("materials")
            left = missing.count()
            missing.first.locator("input[type=file]").first.set_input_files(files(count))  # sent at once
            expect(missing).to_have_count(left - 1)
            count += 1
        return count

"""The applicant's own browser, without a browser: sign-in, pages, posts."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from portal.accounts.models import User
from portal.affairs.models import Affair
from tests.factories import UserFactory
from tests.office import Office
from workflows import commands


class Person:
    """One person at the screen. ``text``: the page as read, entities and tags included."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.client = Client()
        self.client.force_login(user)

    def get(self, path: str, **kwargs: Any) -> HttpResponse:
        return self.client.get(path, **kwargs)

    def post(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> HttpResponse:
        return self.client.post(path, data or {}, **kwargs)


@pytest.fixture
def me(office: Office) -> Person:
    """The office's applicant, who files everything that ``office`` files."""
    return Person(office.applicant.user)


@pytest.fixture
def stranger(office: Office) -> Person:
    return Person(UserFactory(name="别人"))


@pytest.fixture
def draft(office: Office) -> Affair:
    """Complete but for the pressing of “提交”; to be fetched at the counter."""
    affair = office.draft()
    return commands.save_draft(affair, actor=office.applicant, form={"delivery": "窗口领取"})


@pytest.fixture
def blank(office: Office) -> Affair:
    """A draft without a single answer."""
    return commands.start_draft(applicant=office.applicant.user, one_thing_code="ysqy", actor=office.applicant)


def text_of(response: HttpResponse) -> str:
    """What a person reads: no tags, no runs of blanks."""
    words = re.sub(r"<(script|style|template)\b.*?</\1>|<[^>]+>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", words).replace("&quot;", '"')


def headings(response: HttpResponse) -> list[str]:
    return re.findall(r"<h1\b", response.content.decode())

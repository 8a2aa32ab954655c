"""Nobody sees another person's affair."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.affairs.models import Affair
from tests.filing.conftest import Person, headings
from tests.office import Office
from workflows import commands

PAGES = ["affair", "questions", "plan", "form", "receipt", "withdraw", "rate"]


def pages_of(affair: Affair) -> list[str]:
    return [
        *(reverse(f"filing:{name}", args=[affair.pk]) for name in PAGES),
        reverse("filing:question", args=[affair.pk, "lic"]),
        reverse("filing:gates", args=[affair.pk, "lic"]),
        reverse("filing:form_step", args=[affair.pk, "subject"]),
        reverse("filing:form_step", args=[affair.pk, "confirm"]),
    ]


def posts_of(affair: Affair) -> list[str]:
    return [
        reverse("filing:question", args=[affair.pk, "lic"]),
        reverse("filing:gates", args=[affair.pk, "lic"]),
        reverse("filing:form_step", args=[affair.pk, "subject"]),
        reverse("filing:form_step", args=[affair.pk, "confirm"]),
        reverse("filing:autosave", args=[affair.pk, "subject"]),
        reverse("filing:files", args=[affair.pk]),
        reverse("filing:remove_file", args=[affair.pk, affair.files.first().pk]),
        reverse("filing:withdraw", args=[affair.pk]),
        reverse("filing:rate", args=[affair.pk]),
    ]


def test_a_stranger_cannot_see_another_persons_affair(draft: Affair, stranger: Person):
    assert {path: stranger.get(path).status_code for path in pages_of(draft)} == dict.fromkeys(pages_of(draft), 404)


def test_a_stranger_cannot_change_another_persons_draft(draft: Affair, stranger: Person):
    before = Affair.objects.values().get(pk=draft.pk)
    assert {path: stranger.post(path).status_code for path in posts_of(draft)} == dict.fromkeys(posts_of(draft), 404)
    assert Affair.objects.values().get(pk=draft.pk) == before
    assert draft.files.kept().count() == draft.files.count()


def test_a_file_cannot_be_removed_through_ones_own_affair(draft: Affair, stranger: Person, office: Office):
    """The number of another's file under one's own draft leads nowhere."""
    own = commands.start_draft(
        applicant=stranger.user, one_thing_code="ysqy", actor=type(office.applicant)(stranger.user, "测试")
    )
    file = draft.files.first()
    assert stranger.post(reverse("filing:remove_file", args=[own.pk, file.pk])).status_code == 404
    file.refresh_from_db()
    assert file.removed_at is None


def test_without_an_account_every_page_leads_to_sign_in(draft: Affair):
    for path in [reverse("filing:mine"), reverse("filing:new", args=["ysqy"]), *pages_of(draft)]:
        response = Client().get(path)
        assert response.status_code == 302, path
        assert response.url.startswith(reverse("account_login")), path


def test_staff_have_no_place_among_the_applicants_pages(draft: Affair, office: Office):
    officer = next(iter(office.people.officers.values()))
    for user in (office.clerk.user, officer.user):
        for path in [reverse("filing:mine"), *pages_of(draft)]:
            assert Person(user).get(path).status_code == 403, path


def test_every_page_has_one_heading(office: Office, me: Person, draft: Affair, blank: Affair):
    filed = office.submitted()
    paths = [
        reverse("filing:mine"),
        reverse("filing:new", args=["ysqy"]),
        reverse("filing:question", args=[blank.pk, "lic"]),
        reverse("filing:plan", args=[draft.pk]),
        *(
            reverse("filing:form_step", args=[draft.pk, step])
            for step in ("subject", "people", "vehicles", "delivery", "materials", "confirm")
        ),
        *(reverse(f"filing:{name}", args=[filed.pk]) for name in ("affair", "receipt", "withdraw")),
    ]
    pages = {path: me.get(path) for path in paths}
    assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(paths, 200)
    assert {path: len(headings(page)) for path, page in pages.items()} == dict.fromkeys(paths, 1)


@pytest.mark.parametrize("name", ["files", "autosave", "remove_file"])
def test_what_only_takes_posts_shows_no_page(name: str, draft: Affair, me: Person):
    arguments = {"files": [], "autosave": ["subject"], "remove_file": [draft.files.first().pk]}[name]
    assert me.get(reverse(f"filing:{name}", args=[draft.pk, *arguments])).status_code == 405

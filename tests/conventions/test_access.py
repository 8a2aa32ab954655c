"""Every address of the portal, with everybody who might ask for it. New views are walked without being named here."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal.accounts.access import EVERYONE
from portal.accounts.models import Department, User
from portal.affairs import phrases
from portal.affairs.models import Affair, Approval, MaterialFile, Phrase
from portal.documents.models import Document
from tests.conventions.markup import breaches
from tests.factories import UserFactory
from tests.filing.pictures import photo
from tests.office import Office
from tests.threads import asked
from workflows import commands
from workflows.department import lists as department
from workflows.department_commands import ask_opinion
from workflows.window import lists as window

ABSENT = {"int": 987654321, "slug": "absent", "str": "absent", "path": "absent", "uuid": "0" * 32}


@dataclass(frozen=True)
class Route:
    name: str
    view: Any
    parameters: tuple[tuple[str, str], ...]

    @property
    def open_to(self) -> frozenset[str]:
        return self.view.open_to

    @property
    def for_everyone(self) -> bool:
        return self.open_to == EVERYONE

    def addresses(self, samples: dict[str, list[Any]]) -> Iterator[str]:
        """With every combination of the samples, or with something that does not exist where there are none.

        A sample is named after its parameter, or “route.parameter” where a name means several things.
        """
        choices = [
            samples.get(f"{self.name}.{name}") or samples.get(name) or [ABSENT[converter]]
            for name, converter in self.parameters
        ]
        for values in product(*choices):
            yield reverse(self.name, kwargs=dict(zip((name for name, _ in self.parameters), values, strict=True)))

    @property
    def absent(self) -> str:
        """An address at which there is nothing: who may not see the view must not learn even that."""
        return next(self.addresses({}))


def routes() -> list[Route]:
    return list(_routes(get_resolver().url_patterns, "", ()))


def _routes(patterns: list[Any], namespace: str, outer: tuple[tuple[str, str], ...]) -> Iterator[Route]:
    for pattern in patterns:
        converters = {
            name: type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
            for name, converter in pattern.pattern.converters.items()
        }
        parameters = outer + tuple(converters.items())
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _routes(pattern.url_patterns, inner, parameters)
        elif isinstance(pattern, URLPattern):
            yield Route(f"{namespace}{pattern.name}", pattern.callback, parameters)


@pytest.fixture
def office(db: None) -> Office:
    return Office()


@pytest.fixture
def world(office: Office) -> tuple[Office, dict[str, list[Any]]]:
    """An office with an affair at each stage, and what may stand in an address for each parameter."""
    draft, submitted = office.draft(), office.submitted(seed=2)
    picture = commands.attach_file(draft, actor=office.applicant, material_code="zc", item="", upload=photo())
    approving = office.accepted(seed=3)
    office.review_and("grant", approving, "qysl")
    office.review_and("refuse", approving, "hyxk")
    waiting, delivering = office.accepted(seed=4), office.ready_to_deliver(seed=5)
    keys = {
        *(affair.pk for affair in (draft, submitted, approving, waiting, delivering)),
        *Approval.objects.filter(affair__in=[approving, waiting], department__code="jt").values_list("pk", flat=True),
        *Document.objects.filter(affair=delivering).values_list("pk", flat=True)[:1],
        *MaterialFile.objects.filter(affair=submitted).values_list("pk", flat=True)[:1],
    }
    message = asked(office, approving)
    question = ask_opinion(
        office.approval(waiting, "qysl"), actor=office.officer(office.approval(waiting, "qysl")),
        department=Department.objects.get(code="jt"), question="场地是否符合要求？", working_days=3,
    )  # fmt: skip
    officer = office.officer(office.approval(waiting, "hyxk"))
    phrase = phrases.add(officer.user.department, actor=officer, use=Phrase.Use.OPINION, text="车辆已经核对。")
    one_thing = draft.one_thing
    return office, {
        "pk": sorted(keys),
        "documents:message_file.pk": [message.files.get().pk],
        "notifications:notice.pk": [approving.notices.filter(recipient=office.applicant.user).first().pk],
        "approval_pk": [approving.approvals.get(matter_code="hyxk").pk],
        "documents:preview.pk": [picture.pk],
        "file_pk": [draft.files.first().pk],
        "one_thing": ["cyd"],
        "material_id": ["cl_cns"],
        "one_thing_id": list(office.edition.catalogue.one_things),
        "question_id": [question.id for question in one_thing.questions[:2]],
        "step": list(dict.fromkeys(field.step for field in draft.plan.fields)),
        "key": ["legal_rep_id"],
        "department:opinion.pk": [question.pk],
        "department:phrase.pk": [phrase.pk],
        "supervision:department.code": ["jt"],
        "window:tab.tab": list(window.TABS),
        "department:tab.tab": list(department.TABS),
        "code": [Document.objects.filter(affair=delivering).first().verify_code],
    }


def person(role: User.Role, office: Office) -> User:
    """Someone of this role with work or affairs in the world of this test."""
    if role == User.Role.APPLICANT:
        return office.applicant.user
    if role == User.Role.CLERK:
        return office.clerk.user
    if role == User.Role.OFFICER:
        return User.objects.filter(role=role, department__code="jt").first()
    return UserFactory(**{role.value: True})


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def leads_to_sign_in(response: HttpResponse, address: str) -> bool:
    return response.status_code == 302 and response["Location"] == f"{reverse('account_login')}?next={quote(address)}"


def test_every_view_says_whom_it_is_open_to():
    assert routes()
    assert [route.name for route in routes() if not getattr(route.view, "open_to", None)] == []


def test_every_address_has_a_name():
    assert [route.view for route in routes() if route.name.endswith("None")] == []


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in_wherever_a_view_is_not_open_to_everyone():
    wrong = [
        f"{method} {route.absent}"
        for route in routes()
        for method in ("get", "post")
        if leads_to_sign_in(getattr(Client(), method)(route.absent), route.absent) == route.for_everyone
    ]
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", User.Role)
def test_another_role_is_refused(role):
    client = signed_in(UserFactory(**({} if role == User.Role.APPLICANT else {role.value: True})))
    let_in = []
    for route in routes():
        if route.for_everyone or role in route.open_to:
            continue
        for method in ("get", "post"):
            response = getattr(client, method)(route.absent)
            if response.status_code not in (403, 404) or breaches(response.content.decode()):
                let_in.append(f"{method} {route.absent} {response.status_code}")
    assert let_in == []


@pytest.mark.django_db
def test_what_is_anothers_does_not_open(world):
    """An applicant with nothing to do with the affairs, and an officer whose department has no part in them."""
    _office, samples = world
    opened = []
    for outsider in (UserFactory(), UserFactory(officer=True)):
        client = signed_in(outsider)
        for route in routes():
            if outsider.role not in route.open_to or "pk" not in dict(route.parameters):
                continue
            opened += [
                f"{method} {address}"
                for address in route.addresses(samples)
                for method in ("get", "post")
                if getattr(client, method)(address).status_code not in (403, 404, 405)
            ]
    assert opened == []
    assert Affair.objects.count() == 5


@pytest.mark.django_db
def test_every_page_is_in_order_for_everybody_who_may_see_it(world):
    """One h1, language, title, Chinese text, nothing inline that the Content Security Policy would stop."""
    office, samples = world
    clients = {"": Client(), **{role: signed_in(person(role, office)) for role in User.Role}}
    wrong = []
    for route in routes():
        statuses = []
        for role, client in clients.items():
            if not route.for_everyone and role not in route.open_to:
                continue
            for address in route.addresses(samples):
                response = client.get(address)
                statuses.append(response.status_code)
                if response.headers.get("Content-Type", "").startswith("text/html"):
                    found = breaches(response.content.decode())
                    wrong += [f"{address} ({role or 'stranger'}, {response.status_code}): {each}" for each in found]
        if set(statuses) <= {403, 404}:
            wrong.append(f"{route.name}: no sample of this test opens it; give it one in the world")
    assert wrong == []

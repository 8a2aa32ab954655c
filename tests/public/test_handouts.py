"""The leaflet and the forms, really printed and read back."""

import re
import subprocess

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from portal.public import handouts, takeaway
from tests.office import Office

pytestmark = pytest.mark.django_db

LEAFLET = "/guides/ysqy/leaflet.pdf"


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s", "", done.stdout.decode())


def pages_of(pdf: bytes) -> int:
    done = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True)
    return int(re.search(r"Pages:\s+(\d+)", done.stdout.decode())[1])


@pytest.fixture
def printings(monkeypatch) -> list[str]:
    """What was really laid out, without the cost of doing so."""
    made: list[str] = []

    def pretend(html: str, **_options: object) -> bytes:
        made.append(html)
        return b"%PDF-1.7 pretended"

    monkeypatch.setattr(handouts, "print_pdf", pretend)
    return made


@pytest.mark.parametrize("one_thing", ["ysqy", "cyd", "qybg"])
def test_a_leaflet_is_one_sheet_that_says_what_where_and_that_it_is_a_demonstration(
    client, office, one_thing, settings
):
    settings.SITE_URL = "https://portal.example"
    response = client.get(f"/guides/{one_thing}/leaflet.pdf")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    thing = office.edition.catalogue.one_things[one_thing]
    text = text_of(response.content)
    for wanted in (thing.name, settings.HALL_PHONE, settings.HALL_ADDRESS, "演示", "待部门确认", office.edition.code):
        assert wanted.replace(" ", "") in text
    assert f"https://portal.example/guides/{one_thing}/" in text
    for matter in thing.matters:
        assert matter.name in text
    assert pages_of(response.content) <= 2


def test_a_leaflet_is_printed_once_and_again_only_when_it_says_something_else(client, office, printings, settings):
    assert client.get(LEAFLET).content == client.get(LEAFLET).content
    assert len(printings) == 1
    settings.HALL_PHONE = "0375-0000999"
    client.get(LEAFLET)
    assert len(printings) == 2
    assert len(default_storage.listdir("handouts")[1]) == 2


def test_who_has_too_much_printed_waits_but_what_lies_ready_is_free(client, office, printings, monkeypatch):
    monkeypatch.setattr(takeaway, "PRINTINGS", takeaway.Throttle("printing-test", limit=2))
    for one_thing in ("ysqy", "cyd"):
        assert client.get(f"/guides/{one_thing}/leaflet.pdf").status_code == 200
    refused = client.get("/guides/qybg/leaflet.pdf")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert "下载得太快" in refused.content.decode()
    assert client.get(LEAFLET).status_code == 200
    assert len(printings) == 2


def test_a_blank_form_has_a_line_for_everything_that_the_paper_must_contain(client, office: Office):
    response = client.get(reverse("public:blank", args=["cl_cns"]))
    text = text_of(response.content)
    for line in office.edition.catalogue.materials["cl_cns"].must_contain:
        assert line in text
    assert "拟投入运输车辆承诺书" in text
    assert "表样待部门确认" in text
    assert "样例" not in text
    assert pages_of(response.content) == 1


def test_a_sample_is_filled_in_and_says_that_it_is_made_up(client, office: Office):
    response = client.get(reverse("public:sample", args=["wts"]))
    text = text_of(response.content)
    assert "样例：人员、企业和号码都是虚构的" in text
    assert "李演示" in text
    assert pages_of(response.content) == 1


def test_a_material_without_a_form_has_none(client, office: Office):
    for name in ("zc", "nothing"):
        assert client.get(reverse("public:blank", args=[name])).status_code == 404
        assert client.get(reverse("public:sample", args=[name])).status_code == 404
    assert client.get("/guides/none/leaflet.pdf").status_code == 404


def test_the_guide_leads_to_the_forms_and_the_leaflet(client, office: Office):
    page = client.get("/guides/ysqy/").content.decode()
    for address in (reverse("public:blank", args=["cl_cns"]), reverse("public:sample", args=["wts"]), LEAFLET):
        assert f'href="{address}"' in page

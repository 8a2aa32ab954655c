"""Whoever holds a paper can check it, and learns no more than the paper says."""

import pytest

from portal.documents.models import Document

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(office) -> Document:
    affair = office.ready_to_deliver()
    return Document.objects.filter(affair=affair, kind=Document.Kind.GRANT).first()


def body(response) -> str:
    return response.content.decode()


def test_a_genuine_paper_is_confirmed_with_its_number_authority_and_date(client, paper):
    page = body(client.get(f"/verify/{paper.verify_code}/"))
    for wanted in ("存档文件与签发时一致", paper.title, paper.number, str(paper.approval.department), "演示"):
        assert wanted in page
    assert paper.affair.subject_name not in page


def test_the_address_in_the_papers_qr_code_leads_there(client, paper):
    assert client.get(f"/verify/{paper.verify_code}", follow=True).redirect_chain[-1][0].endswith("/")
    assert "存档文件与签发时一致" in body(client.get("/verify/", {"code": f" {paper.verify_code.lower()} "}))


def test_a_changed_file_is_reported(client, paper):
    with paper.file.storage.open(paper.file.name, "r+b") as stored:
        stored.write(b"forged")
    page = body(client.get(f"/verify/{paper.verify_code}/"))
    assert "存档文件有变动" in page
    assert "存档文件与签发时一致" not in page


def test_an_unknown_code_is_told_so(client, db):
    response = client.get("/verify/0000000000000000/")
    assert response.status_code == 200
    assert "没有查到这份文书" in body(response)
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]


def test_codes_cannot_be_tried_out(client, paper):
    for number in range(10):
        client.get(f"/verify/{number:016d}/")
    assert client.get(f"/verify/{paper.verify_code}/").status_code == 429

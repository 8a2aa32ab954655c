"""Anybody with the code on a paper can check it."""

import pytest

from portal.documents import services
from portal.documents.models import Document
from portal.documents.verify import Integrity, masked_applicant, verify
from tests.office import Office


@pytest.fixture
def document(office: Office) -> Document:
    return services.render(office.accepted().documents.get(kind=Document.Kind.ACCEPTANCE))


def test_a_code_that_stands_on_no_paper_finds_nothing(db):
    assert verify("0123456789ABCDEF") is None
    assert verify("") is None


def test_an_intact_paper_is_recognised_however_its_code_is_typed(document: Document):
    code = document.verify_code
    found = verify(f" {code[:8].lower()}-{code[8:]} ")
    assert found.integrity == Integrity.INTACT
    assert (found.title, found.number, found.sha256) == ("受理通知书", document.number, document.sha256)
    assert found.authority == "卫东区政务服务中心"
    assert found.matter == "开办运输企业（道路货运）一件事"
    assert found.demonstration


def test_the_applicant_is_masked(document: Document):
    name = document.affair.subject_name
    assert name not in verify(document.verify_code).applicant
    assert masked_applicant("张三") == "张*"
    assert masked_applicant("平顶山演示货运有限公司") == "平顶*******公司"


def test_a_stored_file_that_was_changed_is_told(document: Document):
    with open(document.file.path, "ab") as stored:
        stored.write(b"\n% changed")
    assert verify(document.verify_code).integrity == Integrity.CHANGED


def test_a_stored_file_that_is_gone_is_told(document: Document):
    document.file.storage.delete(document.file.name)
    assert verify(document.verify_code).integrity == Integrity.CHANGED


def test_a_paper_whose_pdf_is_still_being_made_is_known(office: Office):
    document = office.submitted().documents.get()
    assert verify(document.verify_code).integrity == Integrity.BEING_MADE

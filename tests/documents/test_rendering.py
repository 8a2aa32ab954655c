"""The PDFs, really made and read back."""

import hashlib
import io
import re
import subprocess
from threading import Barrier, Thread
from typing import Any

import pikepdf
import pytest
from django.db import connection
from django.utils import timezone

from portal.affairs.models import Affair
from portal.documents import render, services
from portal.documents.models import Document
from portal.documents.seals import seal_svg
from tests.documents.conftest import files_on_disk, one_of_each_kind
from tests.office import Office

Kind = Document.Kind


def paper(kind: Kind, contents: dict[str, Any]) -> Document:
    return Document(
        affair=Affair(), kind=kind, title=contents["title"], number=contents["number"], contents=contents,
        verify_code=contents["verify"]["code"], issued_at=timezone.now(),
    )  # fmt: skip


def text_of(pdf: bytes) -> str:
    """The words of a PDF as pdftotext reads them, without white space."""
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s", "", done.stdout.decode())


WORDS = {
    Kind.RECEIPT: ("收件回执", "公司章程", "查询码", "不收费", "监督投诉电话：12345", "本回执证明收到上述材料"),
    Kind.ACCEPTANCE: ("受理通知书", "决定予以受理", "承诺办结日期", "法定办结日期", "逾期未作出决定的"),
    Kind.NON_ACCEPTANCE: ("不予受理决定书", "不属于本机关职权范围。", "应当向市交通运输局提出", "60日内", "6个月内"),
    Kind.GRANT: ("准予行政许可决定书", "决定准予行政许可", "道路运输经营许可证", "公众有权查阅"),
    Kind.REFUSAL: (
        "不予行政许可决定书", "现场核查的车辆与申报不一致。", "60日内依法向卫东区人民政府申请行政复议",
        "6个月内依法向有管辖权的人民法院提起行政诉讼", "掌上复议",
    ),
    Kind.CONCLUSION: ("办件回执", "前置未通过", "不予行政许可", "扫码评价", "60日内"),
}  # fmt: skip


@pytest.fixture(scope="module")
def pdfs(contents_of_each_kind) -> dict[Kind, bytes]:
    return {kind: render.render_pdf(paper(kind, contents)) for kind, contents in contents_of_each_kind.items()}


@pytest.mark.parametrize("kind", Kind)
def test_every_paper_can_be_read_as_text(pdfs, contents_of_each_kind, kind: Kind):
    contents, text = contents_of_each_kind[kind], text_of(pdfs[kind])
    common = (
        contents["number"],
        contents["date"],
        contents["authority"],
        contents["applicant"]["name"],
        contents["applicant"]["id_number"],
        contents["affair"]["number"],
        contents["affair"]["query_code"],
        contents["contact"]["complaint_phone"],
        contents["verify"]["code"],
    )
    assert [words for words in (*common, *WORDS[kind]) if re.sub(r"\s", "", words) not in text] == []


@pytest.mark.parametrize("kind", Kind)
def test_every_paper_is_a_sound_a4_pdf_made_for_the_archive(pdfs, contents_of_each_kind, kind: Kind, tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(pdfs[kind])
    checked = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    with pikepdf.open(io.BytesIO(pdfs[kind])) as pdf:
        assert [round(float(value)) for value in pdf.pages[0].MediaBox] == [0, 0, 595, 842]
        assert str(pdf.Root.Lang) == "zh-CN"
        assert bool(pdf.Root.MarkInfo.Marked)
        with pdf.open_metadata() as metadata:
            assert (
                metadata["dc:title"]
                == f"{contents_of_each_kind[kind]['title']} {contents_of_each_kind[kind]['number']}"
            )
            assert metadata["dc:creator"] == [contents_of_each_kind[kind]["authority"]]
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")


def test_the_same_contents_give_the_same_bytes(pdfs, contents_of_each_kind):
    again = render.render_pdf(paper(Kind.REFUSAL, contents_of_each_kind[Kind.REFUSAL]))
    assert again == pdfs[Kind.REFUSAL]


def test_a_rare_character_of_a_name_is_printed(contents_of_each_kind):
    contents = contents_of_each_kind[Kind.REFUSAL]
    contents = contents | {"applicant": contents["applicant"] | {"name": "张䶮喆"}}
    pdf = render.render_pdf(paper(Kind.REFUSAL, contents))
    assert "张䶮喆：" in text_of(pdf)


def test_a_demonstration_says_so_on_the_seal_and_below(contents_of_each_kind):
    contents = contents_of_each_kind[Kind.REFUSAL]
    assert "演示印章：平顶山市卫东区交通运输局" in render.paper_html(paper(Kind.REFUSAL, contents))
    assert "没有法律效力" in render.paper_html(paper(Kind.REFUSAL, contents))
    assert seal_svg("卫东区政务服务中心").count("<path") == len("卫东区政务服务中心") + len("演示印章")


def test_in_real_use_nothing_imitates_a_seal(contents_of_each_kind):
    html = render.paper_html(paper(Kind.REFUSAL, contents_of_each_kind[Kind.REFUSAL] | {"demonstration": False}))
    assert "（加盖本机关专用印章）" in html
    assert "演示" not in html.replace("（演示）", "")


def test_a_paper_fetches_nothing_from_outside(contents_of_each_kind):
    contents = contents_of_each_kind[Kind.REFUSAL]
    html = render.paper_html(paper(Kind.REFUSAL, contents))
    assert {source.split(":")[0] for source in re.findall(r'src="([^"]+)"', html)} == {"data"}


def test_rendering_twice_leaves_one_file(office: Office, media):
    document = office.accepted().documents.get(kind=Kind.ACCEPTANCE)
    first = services.render(document)
    second = services.render(Document.objects.get(pk=document.pk))
    assert (second.file.name, second.sha256) == (first.file.name, first.sha256)
    assert len(files_on_disk(media)) == 1
    with second.file.open() as stored:
        assert hashlib.sha256(stored.read()).hexdigest() == second.sha256


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_leave_one_file(office: Office, media, monkeypatch):
    document = office.submitted().documents.get()
    together, errors = Barrier(2, timeout=30), []
    make = render.render_pdf

    def made_by_both(paper: Document) -> bytes:
        together.wait()
        return make(paper)

    def work() -> None:
        try:
            services.render(Document.objects.get(pk=document.pk))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(render, "render_pdf", made_by_both)
    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert errors == []
    document.refresh_from_db()
    assert [path.name for path in files_on_disk(media)] == [document.file.name.rsplit("/", 1)[-1]]
    with document.file.open() as stored:
        assert hashlib.sha256(stored.read()).hexdigest() == document.sha256


def test_every_paper_of_an_office_can_be_rendered(office: Office, media):
    for document in one_of_each_kind(office):
        assert services.render(document).is_ready

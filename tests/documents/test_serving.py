"""Files as browsers and readers of PDFs fetch them: whole, in ranges, only when changed (RFC 9110)."""

import io
import re

import pytest
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage
from django.test import Client
from django.urls import reverse

from portal.affairs.models import Affair, MaterialFile
from portal.documents.models import Document
from portal.documents.services import render
from portal.documents.serving import Unsatisfiable, byte_range
from tests.office import FOUNDING, Office

SIZE = 1000


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-99", (0, 100)),
        ("bytes=990-", (990, 10)),
        ("bytes=990-5000", (990, 10)),
        ("bytes=-10", (990, 10)),
        ("bytes=-5000", (0, 1000)),
        ("Bytes = 5-6", (5, 2)),
        ("", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("bytes=9-5", None),
        ("bytes=0-1,5-6", None),
        ("bytes=a-b", None),
        ("pages=1-2", None),
        ("bytes=٠-٩", None),
    ],
)
def test_a_range_says_first_and_last_byte_or_how_many_from_the_end(header: str, wanted: tuple[int, int] | None):
    assert byte_range(header, SIZE) == wanted


@pytest.mark.parametrize(("header", "size"), [("bytes=1000-", SIZE), ("bytes=-0", SIZE), ("bytes=0-", 0)])
def test_a_range_behind_the_end_cannot_be_given(header: str, size: int):
    with pytest.raises(Unsatisfiable):
        byte_range(header, size)


class Stream(io.RawIOBase):
    """A stored object that comes from far away: it can be read, not sought in."""

    def __init__(self, content: bytes) -> None:
        self._inner = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        return self._inner.readinto(buffer)


class FarAway(FileSystemStorage):
    def _open(self, name: str, mode: str = "rb") -> Stream:
        with super()._open(name, mode) as near:
            return Stream(near.read())


@pytest.fixture
def affair(office: Office) -> Affair:
    return office.submitted(answers=FOUNDING)


@pytest.fixture
def file(affair: Affair) -> MaterialFile:
    return affair.files.kept().first()


@pytest.fixture
def me(office: Office) -> Client:
    client = Client()
    client.force_login(office.applicant.user)
    return client


@pytest.fixture(params=["on disk", "far away"])
def storage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Storage:
    if request.param == "far away":
        monkeypatch.setattr(MaterialFile._meta.get_field("file"), "storage", FarAway())
    return MaterialFile._meta.get_field("file").storage


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_files_are_sent_whole_or_as_the_range_asked_for_from_any_storage(
    storage: Storage, me: Client, file: MaterialFile
):
    url = reverse("documents:file", args=[file.pk])
    whole = me.get(url)
    content = body(whole)
    assert whole.status_code == 200
    assert (len(content), whole["Content-Length"]) == (file.size_bytes, str(file.size_bytes))
    assert whole["Accept-Ranges"] == "bytes"
    for asked, start, end in (("bytes=0-99", 0, 100), ("bytes=200-", 200, None), ("bytes=-50", -50, None)):
        part = me.get(url, headers={"Range": asked})
        got = body(part)
        assert part.status_code == 206
        assert got == content[start:end]
        first, last, size = map(int, re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", part["Content-Range"]).groups())
        assert (content[first : last + 1], size) == (got, len(content))
        assert part["Content-Length"] == str(len(got))
        assert part["Content-Type"] == "application/pdf"
        assert "default-src 'none'" in part["Content-Security-Policy"]


def test_a_range_behind_the_end_is_answered_416_with_the_size(me: Client, file: MaterialFile):
    response = me.get(reverse("documents:file", args=[file.pk]), headers={"Range": f"bytes={file.size_bytes}-"})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{file.size_bytes}"


def test_head_says_the_size_and_ignores_ranges(me: Client, file: MaterialFile):
    response = me.head(reverse("documents:file", args=[file.pk]), headers={"Range": "bytes=0-1"})
    assert (response.status_code, response["Content-Length"]) == (200, str(file.size_bytes))


def test_an_unchanged_file_is_not_sent_again_and_a_changed_one_is_sent_whole(me: Client, file: MaterialFile):
    url = reverse("documents:file", args=[file.pk])
    etag = me.get(url)["ETag"]
    assert etag == f'"{file.sha256}"'
    assert me.get(url, headers={"If-None-Match": etag}).status_code == 304
    assert me.get(url, headers={"Range": "bytes=0-1", "If-Range": etag}).status_code == 206
    assert me.get(url, headers={"Range": "bytes=0-1", "If-Range": '"older"'}).status_code == 200
    assert me.get(url, headers={"If-Match": '"older"'}).status_code == 412


def test_the_file_is_closed_when_the_reader_goes_away(me: Client, file: MaterialFile, monkeypatch: pytest.MonkeyPatch):
    opened = []
    storage = MaterialFile._meta.get_field("file").storage
    near = storage._open

    def watched(name: str, mode: str = "rb") -> File:
        opened.append(near(name, mode))
        return opened[-1]

    monkeypatch.setattr(storage, "_open", watched)
    response = me.get(reverse("documents:file", args=[file.pk]), headers={"Range": "bytes=5-9"})
    response.close()
    assert [each.closed for each in opened] == [True]


def test_papers_come_in_ranges_too(me: Client, affair: Affair):
    paper = render(affair.documents.get(kind=Document.Kind.RECEIPT))
    url = reverse("documents:document", args=[paper.pk])
    response = me.get(url, headers={"Range": "bytes=0-4"})
    assert (response.status_code, body(response)) == (206, b"%PDF-")
    assert me.get(url, headers={"If-None-Match": f'"{paper.sha256}"'}).status_code == 304

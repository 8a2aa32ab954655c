"""A stored file as an answer: whole or the range that was asked for, from any storage (RFC 9110)."""

import io
import re
from typing import IO, Any

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

# A file may neither load anything nor run anything, whatever it contains. A reader of PDFs styles its own frame; the
# sandbox, which would keep Chromium from showing a PDF at all, is for everything else.
_FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
_POLICIES = {"application/pdf": f"{_FILE_POLICY}; object-src 'self'"}
_SANDBOXED = f"{_FILE_POLICY}; sandbox"
# One range with at least one end; several at once may be answered by the whole (RFC 9110, 14.2).
_RANGE = re.compile(r"bytes\s*=\s*(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))\s*", re.ASCII | re.IGNORECASE)
_PIECE_BYTES = 64 * 1024


class Unsatisfiable(Exception):
    """The range that was asked for begins behind the end of the file, or asks for its last 0 bytes."""


def serve(
    request: HttpRequest, file: FieldFile, *, name: str, content_type: str, size_bytes: int, sha256: str
) -> HttpResponse:
    """200 with the whole file, 206 with the range asked for, 304 or 412 by its fingerprint, 416 out of range."""
    etag = f'"{sha256}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            wanted = _wanted(request, size_bytes, etag)
        except Unsatisfiable:
            response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size_bytes}"})
        else:
            response = _part(file, content_type, size_bytes, wanted)
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    if response.status_code in (200, 206):
        response["Content-Disposition"] = content_disposition_header(False, name)
    return guarded(response, content_type)


def guarded(response: HttpResponse, content_type: str) -> HttpResponse:
    """With the headers under which content from people is shown."""
    response["Content-Security-Policy"] = _POLICIES.get(content_type, _SANDBOXED)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _wanted(request: HttpRequest, size_bytes: int, etag: str) -> tuple[int, int] | None:
    """First byte and number of bytes asked for; None for the whole. Raises Unsatisfiable."""
    header = request.headers.get("Range", "")
    if request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    return byte_range(header, size_bytes)


def byte_range(header: str, size_bytes: int) -> tuple[int, int] | None:
    """What a Range header asks for as first byte and number of bytes; None where it says nothing that can be followed.

    Raises Unsatisfiable.
    """
    asked = _RANGE.fullmatch(header.strip())
    if asked is None:
        return None
    first, last, suffix = asked.groups()
    if suffix is not None:
        length = min(int(suffix), size_bytes)
        if length == 0:
            raise Unsatisfiable
        return size_bytes - length, length
    start, end = int(first), int(last) if last else size_bytes - 1
    if last and end < start:
        return None
    if start >= size_bytes:
        raise Unsatisfiable
    return start, min(end, size_bytes - 1) - start + 1


def _part(file: FieldFile, content_type: str, size_bytes: int, wanted: tuple[int, int] | None) -> HttpResponse:
    start, length = wanted or (0, size_bytes)
    response = FileResponse(_Piece(file.open("rb"), start, length), content_type=content_type)
    response["Content-Length"] = str(length)
    if wanted:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{start + length - 1}/{size_bytes}"
    return response


class _Piece:
    """``length`` bytes of an open file from ``start`` on; what cannot seek is read up to there and thrown away."""

    def __init__(self, file: IO[bytes] | Any, start: int, length: int) -> None:
        self._file, self._left = file, length
        if start:
            try:
                file.seek(start)
            except (AttributeError, io.UnsupportedOperation):
                while start and (skipped := file.read(min(start, _PIECE_BYTES))):
                    start -= len(skipped)

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(content)
        return content

    def close(self) -> None:
        self._file.close()

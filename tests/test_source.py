import io
import tarfile

import pytest

pytestmark = pytest.mark.once


def test_everyone_may_have_the_source_and_no_data_goes_with_it(client) -> None:
    response = client.get("/source/")
    assert response.status_code == 200
    with tarfile.open(fileobj=io.BytesIO(response.content)) as archive:
        names = archive.getnames()
    assert "one-thing-portal/manage.py" in names
    assert "one-thing-portal/LICENSE" in names
    assert "one-thing-portal/workflows/one_thing.py" in names
    assert not [name for name in names if "/var/" in name or ".env" in name or ".sqlite3" in name or ".git/" in name]

from pathlib import Path

import pytest
from django.conf import settings

from workflows.pictures import pictures

pytestmark = pytest.mark.once


@pytest.mark.parametrize(("name", "content"), list(pictures()), ids=[name for name, _content in pictures()])
def test_the_committed_picture_of_a_flow_is_the_flow(name: str, content: str) -> None:
    committed = Path(settings.BASE_DIR) / "docs" / "flows" / name
    assert committed.read_text() == content, "run manage.py export_flows and look at what changed"

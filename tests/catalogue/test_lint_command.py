from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.once


def test_a_clean_catalogue_is_one_line_and_exit_0(edition_path: Path, shared_path: Path) -> None:
    for path in (edition_path, shared_path):
        out = StringIO()
        call_command("lint_catalogue", str(path), stdout=out)
        assert out.getvalue().startswith("目录检查通过：3 个一件事，22 个事项")
        assert len(out.getvalue().splitlines()) == 1


def test_each_breach_is_one_line_and_exit_1(tmp_path: Path, shared_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    text = shared_path.read_text(encoding="utf-8")
    broken.write_text(
        text.replace("fee = 0", "fee = 5", 1).replace("defer_wd = 3", "defer_wd = 30", 1), encoding="utf-8"
    )
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("lint_catalogue", str(broken), stdout=out, stderr=err)
    assert stopped.value.code == 1
    assert [line.split()[0] for line in out.getvalue().splitlines()] == ["R28", "R63", "R63"]
    assert "broken.toml:" in out.getvalue()
    assert "3 处不符合" in err.getvalue()

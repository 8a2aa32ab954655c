"""The comparison runs and says what it promises. How fast anything is, is no business of a test."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once


def test_the_comparison_drives_every_variant_to_its_end_and_gives_its_figures():
    command = [sys.executable, "-m", "tests.benchmark", "--affairs", "1", "--database", "sqlite"]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["failures"] == 0
    assert report["portal_does_more"]
    variants = report["databases"]["sqlite"]["variants"]
    assert set(variants) == {"portal", "viewflow", "viewflow_stock", "spiffworkflow"} == set(report["graphs"])
    # 提交、受理、四个部门各审查和决定、送达、评价；对照每个部门一步。
    assert [variant["person_steps_per_affair"] for variant in variants.values()] == [12, 8, 8, 8]
    for variant in variants.values():
        assert variant["affairs"] == 1
        assert sum(variant["sql_by_step"].values()) == variant["sql_per_affair"] > 0
        assert variant["milliseconds_per_affair"] > 0
        assert variant["milliseconds_per_person_step"] > 0
        assert all(ratio > 0 for ratio in variant["ratio_to_viewflow"].values())
    assert set(variants["viewflow"]["ratio_to_viewflow"].values()) == {1.0}
    assert "本门户" in done.stderr
    assert "SpiffWorkflow" in done.stderr

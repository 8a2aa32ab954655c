"""Chinese is never an empty box, rare names least of all."""

import subprocess
import sys
from html import escape
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from portal import fonts

pytestmark = pytest.mark.once

RARE_NAMES = "䶮㛃𬭎淼喆堃"


@pytest.fixture
def folder(settings, tmp_path, monkeypatch) -> Path:
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    settings.DATA_DIR = tmp_path
    return tmp_path / "fonts"


def covered(path: Path) -> set[int]:
    return set(TTFont(path, lazy=True).getBestCmap())


def test_the_small_fonts_hold_gb2312_whole(folder):
    fonts.configure()
    assert len([point for point in fonts.gb2312() if 0x4E00 <= point <= 0x9FFF]) == 6763
    cut = list(folder.glob("gb2312-*/*.otf"))
    assert sorted(path.name for path in cut) == ["PortalSans.otf", "PortalSerif.otf"]
    for path in cut:
        han = {point for point in fonts.gb2312() if 0x4E00 <= point <= 0x9FFF}
        assert han - covered(path) == set()
        assert {ord(sign) for sign in "，。；：“”（）〔〕《》——……①０Ａ"} - covered(path) == set()


def test_a_second_call_builds_nothing(folder):
    fonts.configure()
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.*")}
    fonts.configure()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.*")} == before


def test_processes_that_start_together_leave_one_whole_folder(tmp_path):
    code = "import django; django.setup(); from portal import fonts; fonts.configure()"
    environment = {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings", "PATH": ""}
    started = [subprocess.Popen([sys.executable, "-c", code], env=environment) for _ in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    assert len(list((tmp_path / "fonts").glob("gb2312-*"))) == 1
    assert list((tmp_path / "fonts").glob("building-*")) == []


@pytest.mark.parametrize("stack", [fonts.FANGSONG, fonts.XIAOBIAOSONG, fonts.HEITI, fonts.KAITI])
def test_a_paper_prints_rare_names_and_every_font_is_embedded(folder, tmp_path, stack):
    environment = {"FONTCONFIG_FILE": str(fonts.configure()), "PATH": ""}
    paper = tmp_path / "paper.pdf"
    html = f'<html lang="zh-CN"><p style="font-family: {escape(stack)}">申请人：{RARE_NAMES}</p>'
    # A process of its own: fontconfig reads its file once.
    code = "import sys, weasyprint; weasyprint.HTML(string=sys.argv[1]).write_pdf(sys.argv[2])"
    subprocess.run([sys.executable, "-c", code, html, paper], env=environment, check=True)
    text = subprocess.run(["pdftotext", paper, "-"], check=True, capture_output=True, text=True).stdout
    assert f"申请人：{RARE_NAMES}" in text
    listed = subprocess.run(["pdffonts", paper], check=True, capture_output=True, text=True).stdout
    used = {line.split()[0].partition("+")[2] for line in listed.splitlines()[2:]}
    # The names outside GB 2312 come from the whole font; a missing glyph would be drawn by some third one.
    assert used <= {"Portal-Serif", "Portal-Sans", "Noto-Serif-SC", "Noto-Sans-SC"}
    assert len(used) == 2

"""Chinese fonts for papers and for browsers without any: one fontconfig file for the whole process.

A fresh machine has no Chinese font, and every 汉字 becomes an empty box. The wheel ``pylopdf-fonts-zh-cn`` brings
Noto Serif SC and Noto Sans SC whole (GBK, 通用规范汉字表, rare names). Reading 12 MB of outlines for each paper is what
makes a paper slow, so the characters of GB 2312 are cut out once into two small families; a character outside them
falls back, glyph by glyph, to the whole font. Fonts installed by the operator are found before ours.
"""

import io
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from django.conf import settings

SERIF = '"Portal Serif", "Noto Serif SC"'
SANS = '"Portal Sans", "Noto Sans SC"'

# Values for CSS ``font-family``. GB/T 9704 asks for 仿宋 in the body, 小标宋 in the title, 黑体 and 楷体 in headings
# of the first and second level. No free 仿宋 or 小标宋 can be depended on: the operator's own comes first, ours is
# always there, in one weight only.
FANGSONG = f'"FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FandolFang R", {SERIF}'
XIAOBIAOSONG = f'"FZXiaoBiaoSong-B05S", "方正小标宋简体", "方正小标宋_GBK", {SERIF}'
HEITI = f'"SimHei", "黑体", "STHeiti", {SANS}'
KAITI = f'"KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "LXGW WenKai", {SERIF}'

# Raised when the characters or the way of cutting change: a new folder is built beside the old one.
_RECIPE = 1
_BEYOND_GB2312 = (
    range(0x20, 0x7F),  # ASCII
    range(0xA0, 0x100),  # Latin-1: · × ° §
    range(0x2010, 0x2070),  # dashes, quotation marks, ellipsis
    range(0x2460, 0x2500),  # ①②③
    range(0x3000, 0x3040),  # 、。〈〉《》〔〕
    range(0xFF00, 0xFFF0),  # full-width forms
)


def configure() -> Path:
    """Point this process and its children at the portal's fonts; the path of the fontconfig file is returned.

    Call it before WeasyPrint or Chromium starts. The first call on a machine cuts the fonts (about a second) into
    ``DATA_DIR/fonts``; later ones only look. Safe from several processes at once.
    """
    root = Path(settings.DATA_DIR) / "fonts"
    fonts = _subset_fonts(root)
    path = root / "fonts.conf"
    text = _fontconfig(fonts=fonts, cache=root / "cache")
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        _write(path, text.encode())
    os.environ["FONTCONFIG_FILE"] = str(path)
    return path


def gb2312() -> set[int]:
    """Code points of GB 2312: 6,763 汉字 and its symbols, as the codec of that name knows them."""
    rows = (bytes([high, low]) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    return {ord(character) for pair in rows if (character := pair.decode("gb2312", errors="ignore"))}


def _sources() -> dict[str, Path]:
    import pylopdf_fonts_zh_cn as wheel

    return {"Portal Serif": wheel.serif_path(), "Portal Sans": wheel.sans_path()}


def _subset_fonts(root: Path) -> Path:
    """Folder with the cut fonts; built aside and renamed, so that no one ever sees half of it."""
    sources = _sources()
    size_bytes = sum(path.stat().st_size for path in sources.values())
    folder = root / f"gb2312-{_RECIPE}-{size_bytes}"
    if folder.is_dir():
        return folder
    root.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix="building-", dir=root))
    building.chmod(0o755)
    try:
        characters = gb2312().union(*_BEYOND_GB2312)
        for family, source in sources.items():
            (building / f"{family.replace(' ', '')}.otf").write_bytes(_cut(source, characters, family))
        building.rename(folder)
    except OSError:
        # Another process was first: its folder is as good as ours.
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return folder


def _cut(source: Path, characters: Iterable[int], family: str) -> bytes:
    """The font with these characters only, under another family name."""
    import uharfbuzz
    from fontTools.ttLib import TTFont

    wanted = uharfbuzz.SubsetInput()
    wanted.sets(uharfbuzz.SubsetInputSets.UNICODE).update(characters)
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(source)))
    font = TTFont(io.BytesIO(uharfbuzz.subset(face, wanted).blob.data))
    for record in font["name"].names:
        if record.nameID in (1, 4, 16):
            record.string = family
        elif record.nameID == 6:
            record.string = family.replace(" ", "")
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _fontconfig(*, fonts: Path, cache: Path) -> str:
    whole = {path.parent for path in _sources().values()}
    folders = "\n".join(f"  <dir>{escape(str(folder))}</dir>" for folder in (fonts, *sorted(whole)))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <alias><family>serif</family><prefer><family>Noto Serif SC</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>Noto Sans SC</family></prefer></alias>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
{folders}
  <cachedir>{escape(str(cache))}</cachedir>
</fontconfig>
"""


def _write(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as handle:
        handle.write(content)
    os.chmod(handle.name, 0o644)
    os.replace(handle.name, path)

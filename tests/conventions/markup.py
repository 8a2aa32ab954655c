"""What must hold for every page that the portal sends, whoever reads it."""

import re
from collections import Counter
from html.parser import HTMLParser

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Scripts of these kinds are data, which a browser never runs.
_DATA = {"application/json", "application/ld+json"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.lang = ""
        self.title = ""
        self.inline: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags[tag] += 1
        if values.get("id"):
            self.ids[values["id"] or ""] += 1
        if tag == "html":
            self.lang = values.get("lang") or ""
        if tag == "style" or "style" in values:
            self.inline.append(f"inline style in <{tag}>")
        if tag == "script" and not values.get("src") and values.get("type") not in _DATA:
            self.inline.append("inline script")
        self.inline += [f"handler {name} in <{tag}>" for name in values if name.startswith("on")]
        self.inline += [
            f"script as address in <{tag}>"
            for name in ("href", "action", "formaction", "src")
            if (values.get(name) or "").strip().lower().startswith("javascript:")
        ]
        if tag == "img" and "alt" not in values:
            self.inline.append("picture without a text")
        if tag == "title":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        # An <svg> has titles of its own; the page's comes first.
        if self._open and self.tags["title"] == 1:
            self.title += data


def breaches(html: str) -> list[str]:
    """What is wrong with a page, or with the fragment of one; empty when all is well."""
    reader = _Reader()
    reader.feed(html)
    found = list(reader.inline)
    found += [f"id {name!r} stands {count} times" for name, count in reader.ids.items() if count > 1]
    if "{#" in html or "{%" in html or "{{" in html:
        found.append("template syntax in the page")
    if not html.lstrip()[:15].lower().startswith("<!doctype html"):
        return found
    if reader.tags["h1"] != 1:
        found.append(f"{reader.tags['h1']} h1")
    if not reader.lang.startswith("zh"):
        found.append(f"language {reader.lang!r}")
    if not _CHINESE.search(reader.title):
        found.append(f"title {reader.title!r}")
    if not _CHINESE.search(html.partition("<main")[2]):
        found.append("no Chinese text")
    if reader.tags["main"] != 1:
        found.append(f"{reader.tags['main']} main")
    return found

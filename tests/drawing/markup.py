"""Reading a picture back as XML."""

from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"


def parse(svg: str) -> ET.Element:
    """The root of the picture; raises ParseError when it is not well-formed."""
    return ET.fromstring(svg)


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in parse(svg).iter(f"{SVG}text")]


def groups(svg: str, css_class: str) -> list[ET.Element]:
    return [node for node in parse(svg).iter(f"{SVG}g") if css_class in (node.get("class") or "").split()]

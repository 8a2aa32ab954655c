import pytest

from portal.catalogue.citations import in_words
from portal.catalogue.schema import Catalogue

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        ("DLYS21,22,24; JY", "《中华人民共和国道路运输条例》第二十一条、第二十二条、第二十四条"),
        ("DLYS24(1)2", "《中华人民共和国道路运输条例》第二十四条第一款第二项"),
        ("PDSSR24(2): norms, not a licence", "《平顶山市城市市容和环境卫生管理条例》第二十四条第二款"),
        ("DJTL10; HN101", "《中华人民共和国市场主体登记管理条例》第十条，《河南省优化营商环境条例》第一百零一条"),
        ("practice of the bureau", ""),
        ("DLYS24(1)2; 5 vehicles or more DLYS23", "《中华人民共和国道路运输条例》第二十四条第一款第二项、第二十三条"),
        (
            "HN39; XKF42; HN39,40",
            "《河南省优化营商环境条例》第三十九条、第四十条，《中华人民共和国行政许可法》第四十二条",
        ),
    ],
)
def test_a_basis_is_cited_in_words(basis: str, words: str) -> None:
    assert in_words(basis) == words


def test_every_licence_of_our_edition_can_cite_its_basis(edition: Catalogue) -> None:
    for one_thing in edition.one_things.values():
        for matter in one_thing.matters:
            if matter.is_licence:
                assert matter.basis_in_words.startswith("《"), matter.id

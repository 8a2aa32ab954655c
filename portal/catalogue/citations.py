"""Legal bases in words: "DLYS21,24(1)2" is 《中华人民共和国道路运输条例》第二十一条、第二十四条第一款第二项."""

import re

_LAWS = {
    "DJTL": "中华人民共和国市场主体登记管理条例",
    "DLYS": "中华人民共和国道路运输条例",
    "DQF": "中华人民共和国大气污染防治法",
    "GJJ": "住房公积金管理条例",
    "GSF": "中华人民共和国公司法",
    "HKTL": "中华人民共和国户口登记条例",
    "HN": "河南省优化营商环境条例",
    "PDSSR": "平顶山市城市市容和环境卫生管理条例",
    "QYMC": "企业名称登记管理规定",
    "SBF": "中华人民共和国社会保险法",
    "SPAQ": "中华人民共和国食品安全法",
    "SZF": "中华人民共和国税收征收管理法",
    "XFF": "中华人民共和国消防法",
    "XKF": "中华人民共和国行政许可法",
    "YCTL": "中华人民共和国烟草专卖法实施条例",
    "YSHJ": "优化营商环境条例",
}
_ARTICLE = r"\d+(?:\(\d+\)\d*)?"
_CITATION = re.compile(rf"\b(?P<law>[A-Z]+)(?P<articles>{_ARTICLE}(?:,{_ARTICLE})*)")
_PARTS = re.compile(r"(\d+)(?:\((\d+)\)(\d*))?")
_DIGITS = "零一二三四五六七八九"


def in_words(basis: str) -> str:
    """Every law and article that a `basis` text names, each law once; "" when it names none that is known."""
    cited: dict[str, dict[str, None]] = {}
    for found in _CITATION.finditer(basis):
        if found["law"] in _LAWS:
            articles = cited.setdefault(_LAWS[found["law"]], {})
            articles.update(dict.fromkeys(_article(part) for part in found["articles"].split(",")))
    return "，".join(f"《{law}》" + "、".join(articles) for law, articles in cited.items())


def _article(text: str) -> str:
    article, paragraph, item = _PARTS.fullmatch(text).groups()  # type: ignore[union-attr]
    words = f"第{_numeral(int(article))}条"
    if paragraph:
        words += f"第{_numeral(int(paragraph))}款"
    return words + (f"第{_numeral(int(item))}项" if item else "")


def _numeral(number: int) -> str:
    """1 to 999 as in article numbers: 二十四, 一百零三."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    if not hundreds and tens:
        return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")
    words = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        words += f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        words += "零"
    return words + (_DIGITS[ones] if ones else "")

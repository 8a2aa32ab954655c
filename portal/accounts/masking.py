"""Personal data as lists and public pages may show it (R45): enough to recognise one's own, too little to use."""

_STAR = "*"


def mask_id(number: str) -> str:
    """Identity document number: four places stay at each end of eighteen or fifteen, else one at each end."""
    number = number.strip()
    if len(number) >= 15:
        return _between(number, head=4, tail=4)
    return _between(number, head=1, tail=1)


def mask_mobile(number: str) -> str:
    """Telephone number. A mobile keeps three and four digits: 138****5678; any other keeps its last two."""
    number = number.strip()
    if len(number) == 11:
        return _between(number, head=3, tail=4)
    return _between(number, head=0, tail=2)


def mask_name(name: str) -> str:
    """A person's name: the first character and a star for each that follows. 张三 → 张*."""
    return _between(name.strip(), head=1, tail=0)


def _between(text: str, *, head: int, tail: int) -> str:
    """Stars for all but the ends; a text with nothing left to hide becomes stars altogether."""
    hidden = len(text) - head - tail
    if hidden < 1:
        return _STAR * len(text)
    return text[:head] + _STAR * hidden + text[len(text) - tail :]

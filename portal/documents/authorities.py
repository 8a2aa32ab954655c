"""In whose name a paper is made."""

from django.conf import settings

from portal.accounts.models import Department

_GOVERNMENT = "人民政府"


def authority_name(department: Department) -> str:
    """The name under which a department signs: 平顶山市卫东区交通运输局, not 交通运输局.

    A department answers to the government of its own level (《行政复议法》第二十四条, R34): that government's place is
    its own. Bodies that answer to no government here (税务, banks), or whose 复议机关 is not confirmed yet, keep the
    name that they have in the catalogue.
    """
    place = _place(department.remedy_authority)
    if not place or department.name.startswith(place):
        return department.name
    # “市交通运输局” of 平顶山市 already says its level in short.
    level = place[-1]
    return place + (department.name[1:] if department.name.startswith(level) else department.name)


def _place(remedy_authority: str) -> str:
    """The place of 卫东区人民政府 or 平顶山市人民政府 in full; "" for any other authority."""
    if not remedy_authority.endswith(_GOVERNMENT):
        return ""
    short = remedy_authority.removesuffix(_GOVERNMENT)
    return str(settings.DISTRICT_NAME) if settings.DISTRICT_NAME.endswith(short) else short

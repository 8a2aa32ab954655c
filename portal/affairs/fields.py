"""Checking one value of the shared form. Pure; used alike by the wizard, the commands and simulate."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength, ValidationError

from portal.catalogue.schema import Column, Field

_MOBILE = re.compile(r"1[3-9]\d{9}")
_PLATE = re.compile(r"[\u4e00-\u9fa5][A-HJ-NP-Z][A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]")


def clean_id_number(value: str) -> str:
    """公民身份号码 (GB 11643, R134): 18 characters with a true check digit. Raises ValueError in Chinese."""
    compact = re.sub(r"\s", "", value).upper()
    # Regions are not looked up: demonstration data uses a prefix that is assigned to nobody (R134).
    if not re.fullmatch(r"\d{17}[\dX]", compact):
        raise ValueError("身份号码应为 18 位：前 17 位是数字，最后一位是数字或 X。")
    try:
        date(int(compact[6:10]), int(compact[10:12]), int(compact[12:14]))
    except ValueError:
        raise ValueError("身份号码第 7 至 14 位不是有效的出生日期，请核对。") from None
    if ric.calc_check_digit(compact) != compact[-1]:
        raise ValueError("身份号码最后一位校验不符，请逐位核对是否输错。")
    return compact


def clean_uscc(value: str) -> str:
    """统一社会信用代码 (GB 32100, R133): 18 characters with a true check character. Raises ValueError in Chinese."""
    try:
        return uscc.validate(re.sub(r"\s", "", value).upper())
    except InvalidLength:
        raise ValueError("统一社会信用代码应为 18 位，请对照营业执照填写。") from None
    except InvalidChecksum:
        raise ValueError("统一社会信用代码最后一位校验不符，请逐位核对是否输错。") from None
    except (InvalidFormat, ValidationError):
        raise ValueError("统一社会信用代码只含数字和大写字母，且不含 I、O、S、V、Z，请对照营业执照填写。") from None


def _clean_mobile(value: str) -> str:
    compact = re.sub(r"[\s-]", "", value)
    if not _MOBILE.fullmatch(compact):
        raise ValueError("手机号码应为 11 位数字，以 1 开头。")
    return compact


def _clean_plate(value: str) -> str:
    compact = re.sub(r"[\s·.]", "", value).upper()
    if not _PLATE.fullmatch(compact):
        raise ValueError("号牌格式不对，例如“豫D12345”。")
    return compact


def _clean_number(value: str) -> str:
    try:
        number = Decimal(value.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueError("请填写数字，不带单位。") from None
    if not number.is_finite() or number < 0:
        raise ValueError("请填写不小于 0 的数字。")
    return format(number.normalize(), "f")


def _clean_date(value: str) -> str:
    parts = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", value)
    try:
        if not parts:
            raise ValueError
        return date(*map(int, parts.groups())).isoformat()
    except ValueError:
        raise ValueError("日期应写成 2026-03-05 的样子。") from None


_CLEANERS = {
    "id_number": clean_id_number,
    "uscc": clean_uscc,
    "mobile": _clean_mobile,
    "plate": _clean_plate,
    "number": _clean_number,
    "date": _clean_date,
}


def clean(field: Field | Column, value: Any) -> str:
    """The value of one field in its stored form. Raises ValueError with a Chinese message that says what to do."""
    text = str(value if value is not None else "").strip()
    if not text:
        if field.required:
            raise ValueError(f"请填写{field.label}。" if not field.options else f"请选择{field.label}。")
        return ""
    if field.kind == "choice" and text not in field.options:
        raise ValueError(f"请从选项中选择{field.label}。")
    if len(text) > 2000:
        raise ValueError(f"{field.label}过长，请控制在 2000 字以内。")
    cleaner = _CLEANERS.get(field.kind)
    return cleaner(text) if cleaner else text


def clean_rows(field: Field, rows: Any) -> list[dict[str, str]]:
    """The rows of a repeating field. Raises ValueError naming the row and column at fault."""
    cleaned = []
    for index, row in enumerate(rows if isinstance(rows, list) else [], start=1):
        if not isinstance(row, Mapping) or not any(str(value).strip() for value in row.values()):
            continue
        values = {}
        for column in field.columns:
            try:
                values[column.id] = clean(column, row.get(column.id))
            except ValueError as error:
                raise ValueError(f"第 {index} 行“{column.label}”：{error}") from None
        cleaned.append(values)
    if field.required and not cleaned:
        raise ValueError(f"请至少填写一行{field.label}。")
    keys = row_keys(field, cleaned)
    doubled = next((key for key in keys if keys.count(key) > 1), None)
    if doubled:
        raise ValueError(f"“{doubled}”填写了两次，请删去重复的一行。")
    return cleaned


def row_keys(field: Field, rows: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """What tells each row from the others (a plate, a driver's name), and names the materials asked for it.

    A row whose first column is empty, like a vehicle without a plate yet, is called by its place.
    """
    first = field.columns[0].id
    return tuple(row.get(first, "").strip() or f"第{place}行" for place, row in enumerate(rows, start=1))


def clean_value(field: Field, value: Any) -> Any:
    """Like ``clean``, for both single and repeating fields."""
    return clean_rows(field, value) if field.repeat else clean(field, value)

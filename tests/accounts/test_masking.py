"""Personal data is shown masked (R45)."""

import pytest

from portal.accounts.masking import mask_id, mask_mobile, mask_name


def test_an_identity_number_shows_its_region_and_last_four_places() -> None:
    assert mask_id("410403199001011234") == "4104**********1234"


def test_the_old_fifteen_place_number_is_masked_alike() -> None:
    assert mask_id("410403900101123") == "4104*******1123"


def test_a_passport_number_shows_only_its_ends() -> None:
    assert mask_id("E12345678") == "E*******8"


def test_a_mobile_number_hides_its_middle_four_digits() -> None:
    assert mask_mobile("13812345678") == "138****5678"


def test_a_landline_shows_only_its_last_two_digits() -> None:
    assert mask_mobile("0375-2345678") == "**********78"


@pytest.mark.parametrize(("name", "shown"), [("张三", "张*"), ("张三丰", "张**"), ("欧阳娜娜", "欧***")])
def test_a_name_shows_its_first_character(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize("mask", [mask_id, mask_mobile, mask_name])
def test_nothing_becomes_nothing_and_one_character_is_hidden(mask) -> None:
    assert mask("") == ""
    assert mask("  ") == ""
    assert mask("张") == "*"


@pytest.mark.parametrize("mask", [mask_id, mask_mobile])
@pytest.mark.parametrize("length", range(1, 25))
def test_at_least_half_of_a_short_number_stays_hidden(mask, length: int) -> None:
    shown = mask("7" * length)
    assert len(shown) == length
    assert shown.count("*") >= min(4, length // 2)

"""How often one may ask: numbers that are the same however they are written, and counts by keyed hashes."""

import pytest

from screening.limits import Lately, address_hash, dialed, phone_hash


@pytest.mark.parametrize(
    "phone", ["555-010-7777", "(555) 010 7777", "+1 555 010 7777", "1.555.010.7777", "555 010 7777 x12", "5550107777#9"]
)
def test_one_number_has_one_hash_however_it_is_written(phone):
    assert dialed(phone) == "5550107777"
    assert phone_hash(phone) == phone_hash("5550107777")


def test_numbers_of_other_countries_keep_their_digits():
    assert dialed("+49 30 1234567") == "49301234567"
    assert dialed("+44 20 7946 0958") == "442079460958"


def test_hashes_are_of_the_clinic_and_of_one_purpose(settings):
    before = address_hash("5550107777")
    assert before != phone_hash("5550107777")
    settings.CLINIC_KEY = "A" * 43 + "="
    assert address_hash("5550107777") != before


@pytest.mark.parametrize(
    ("address", "phone", "often", "many"),
    [(0, 0, False, False), (1, 2, False, False), (2, 0, False, True), (4, 2, False, True), (5, 0, True, True)],
)
def test_third_is_many_and_sixth_is_too_often(address, phone, often, many):
    assert (Lately(address, phone).too_often, Lately(address, phone).many) == (often, many)


def test_fourth_for_a_number_is_too_often():
    assert Lately(0, 3).too_often

"""Which tests of a lab learners fail now, grouped by what the test told them."""

import pytest

from labs.rules.failures import FailedAlike, FailedTest, common_message, failed_tests, without_numbers

TESTS = [{"name": "One", "points": 1}, {"name": "Two", "points": 3}]


def row(name, message=""):
    return {"name": name, "points": 1, "verdict": "failed" if message else "passed", "message": message}


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("3 of 20 values are off, by up to 0.52.", "… of … values are off, by up to …."),
        ("One value: -1,234.5 or 2e-07.", "One value: … or …."),
        ("The shape is (1, 3), asked for is (3,).", "The shape is (…, …), asked for is (…,)."),
        ("x2 and float32 are names.", "x2 and float32 are names."),
    ],
)
def test_numbers_that_stand_alone_are_left_out_of_a_message(message, told):
    assert without_numbers(message) == told


def test_learners_are_grouped_by_the_message_they_got_the_most_common_first():
    newest = {
        1: [row("One", "1 of 9 is off."), row("Two")],
        2: [row("One", "Half."), row("Two", "No.")],
        3: [row("One", "7 of 9 is off."), row("Removed", "Gone.")],
    }
    assert failed_tests(TESTS, newest) == [
        FailedTest("One", 1, 3, (FailedAlike("… of 9 is off.", (1, 3)), FailedAlike("Half.", (2,)))),
        FailedTest("Two", 3, 2, (FailedAlike("No.", (2,)),)),
    ]
    assert [found.failing for found in failed_tests(TESTS, newest)] == [3, 1]


def test_a_message_that_was_erased_is_a_group_of_its_own():
    (one, _two) = failed_tests(TESTS, {1: [{"name": "One", "verdict": "failed", "points": 1}]})
    assert one.alike == (FailedAlike("", (1,)),)


def test_the_most_common_message_comes_first_and_then_the_alphabet_decides():
    newest = {place: [row("One", message)] for place, message in enumerate(["C.", "B.", "A.", "B."])}
    assert [found.message for found in failed_tests(TESTS, newest)[0].alike] == ["B.", "A.", "C."]


def test_a_number_that_all_messages_share_stays():
    assert common_message(["1 of 9 is off."]) == "1 of 9 is off."
    assert common_message(["1 of 9 is off.", "2 of 9 is off."]) == "… of 9 is off."

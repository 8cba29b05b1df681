"""A file of allowances: what its lines give, and every mistake with its line."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from grading.rules.overrides import LineMistake
from portal.allowances.rules.allowances import AllowanceLine, read_allowances

ZONE = timezone(timedelta(hours=1))
HEADER = "username,item,multiplier,due,closes,extra_attempts,note"


def read(*lines, header=HEADER):
    return read_allowances("\n".join([header, *lines]), ZONE)


def test_lines_give_time_dates_and_attempts_and_empty_ones_are_skipped():
    lines, mistakes = read("ada,,1.5,,,,file 17", ",,,,,,", "alan,Exam,,,2027-03-30 21:00,0,file 18")
    assert lines == [
        AllowanceLine(2, "ada", "file 17", multiplier=Decimal("1.5")),
        AllowanceLine(4, "alan", "file 18", "Exam", closes_at=datetime(2027, 3, 30, 20, tzinfo=UTC), extra_attempts=0),
    ]
    assert mistakes == []


def test_semicolons_a_decimal_comma_an_offset_and_what_our_own_exports_add_are_read():
    lines, mistakes = read_allowances(
        "\ufeffNote;Username;Multiplier;Due;Item\n'=why;ada;1,25;2027-03-30T21:00+02:00;Exam", ZONE
    )
    due_at = datetime(2027, 3, 30, 19, tzinfo=UTC)
    assert lines == [AllowanceLine(2, "ada", "=why", "Exam", multiplier=Decimal("1.25"), due_at=due_at)]
    assert mistakes == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (",,1.5,,,,why", "The username is missing."),
        ("ada,,1.5,,,,", "The private note is missing: it says why."),
        ("ada,,,,,,why", "The row gives nothing: it has no multiplier, no date and no extra attempts."),
        ("ada,,,,,1,why", "The item is missing, for which the dates or extra attempts are."),
        ("ada,,fast,,,,why", "“fast” is not a number."),
        ("ada,Exam,,tomorrow,,,why", "“tomorrow” is not a date with a time, such as 2027-03-30 21:00."),
        ("ada,Exam,,,2027-03-30,,why", "“2027-03-30” is not a date with a time, such as 2027-03-30 21:00."),
        ("ada,Exam,,0001-01-01 00:00,,,why", "“0001-01-01 00:00” is not a date with a time, such as 2027-03-30 21:00."),
        ("ada,Exam,,,,-1,why", "“-1” is not a number of attempts."),
        ("ada,Exam,,,,1000,why", "“1000” is not a number of attempts."),
        ("ada,Exam,,1999-12-31 23:59,,,why", "“1999-12-31 23:59” is not a date with a time, such as 2027-03-30 21:00."),
        ("ada,Exam,,9000-01-01 00:00,,,why", "“9000-01-01 00:00” is not a date with a time, such as 2027-03-30 21:00."),
        ("ada,Exam,,,,½,why", "“½” is not a number of attempts."),
        ("ada,,1.5,,,,why,more", "The row has more cells than the header."),
        ("a\0da,,1.5,,,,why", "The row contains a NUL character. Remove it."),
        (f"ada,,1.5,,,,{'w' * 1001}", "The note is longer than 1000 characters."),
    ],
)
def test_a_wrong_line_is_named_with_its_reason(line, sentence):
    assert read("alan,,2,,,,why", line)[1] == [LineMistake(3, sentence)]


def test_a_line_that_gives_again_what_an_earlier_line_gives_is_a_mistake():
    _, mistakes = read("ada,,1.5,,,,a", "ada,Exam,2,,,1,b", "ada,Exam,,,,2,c", "alan,Exam,,,,2,d")
    assert mistakes == [
        LineMistake(3, "Row 2 is about the same learner and item, or exam time."),
        LineMistake(4, "Row 3 is about the same learner and item, or exam time."),
    ]


def test_time_for_all_exams_and_attempts_at_an_item_are_about_different_things():
    assert read("ada,,1.5,,,,a", "ada,X,,,,1,b")[1] == []


def test_the_limits_are_included():
    note = "w" * 1000
    lines, mistakes = read(f"ada,A,,2000-01-01 00:00,8999-12-31 23:59,999,{note}")
    assert [
        (each.due_at.year, each.closes_at.year, each.extra_attempts, each.note, each.has_dates) for each in lines
    ] == [(2000, 8999, 999, note, True)]
    assert mistakes == []


@pytest.mark.parametrize(
    ("given", "has_dates"), [(",,", False), ("2027-03-30 21:00,,", True), (",2027-03-30 21:00,", True)]
)
def test_a_line_has_dates_if_it_has_one_of_them(given, has_dates):
    (line,), _ = read(f"ada,A,2,{given},why")
    assert line.has_dates is has_dates


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("username,multiplier", "The header is missing these columns: note."),
        ("multiplier,item", "The header is missing these columns: username, note."),
        ("username,note,minutes", "The header has a column that means nothing here: “minutes”."),
        ("username,note,item,item", "The column item is there twice."),
        ("note,username,item,item,note", "The column note is there twice."),
    ],
)
def test_a_header_without_sense_is_named(header, sentence):
    assert read("ada,,,", header=header) == ([], [LineMistake(1, sentence)])


def test_too_many_lines_and_cells_without_an_end_are_refused():
    _, mistakes = read(*[f"ada{number},,2,,,,why" for number in range(501)])
    too_many = [LineMistake(502, "The file has more than 500 lines. Upload it in parts.")]
    assert mistakes == too_many
    wrong = [f"ada{number},,x,,,,why" for number in range(250)]
    assert read(*wrong, *[f"ada{number},,2,,,,why" for number in range(251)])[1] == too_many
    assert len(read(*wrong, *[f"ada{number},,2,,,,why" for number in range(250)])[1]) == 250
    assert read('"' + "x" * 200_000)[1][0].sentence.startswith("This is not CSV:")

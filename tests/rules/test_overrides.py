"""A file of overrides: what its lines give, and every mistake with its line."""

from decimal import Decimal

import pytest

from grading.rules.overrides import COLUMNS, EXEMPT, MOST, LineMistake, OverrideLine, read_overrides

HEADER = ",".join(COLUMNS)


def read(*lines, header=HEADER):
    return read_overrides("\n".join([header, *lines]))


def test_lines_give_points_remove_overrides_and_exempt():
    assert (EXEMPT, MOST, HEADER) == ("exempt", 500, "username,item,points,reason")
    assert read(" ada , Exam ,12.5, ill ", "", "alan,Review,,again", "ada,Review,EXEMPT,ill") == (
        [
            OverrideLine(2, "ada", "Exam", Decimal("12.5"), "ill"),
            OverrideLine(3, "alan", "Review", None, "again"),
            OverrideLine(4, "ada", "Review", None, "ill", is_exempt=True),
        ],
        [],
    )
    assert read("ada,Exam,1,why")[0][0].is_exempt is False


def test_semicolons_a_decimal_comma_any_case_and_what_our_own_exports_add_are_read():
    assert read_overrides("\ufeffReason;Points; ITEM;Username\n'=why;2,5;Exam;'@ada") == (
        [OverrideLine(2, "@ada", "Exam", Decimal("2.5"), "=why")],
        [],
    )
    assert read_overrides("username,item,points,reason;\nada,Exam,1,a;b")[1][0].number == 1


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("ada,Exam,1,", "A reason is missing."),
        (",,1,", "A reason is missing."),
        (f"ada,Exam,1,{'w' * 1001}", "The reason is longer than 1000 characters."),
        ("ada,Ex\0am,1,why", "The line contains a NUL character. Remove it."),
        ("ada,Exam,many,why", "“many” is not a number."),
        ("ada,Exam,3,5,Late bus", "The row has more cells than the header."),
        ("ada,Exam,1,late, ill", "The row has more cells than the header."),
        ("ada,Exam,1_0,why", "“1_0” is not a number."),
        ("ada,Exam,-snan9,why", "“-snan9” is not a number."),
    ],
)
def test_a_wrong_line_is_named_with_its_reason(line, sentence):
    right = OverrideLine(2, "alan", "Exam", Decimal(2), "why")
    assert read("alan,Exam,2,why", line) == ([right], [LineMistake(3, sentence)])


def test_a_reason_has_up_to_a_thousand_characters():
    assert read(f"ada,Exam,1,{'w' * 1000}")[1] == []


def test_a_line_that_gives_again_what_an_earlier_line_gives_is_a_mistake():
    lines, mistakes = read("ada,Exam,1,a", "ada,Review,1,a", "alan,Exam,1,a", "ada,Exam,2,b", "a,b,x,c")
    assert [line.number for line in lines] == [2, 3, 4, 5]
    assert mistakes == [
        LineMistake(6, "“x” is not a number."),
        LineMistake(5, "ada and “Exam” appear twice in the file."),
    ]


def test_missing_columns_are_named():
    assert read("ada,1", header="username,points") == (
        [],
        [LineMistake(1, "The header is missing these columns: item, reason.")],
    )
    assert read_overrides("")[1] == [
        LineMistake(1, "The header is missing these columns: username, item, points, reason.")
    ]


def test_of_too_many_lines_none_is_read_and_the_first_beyond_is_named():
    line, mistakes = read("a,Exam,x,r", *[f"p{place},Exam,1,r" for place in range(MOST + 1)])
    assert line == []
    assert mistakes == [
        LineMistake(2, "“x” is not a number."),
        LineMistake(503, "The file has more than 500 lines. Upload it in parts."),
    ]

"""Which files a lab accepts from learners, and which files left by code are kept."""

import pytest

from foundation.refusals import Refusal
from labs.rules.files import LARGEST, MOST_FILES, MOST_IN_ALL, ListedFile, refuse_file, refuse_name, sort_files
from labs.rules.files import UNFIT as UNFIT_LETTERS

NAMES = ["data.csv", "a", "é.txt", "a" * 100, "my file (2).txt", "学.npy"]
UNFIT = [
    "",
    ".hidden",
    "..",
    "a/b",
    "a\\b",
    "a\x00",
    "a\nb",
    "\x1b[31m",
    " a",
    "a ",
    "a.",
    "a\u202eb",
    "a" * 101,
    "é" * 51,
    'a"b',
]


@pytest.mark.parametrize("name", NAMES)
def test_a_plain_name_is_fit(name):
    refuse_name(name)


@pytest.mark.parametrize("name", UNFIT)
def test_a_name_that_is_not_plain_is_refused(name):
    with pytest.raises(Refusal) as refused:
        refuse_name(name)
    assert (refused.value.code, refused.value.status) == ("file_name_unfit", 400)
    assert refused.value.facts == {"problem": problem_of(name)}


def problem_of(name):
    if not 0 < len(name.encode()) <= 100:
        return "it must be 1 to 100 bytes long"
    if any(letter in '/\\"' or letter < " " or letter == "\u202e" for letter in name):
        return "it contains a character that is not allowed"
    return "it begins or ends with a dot or a space"


@pytest.mark.parametrize("letter", '/\\:*?"<>|')
def test_a_character_that_some_system_forbids_is_unfit(letter):
    assert letter in UNFIT_LETTERS
    with pytest.raises(Refusal):
        refuse_name(f"a{letter}b")


def test_half_a_character_is_refused_and_does_no_harm():
    with pytest.raises(Refusal):
        refuse_name("a\ud800")


def test_a_refused_file_is_told_the_limit():
    with pytest.raises(Refusal) as too_many:
        refuse_file({str(number): 1 for number in range(MOST_FILES)}, "new", 1)
    with pytest.raises(Refusal) as too_large:
        refuse_file({}, "new", MOST_IN_ALL + 1)
    assert (too_many.value.facts, too_large.value.facts) == ({"most": 20}, {"most": "20 MB"})


def test_small_files_are_kept_first_and_of_equal_ones_the_first_by_name():
    half = MOST_IN_ALL // 4
    crowd = [ListedFile(name, half, 1) for name in "edcba"] + [ListedFile("s", 1, 1)]
    assert {each.name for each in sort_files({}, crowd, ()).note} == {"d", "e"}
    assert sort_files({}, crowd[:4], ()).note == []


def code_of(sizes, name, size):
    try:
        refuse_file(sizes, name, size)
    except Refusal as refused:
        return refused.code
    return None


def test_a_lab_keeps_so_many_files_and_so_much_and_a_new_version_takes_the_place_of_the_old():
    full = {str(number): 1 for number in range(MOST_FILES)}
    assert (code_of(full, "new", 1), code_of(full, "3", 1)) == ("too_many_files", None)
    heavy = {"a": MOST_IN_ALL - 10}
    assert (code_of(heavy, "b", 10), code_of(heavy, "b", 11), code_of(heavy, "a", 11)) == (
        None,
        "files_too_large",
        None,
    )


def test_new_files_are_fetched_large_ones_noted_and_deleted_ones_forgotten():
    old, same = ListedFile("old", 1, 1), ListedFile("same", 1, 1)
    new, again = ListedFile("new", LARGEST, 5), ListedFile("old", 1, 2)
    large, mine = ListedFile("large", LARGEST + 1, 5), ListedFile("mine", 1, 1)
    known = {"old": old, "same": same, "gone": ListedFile("gone", 1, 1)}
    found = sort_files(known, [again, same, new, large, mine], placed=["mine"])
    assert (found.fetch, found.note, found.gone) == ([again, new], [large], ["gone"])
    crowd = [ListedFile(str(number), LARGEST, 1) for number in range(5)]
    assert [each.name for each in sort_files({}, crowd, ()).note] == ["4"]

"""Which files a lab accepts from learners, and which files left by code are kept."""

import pytest

from foundation.refusals import Refusal
from labs.rules.files import LARGEST, MOST_FILES, MOST_IN_ALL, ListedFile, refuse_file, refuse_name, sort_files

NAMES = ["data.csv", "é.txt", "a" * 100, "my file (2).txt", "学.npy"]
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

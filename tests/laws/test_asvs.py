"""docs/asvs.csv has each requirement of OWASP ASVS 5.0.0, levels 1 and 2, once, and what it cites exists."""

import csv
import re
from collections import Counter
from functools import cache

from config.environment import ROOT
from tests.laws.test_docs import anchors, defined_in

# The level of each requirement of a section, in order: V1.1 has two, both of level 2.
SECTIONS = """
1.1 22  1.2 1111122223  1.3 112222222223  1.4 222  1.5 123
2.1 122  2.2 112  2.3 12223  2.4 23
3.1 3  3.2 113  3.3 12223  3.4 11222233  3.5 11122333  3.6 3  3.7 22333
4.1 12233  4.2 23333  4.3 22  4.4 1222
5.1 2  5.2 112333  5.3 113  5.4 222
6.1 122  6.2 111111112222  6.3 11223333  6.4 112233  6.5 22222333  6.6 2223  6.7 33  6.8 2222
7.1 222  7.2 1111  7.3 22  7.4 11222  7.5 223  7.6 22
8.1 1233  8.2 1123  8.3 133  8.4 23
9.1 111  9.2 1222
10.1 22  10.2 223  10.3 22223  10.4 1111122222233333  10.5 22222  10.6 22  10.7 222
11.1 2233  11.2 22233  11.3 11233  11.4 1222  11.5 23  11.6 23  11.7 33
12.1 12233  12.2 11  12.3 22223
13.1 2333  13.2 222223  13.3 2233  13.4 1222233
14.1 22  14.2 12223333  14.3 122
15.1 12233  15.2 12233  15.3 1222222  15.4 3333
16.1 2  16.2 22222  16.3 2222  16.4 222  16.5 2223
17.1 23  17.2 22223333  17.3 22
"""
COLUMNS = ["requirement", "level", "subject", "applies", "met", "how or why", "shown by"]
STATES = {("yes", "yes"), ("yes", "partly"), ("yes", "no"), ("no", "")}
LONGEST_SUBJECT = 70  # characters: a name of our own, not the text of the standard


@cache
def requirements() -> list[tuple[str, str]]:
    """Every requirement of the standard with its level."""
    words = SECTIONS.split()
    sections = zip(words[::2], words[1::2], strict=True)
    return [
        (f"{section}.{number}", level) for section, levels in sections for number, level in enumerate(levels, start=1)
    ]


@cache
def rows() -> list[dict[str, str]]:
    with (ROOT / "docs" / "asvs.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def is_there(cited: str) -> bool:
    """Return whether a file exists and has the test or the heading that is named."""
    path, is_test, name = cited.partition("::")
    path, _, heading = path.partition("#")
    file = ROOT / path
    if not file.is_file():
        return False
    return name in defined_in(file) if is_test else not heading or heading in anchors(file)


def mistakes(row: dict[str, str]) -> list[str]:
    cited = row["shown by"].split()
    needs_proof = row["met"] in {"yes", "partly"}
    found = [f"{each} does not exist" for each in cited if not is_there(each)]
    found += ["it is neither met, partly met, not met nor out of scope"] * ((row["applies"], row["met"]) not in STATES)
    found += ["it says neither how nor why"] * (not row["how or why"])
    found += ["it names neither a test nor a file"] * (needs_proof and not cited)
    found += ["its subject is missing or too long"] * (not 0 < len(row["subject"]) <= LONGEST_SUBJECT)
    return [f"{row['requirement']}: {each}" for each in found]


def test_the_standard_has_as_many_requirements_of_each_level_as_it_says():
    assert Counter(level for _, level in requirements()) == {"1": 70, "2": 183, "3": 92}


def test_each_requirement_of_levels_1_and_2_is_in_the_file_once_and_in_order():
    wanted = [(number, level) for number, level in requirements() if level != "3"]
    assert [(row["requirement"], row["level"]) for row in rows()] == wanted
    assert [list(row) for row in rows()] == [COLUMNS] * len(wanted)


def test_each_requirement_has_a_proof_or_a_reason():
    assert [mistake for row in rows() for mistake in mistakes(row)] == []


def test_the_page_states_the_numbers_of_the_file():
    page = (ROOT / "docs" / "security.md").read_text()
    stated = re.findall(r"^\| (met|partly met|not met|does not apply) \| (\d+) \| (\d+) \|$", page, re.MULTILINE)
    words = {"yes": "met", "partly": "partly met", "no": "not met", "": "does not apply"}
    counted = Counter((words[row["met"]], row["level"]) for row in rows())
    assert stated == [(word, str(counted[word, "1"]), str(counted[word, "2"])) for word in words.values()]


def test_the_page_lists_what_is_not_met():
    page = (ROOT / "docs" / "security.md").read_text()
    listed = re.findall(r"^\| (\d+\.\d+\.\d+) \|", page, re.MULTILINE)
    assert listed == [row["requirement"] for row in rows() if row["met"] == "no"]


def test_a_wrong_row_would_be_seen():
    good = dict(zip(COLUMNS, ["1.1.1", "2", "a subject", "yes", "yes", "how", "tests/laws/test_asvs.py"], strict=True))
    assert mistakes(good) == []
    for column, wrong in {
        "shown by": "tests/laws/test_asvs.py::test_that_is_gone",
        "met": "soon",
        "how or why": "",
        "subject": "Verify that this sentence is a copy of what the standard says, word for word",
    }.items():
        assert len(mistakes({**good, column: wrong})) == 1, column
    assert len(mistakes({**good, "shown by": ""})) == 1

"""Writing a late policy into a text: only its entry changes, whatever the text looks like (D34)."""

import pytest

from authoring.folder import late_policy_in, with_late
from tests.authoring.folder.nasty import nasty_files

POLICY = {"percent_per_day": 10, "grace_minutes": 0, "lowest_percent": 50}
SAID = "late: {percent_per_day: 10, grace_minutes: 0, lowest_percent: 50}"
REVIEW = ("review",)

TEXTS = [  # the place, the text before, and after
    ((), "a: 1\n", f"a: 1\n{SAID}\n"),
    ((), "a: 1  # the end", f"a: 1  # the end\n{SAID}\n"),
    ((), "a: |\n  b\n\n# more\n", f"a: |\n  b\n\n{SAID}\n# more\n"),
    ((), "late: {percent_per_day: 1}  # why\na: 1\n", f"{SAID}  # why\na: 1\n"),
    ((), "late:\n  percent_per_day: 1\n# more\na: 1\n", f"{SAID}\n# more\na: 1\n"),
    (REVIEW, "a: 1\n", f"a: 1\nreview: {{{SAID}}}\n"),
    (REVIEW, "review: {}\n", f"review: {{{SAID}}}\n"),
    (REVIEW, "review: {due: x}\na: 1\n", f"review: {{due: x, {SAID}}}\na: 1\n"),
    (REVIEW, "review:\n  due: x  # so\na: 1\n", f"review:\n  due: x  # so\n  {SAID}\na: 1\n"),
]


@pytest.mark.parametrize(("place", "before", "after"), TEXTS)
def test_a_policy_is_written_at_its_place_and_the_rest_stays(place, before, after):
    assert with_late(before, place, POLICY) == after
    assert late_policy_in(after, place) == POLICY
    assert with_late(after, place, POLICY) == after


@pytest.mark.parametrize(
    ("place", "before", "after"),
    [
        ((), f"{SAID}  # why\na: 1\n", "a: 1\n"),
        ((), f"a: 1\n{SAID}", "a: 1\n"),
        ((), "a: 1\n", "a: 1\n"),
        (REVIEW, f"review: {{{SAID}, due: x}}\n", "review: {due: x}\n"),
        (REVIEW, f"review: {{due: x, {SAID}}}\n", "review: {due: x}\n"),
        (REVIEW, f"review:\n  due: x\n  {SAID}\na: 1\n", "review:\n  due: x\na: 1\n"),
    ],
)
def test_a_policy_is_removed_and_the_rest_stays(place, before, after):
    assert with_late(before, place, None) == after


def test_a_text_that_cannot_be_changed_like_this_is_left_to_its_author():
    assert with_late("review:\n", REVIEW, POLICY) is None
    assert with_late("review: x\n", REVIEW, POLICY) is None


@pytest.mark.parametrize(
    ("path", "place"), [("course.yaml", ()), ("exam/exam.yaml", ()), ("01-first/module.yaml", REVIEW)]
)
def test_a_policy_that_is_written_and_removed_leaves_the_text_as_it_was(path, place):
    text = nasty_files()[path].decode()
    written = with_late(text, place, POLICY)
    assert written is not None
    assert late_policy_in(written, place) == POLICY
    restored = with_late(written, place, None)
    assert restored is not None
    assert restored.replace("review: {}\n", "") == text

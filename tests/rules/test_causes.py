"""The causes of score changes, as they are stored, and which of them may revoke a certificate (D19)."""

from grading.rules.causes import Cause


def test_the_stored_values_stay_what_they_are():
    assert [str(cause) for cause in Cause] == [
        "attempt",
        "start",
        "ended by learner",
        "ended by deadline",
        "override",
        "override undone",
        "void",
        "void undone",
        "regrade",
        "regrade undone",
        "lab tests",
        "course load",
    ]


def test_only_an_instructors_override_void_or_regrade_and_its_undo_may_revoke():
    assert {str(cause) for cause in Cause if cause.may_revoke} == {
        f"{act}{undone}" for act in ("override", "void", "regrade") for undone in ("", " undone")
    }

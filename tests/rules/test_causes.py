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
        "exemption",
        "exemption undone",
        "points given",
        "points removed",
        "void",
        "void undone",
        "regrade",
        "regrade undone",
        "lab tests",
        "course load",
        "later dates",
    ]


def test_only_an_exemption_and_its_undo_change_what_counts_and_not_the_points():
    assert {cause for cause in Cause if cause.is_about_counting} == {Cause.EXEMPTION, Cause.EXEMPTION_UNDONE}


def test_only_an_instructors_override_exemption_void_regrade_or_later_date_and_its_undo_may_revoke():
    assert {str(cause) for cause in Cause if cause.may_revoke} == {
        f"{act}{undone}" for act in ("override", "exemption", "void", "regrade") for undone in ("", " undone")
    } | {"points given", "points removed", "later dates"}

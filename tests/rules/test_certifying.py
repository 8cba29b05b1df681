"""When a certificate is issued, revoked and restored (D19): the whole table."""

import pytest

from grading.rules.certifying import certificate_step

YES, NO = True, False


@pytest.mark.parametrize(
    ("held", "has_passed", "may_revoke", "is_sitting", "step"),
    [
        ("none", NO, NO, NO, ""),
        ("none", NO, YES, NO, ""),
        ("none", YES, NO, NO, "issued"),
        ("none", YES, YES, NO, "issued"),
        ("none", YES, YES, YES, ""),
        ("valid", YES, YES, NO, ""),
        ("valid", YES, NO, YES, ""),
        ("valid", NO, NO, NO, ""),
        ("valid", NO, YES, NO, "revoked"),
        ("valid", NO, YES, YES, "revoked"),
        ("revoked", NO, YES, NO, ""),
        ("revoked", YES, NO, NO, "restored"),
        ("revoked", YES, YES, YES, ""),
    ],
)
def test_what_follows_from_a_grade(held, has_passed, may_revoke, is_sitting, step):
    found = certificate_step(
        has_passed=has_passed, held=held, may_revoke=may_revoke, has_open_sitting=lambda: is_sitting
    )
    assert found == step


@pytest.mark.parametrize(("held", "has_passed"), [("valid", YES), ("valid", NO), ("none", NO), ("revoked", NO)])
def test_nobody_asks_for_open_sittings_where_nothing_would_be_given(held, has_passed):
    def ask():
        raise AssertionError

    certificate_step(has_passed=has_passed, held=held, may_revoke=True, has_open_sitting=ask)

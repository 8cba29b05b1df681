"""When a certificate is issued, revoked and restored (D19): the whole table."""

import pytest

from grading.rules.certifying import certificate_step, may_be_given

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
def test_each_grade_leads_to_its_certificate_step(held, has_passed, may_revoke, is_sitting, step):
    found = certificate_step(has_passed=has_passed, held=held, may_revoke=may_revoke, has_open_sitting=is_sitting)
    assert found == step


@pytest.mark.parametrize("held", ["none", "valid", "revoked"])
@pytest.mark.parametrize("has_passed", [YES, NO])
def test_open_sittings_matter_only_where_a_certificate_would_be_given(held, has_passed):
    without, during = (
        certificate_step(has_passed=has_passed, held=held, may_revoke=True, has_open_sitting=is_open)
        for is_open in (NO, YES)
    )
    assert may_be_given(has_passed=has_passed, held=held) is (without != during)

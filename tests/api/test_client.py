"""The Python client's types are those of the schema, and its methods reach every call that a learner has."""

import re
from typing import get_type_hints

import pytest
from finalcheck import shapes

from config.environment import ROOT
from tests.contract import parts

NAMES = {  # of a shape where the schema calls it otherwise
    "Assessment": "AssessmentOut",
    "Attempt": "AttemptOut",
    "Category": "CategoryOut",
    "Cell": "CodeCell",
    "Certificate": "CertificateOut",
    "Course": "CourseRow",
    "Enrollment": "EnrollmentOut",
    "Feedback": "FeedbackOut",
    "Item": "ItemOut",
    "Lab": "LabOut",
    "LabDraft": "LabDraftOut",
    "Learner": "LearnerOut",
    "Lesson": "LessonOut",
    "Needed": "NeedOut",
    "Outcome": "OutcomeOut",
    "Overall": "OverallOut",
    "Question": "QuestionOut",
    "Run": "RunOut",
    "Saved": "DraftSaved",
    "Sitting": "SittingOut",
    "TestResult": "TestRow",
    "Token": "TokenOut",
}
SHAPES = sorted(name for name, found in vars(shapes).items() if hasattr(found, "__required_keys__"))


@pytest.mark.parametrize("name", SHAPES)
def test_a_type_has_the_fields_of_its_shape(name):
    declared = parts()["schemas"][NAMES.get(name, name)]["properties"]
    assert set(get_type_hints(getattr(shapes, name))) == set(declared)


def test_every_address_in_the_client_is_one_of_the_api():
    source = (ROOT / "clients" / "python" / "finalcheck" / "client.py").read_text()
    asked = {re.sub(r"{\w+}", "{}", path) for path in re.findall(r'f?"(/[a-z]+/[^"]*)"', source)}
    published = {re.sub(r"{\w+}", "{}", line) for line in (ROOT / "docs" / "openapi.yaml").read_text().splitlines()}
    assert {path for path in asked if f"  /api/v1{path}:" not in published} == {"/courses/{}/{}/"}  # `correct`

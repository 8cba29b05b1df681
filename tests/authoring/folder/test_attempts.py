"""How many attempts a question has: as its assessment says, or else as the course says."""

from tests.authoring.folder.nasty import read
from tests.authoring.folder.test_dates import dated, last_line, mistakes

OF_COURSE = {"true_false": 1, "numeric": 3}  # and 2 for every other type


def attempts(**added):
    """Return the numbers in force by assessment, for a true/false question, a number, and another type."""
    text = read(dated(**added))
    assert text.mistakes == ()
    return {each.key: {found.type: found.attempts_limit for found in each.questions} for each in text.assessments}


def test_every_assessment_has_the_attempts_of_the_course():
    found = attempts()
    numbers = {(kind, limit) for limits in found.values() for kind, limit in limits.items()}
    assert {(kind, OF_COURSE.get(kind, 2)) for limits in found.values() for kind in limits} == numbers


def test_an_assessment_replaces_the_types_that_it_names():
    before, found = attempts(), attempts(module="review: {attempts: {numeric: 7}}\n")
    assert found == before | {"first-review": before["first-review"] | {"numeric": 7}}


def test_a_default_of_an_assessment_replaces_all_numbers_of_the_course():
    before, found = attempts(), attempts(exam="attempts: {default: 1}\n")
    assert found == before | {"final-exam": dict.fromkeys(before["final-exam"], 1)}


def test_attempts_of_an_assessment_are_for_a_type_and_from_1_to_100():
    line = last_line("exam/exam.yaml", 1)
    assert mistakes(exam="attempts: {numerical: 1, numeric: 101}\n") == [
        f"exam/exam.yaml:{line}: “numerical” is not a question type.",
        f"exam/exam.yaml:{line}: “numeric” needs a whole number from 1 to 100.",
    ]
    assert mistakes(exam="attempts: 3\n") == [f"exam/exam.yaml:{line}: “attempts” needs names with values."]

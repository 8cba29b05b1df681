"""What an exam opens for practice: read with the reserve of each bank, and refused where nothing could be practiced (D45)."""

from quizzes.rules.variants import FIRST_RESERVED, MOST_RESERVED
from tests.authoring.folder.nasty import nasty_files, read
from tests.authoring.folder.test_dates import dated, last_line, mistakes
from tests.authoring.folder.test_variants import CHOICE, TEMPLATE, drawn_in

EXAM, POOL = "exam/exam.yaml", "exam/pool-first.yaml"
LINE = last_line(EXAM, 1)
PRACTICE = "practice: [numbers]\n"


def with_pool(template=TEMPLATE, practice=PRACTICE):
    files = dated(exam=practice)
    return {**files, POOL: files[POOL].rstrip() + b"\n\n" + template.encode()}


def exam_in(files):
    text = read(files)
    assert text.mistakes == ()
    return next(assessment for assessment in text.assessments if assessment.kind == "exam")


def question_in(files):
    return next(question for question in exam_in(files).questions if question.key == "drawn")


def mistakes_in(files):
    return [str(mistake) for mistake in read(files).mistakes]


def test_an_exam_opens_nothing_unless_it_says_so():
    assert exam_in(nasty_files()).practice == ()
    assert exam_in(with_pool()).practice == ("numbers",)


def test_every_bank_of_a_pool_has_a_reserve_that_shares_no_variant_with_what_is_drawn():
    question = question_in(with_pool(practice=""))
    assert [variant.number for variant in question.variants] == list(range(1, 51))
    assert [variant.number for variant in question.reserve] == list(
        range(FIRST_RESERVED, FIRST_RESERVED + MOST_RESERVED)
    )
    asked = [variant.question.prompt for variant in (*question.variants, *question.reserve)]
    assert len(set(asked)) == len(asked)


def test_opening_practice_changes_no_question():
    assert question_in(with_pool()) == question_in(with_pool(practice=""))


def test_a_review_has_no_reserve():
    assert drawn_in().reserve == ()


def test_an_unknown_objective_is_named():
    assert mistakes(exam="practice: [none-such]\n") == [f"{EXAM}:{LINE}: “none-such” is not an objective."]


def test_an_objective_with_fixed_questions_only_is_named():
    assert mistakes(exam="practice: [marks]\n") == [
        f"{EXAM}:{LINE}: no question of the pool about “marks” draws its values, and only those can be practiced: everybody "
        "gets the fixed ones in the exam."
    ]


def test_a_bank_without_enough_other_variants_is_named():
    template = CHOICE.replace("n: 2..9", "n: 3..12")
    assert mistakes_in(with_pool(template)) == [
        f"{EXAM}:{LINE}: “drawn” has 2 variants besides those that the exam draws, and practice needs 5: draw from more values, "
        "or write a smaller number as “variants”."
    ]
    assert mistakes_in(with_pool(template, practice="")) == []

"""What an exam says of objectives in each paper: read, and refused with file and line if no paper can meet it."""

from tests.authoring.folder.nasty import read
from tests.authoring.folder.test_dates import dated, last_line, mistakes

EXAM = "exam/exam.yaml"
LINE = last_line(EXAM, 1)


def rules(line):
    text = read(dated(exam=line))
    assert text.mistakes == ()
    return next(assessment.objectives for assessment in text.assessments if assessment.kind == "exam")


def varied(**added):
    """Return the nasty course with one question of the pool about another objective."""
    files = dated(**added)
    path = "exam/pool-first.yaml"
    files[path] = files[path].replace(b"objective: marks", b"objective: numbers", 1)
    return files


def test_an_exam_that_says_nothing_has_no_rules():
    assert rules("") == {}


def test_rules_are_stored_as_the_draw_reads_them():
    line = "objectives: {at_most: 2, always: [order, marks], missing_at_most: 100}\n"
    assert rules(line) == {"at_most": 2, "always": ["order", "marks"]}


def test_all_means_every_objective_of_the_modules_that_are_drawn_from():
    text = read(varied(exam="objectives: {always: all}\n"))
    assert text.mistakes == ()
    exam = next(assessment for assessment in text.assessments if assessment.kind == "exam")
    assert exam.objectives == {"always": ["marks", "numbers", "order"]}


def test_a_promised_objective_without_a_question_is_named():
    assert mistakes(exam="objectives: {always: all}\n") == [
        f"{EXAM}:{LINE}: each paper is to ask about “numbers”, and no question that can be drawn does."
    ]


def test_an_unknown_objective_is_named():
    assert mistakes(exam="objectives: {always: [order, none-such]}\n") == [
        f"{EXAM}:{LINE}: “none-such” is not an objective."
    ]


def test_a_limit_that_no_paper_can_keep_is_refused():
    assert mistakes(exam="objectives: {at_most: 1}\n") == [
        f"{EXAM}:{LINE}: with at most 1 per objective, no paper has 2 questions of module first, difficulty 1."
    ]


def test_an_objective_that_too_many_papers_miss_is_named_with_the_share():
    """Two of three questions are drawn, so a third of the papers misses the one about numbers."""
    lines = [str(mistake) for mistake in read(varied(exam="objectives: {missing_at_most: 5}\n")).mistakes]
    assert len(lines) == 1
    assert lines[0].startswith(f"{EXAM}:{LINE}: “numbers” is missing from 3")
    assert lines[0].endswith(" % of 1000 papers, more than 5 %. Name it in “always”, or write more questions about it.")
    assert read(varied(exam="objectives: {missing_at_most: 50}\n")).mistakes == ()
    assert read(varied(exam="objectives: {missing_at_most: 0, always: all}\n")).mistakes == ()


def test_a_draw_that_the_pool_cannot_fill_is_reported_once():
    files = dated(exam="objectives: {always: [order]}\n")
    files[EXAM] = files[EXAM].replace(b"count: 2", b"count: 9")
    lines = [str(mistake) for mistake in read(files).mistakes]
    assert [line.partition(": ")[2] for line in lines] == ["9 questions are drawn, the pool has 3 without mistakes."]


def test_words_and_numbers_of_the_wrong_kind_are_refused():
    assert mistakes(exam="objectives: {at_most: 0, always: some, missing_at_most: 101}\n") == [
        f"{EXAM}:{LINE}: “always” needs a list of ids, or [], or all.",
        f"{EXAM}:{LINE}: “at_most” needs a whole number from 1 to 500.",
        f"{EXAM}:{LINE}: “missing_at_most” needs a number from 0 to 100.",
    ]

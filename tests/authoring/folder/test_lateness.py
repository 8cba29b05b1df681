"""What a folder says of late answers, for the course and for one assessment (D34)."""

from course.rules.texts import content_digest
from tests.authoring.folder.nasty import nasty_files, read
from tests.authoring.folder.test_dates import dated, last_line, mistakes

DUE = "due: 2027-03-21 23:59\n"


def late(**added):
    text = read(dated(**added))
    assert text.mistakes == ()
    return {each.key: dict(each.late) for each in text.assessments}


def test_a_course_without_a_late_policy_keeps_its_digests():
    plain, due = read(nasty_files()), read(dated(head="late: {percent_per_day: 10}\n"))
    assert [content_digest(each) for each in plain.assessments] == [content_digest(each) for each in due.assessments]


def test_the_policy_of_the_course_applies_to_what_is_due_and_that_of_the_assessment_comes_first():
    found = late(
        head="late: {percent_per_day: 10, grace_minutes: 120, lowest_percent: 50}\n",
        module=f"review: {{{DUE.strip()}}}\n",
        exam=f"{DUE}late: {{percent_per_day: 25}}\n",
    )
    assert found == {
        "first-review": {"percent_per_day": 10, "grace_minutes": 120, "lowest_percent": 50},
        "second-review": {},
        "final-exam": {"percent_per_day": 25, "grace_minutes": 0, "lowest_percent": 0},
    }


def test_an_assessment_can_count_late_answers_in_full():
    found = late(head=f"{DUE}late: {{percent_per_day: 10}}\n", exam="late: {percent_per_day: 0}\n")
    assert (found["second-review"]["percent_per_day"], found["final-exam"]) == (10, {})


def test_a_policy_of_something_that_is_never_due_is_a_mistake_with_its_line():
    line = last_line("exam/exam.yaml", 1)
    told = "“late” needs a due date; without one, no answer is late."
    assert mistakes(exam="late: {percent_per_day: 10}\n") == [f"exam/exam.yaml:{line}: {told}"]
    line = last_line("01-first/module.yaml", 1)
    assert mistakes(module="review: {late: {percent_per_day: 10}}\n") == [f"01-first/module.yaml:{line}: {told}"]


def test_a_policy_has_whole_percents_and_minutes():
    line = last_line("course.yaml", 1)
    assert mistakes(head="late: {percent_per_day: 2.5, grace_minutes: -1, lowest_percent: 101, grace: 5}\n") == [
        f"course.yaml:{line}: “grace_minutes” needs a whole number from 0 to 86400.",
        f"course.yaml:{line}: “grace” is not a known field here (known fields: percent_per_day, grace_minutes, "
        "lowest_percent).",
        f"course.yaml:{line}: “lowest_percent” needs a whole number from 0 to 100.",
        f"course.yaml:{line}: “percent_per_day” needs a whole number from 0 to 100.",
    ]
    assert mistakes(head="late: {grace_minutes: 5}\n") == [f"course.yaml:{line}: “percent_per_day” is missing."]

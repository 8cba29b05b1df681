"""What a folder says of when results, keys and explanations are shown, for the course and for one assessment (D33)."""

from course.rules.texts import content_digest
from tests.authoring.folder.nasty import nasty_files, read
from tests.authoring.folder.test_dates import dated, last_line, mistakes


def shown(files):
    text = read(files)
    assert text.mistakes == ()
    return {each.key: dict(each.show) for each in text.assessments}


AT_ONCE = {"verdict": "attempt", "score": "attempt"}


def of_course(review: str, exam: str) -> dict[str, bytes]:
    files = dict(nasty_files())
    head = files["course.yaml"].decode()
    head = head.replace("review: {verdict: attempt, key: final}", f"review: {{{review}}}")
    files["course.yaml"] = head.replace("exam: {verdict: attempt, key: settled}", f"exam: {{{exam}}}").encode()
    return files


def test_a_course_with_the_usual_values_says_nothing_and_keeps_its_digests():
    text = read(nasty_files())
    assert {dict(each.show) == {} for each in text.assessments} == {True}
    exam = next(each for each in text.assessments if each.kind == "exam")
    without = read(of_course("key: final", "key: end"))
    assert content_digest(exam) == content_digest(next(each for each in without.assessments if each.kind == "exam"))


def test_an_assessment_says_otherwise_than_its_course():
    files = dated(module="review: {show: {explanation: release}}\n", exam="show: {key: release}\n")
    assert shown(files) == {
        "first-review": {"key": "final", "explanation": "release", **AT_ONCE},
        "second-review": {},
        "final-exam": {"key": "release", "explanation": "release", **AT_ONCE},
    }


def test_a_course_says_it_for_all_assessments_of_a_kind():
    found = shown(of_course("key: release", "verdict: attempt, key: end, explanation: release"))
    released = {"key": "release", "explanation": "release", **AT_ONCE}
    assert found == {
        "first-review": released,
        "second-review": released,
        "final-exam": {"key": "end", "explanation": "release", **AT_ONCE},
    }


def test_what_nobody_would_ever_see_is_a_mistake_with_its_line():
    line = last_line("exam/exam.yaml", 1)
    assert mistakes(exam="show: {key: closed}\n") == [
        f"exam/exam.yaml:{line}: “show” cannot be kept: “closed” needs a closing time; without one, nobody would ever "
        "see it."
    ]
    assert mistakes(exam="show: {key: closed}\ncloses: 2027-03-01 08:00\n") == []
    line = last_line("01-first/module.yaml", 1)
    assert mistakes(module="review: {show: {key: end}}\n") == [
        f"01-first/module.yaml:{line}: “show” cannot be kept: “end” of review questions is their closing time, and they "
        "have none."
    ]


def test_an_unknown_value_is_a_mistake_that_names_the_known_ones():
    line = last_line("exam/exam.yaml", 1)
    assert mistakes(exam="show: {key: never, verdict: settled}\n") == [
        f"exam/exam.yaml:{line}: “key” needs one of attempt, final, end, closed, release.",
        f"exam/exam.yaml:{line}: “verdict” needs one of attempt, final, end, closed, release.",
    ]


def test_an_exam_may_tell_its_results_later_and_what_it_leaves_out_follows_the_verdict():
    assert shown(dated(exam="show: {verdict: release, score: end}\n"))["final-exam"] == {
        "verdict": "release",
        "score": "end",
        "key": "release",
        "explanation": "release",
    }


def test_what_something_else_gives_away_is_a_mistake_with_its_line_and_the_reason():
    line = last_line("exam/exam.yaml", 1)
    assert mistakes(exam="show: {verdict: release, key: end}\n") == [
        f"exam/exam.yaml:{line}: “show” cannot be kept: a key tells the verdict, so it cannot be shown before the "
        "verdict."
    ]
    line = last_line("01-first/module.yaml", 1)
    (told,) = mistakes(module="review: {show: {verdict: release, key: release}}\n")
    assert told.startswith(
        f"01-first/module.yaml:{line}: “show” cannot be kept: review questions say at once whether a response is right"
    )


def advice(**added: str) -> list[str]:
    told = [str(each) for each in read(dated(**added)).advice]
    return [each for each in told if "hand in early" in each]


def test_a_strict_check_warns_of_keys_that_open_while_others_can_still_sit_the_exam():
    closing = "closes: 2027-03-01 08:00\n"
    assert len(advice(exam=closing)) == 1
    assert advice(exam=f"{closing}show: {{key: closed}}\n") == []
    assert advice() == []

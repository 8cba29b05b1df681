"""Exams that are graded when they end, and whose results wait for the closing or a release (D33)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest

from foundation.refusals import Refusal
from grading.models import Certificate, GradeItem
from grading.selectors.grades import course_grade
from grading.services import settle_grades
from grading.services.certificate_names import courses_with_fixed_name, name_certificate
from mail.models import Mail
from portal.rights.services import make_statement
from portal.rights.services.exporting import sources
from quizzes import services
from quizzes.models import Attempt, Sitting
from quizzes.rules.disclosure import DisclosurePolicy, is_score_shown, is_verdict_shown, policy_problem
from quizzes.selectors import paper_of, published_assessment, release_state, releases_in
from quizzes.selectors.sittings import unsettled_sittings
from quizzes.selectors.stages import ended_stage
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW, DAY = make.NOW, timedelta(days=1)
CLOSED = NOW + 2 * DAY
LATE = ("end", "closed", "release")
POLICIES = [
    found
    for verdict, score in product(LATE, LATE)
    if policy_problem(found := DisclosurePolicy("release", "release", verdict, score), kind="exam", closes=True) is None
]
HELD = dict.fromkeys(("verdict", "score", "key", "explanation"), "release")


@pytest.fixture
def course():
    return make.make_course(pass_percent=50)


@pytest.fixture
def teacher(course):
    return make.make_user(is_staff=True)


def exam_in(course, show):
    return make.make_exam(course=course, drawn=2, pool=2, closes_at=NOW + DAY, show=show)


def sat(exam, *are_right, learner=None):
    """Return a learner who saved a right or a wrong response to each question in turn, and handed in."""
    learner = learner or make.enroll(course=exam.course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    for row, is_right in zip(sitting.questions.select_related("question").order_by("question"), are_right, strict=True):
        response = (make.right if is_right else make.wrong)(row.question)
        services.save_draft(learner=learner, question_id=row.question_id, response=response, revision=0, now=NOW)
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    return learner


def shown_to(learner, exam, now=NOW):
    return settle_grades(now=now, learner_id=learner.pk).grade_shown(learner.pk, exam.course_id)


def paper(exam, learner, now=NOW):
    return paper_of(assessment=published_assessment(exam.pk), learner_id=learner.pk, now=now)


def outlines(exam, learner, now):
    """Return everything that the learner's cards tell, without what was answered."""
    cards = sorted(paper(exam, learner, now).cards, key=lambda card: card.question_id)
    return [
        (card.standing, card.is_final, card.attempts_left, card.attempts_limit, card.points_earned, card.percent,
         card.button, card.correction, card.tried, card.feedback, card.is_correct)
        for card in cards
    ]  # fmt: skip


def unsettled(learner):
    return len(unsettled_sittings(learner.pk))


def release(exam, teacher):
    said = {"reason": "everyone has sat it", "author": teacher, "now": NOW}
    services.release_assessment(course=exam.course, assessment_id=exam.pk, **said)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: f"{policy.verdict}-{policy.score}")
def test_cards_and_grade_tell_at_each_stage_exactly_what_the_policy_says(course, teacher, policy):
    exam = exam_in(course, policy._asdict())
    right_first, right_last, wrong = sat(exam, True, False), sat(exam, False, True), sat(exam, False, False)
    for is_released, now in ((False, NOW), (False, CLOSED), (True, NOW), (True, CLOSED)):
        if is_released and exam.released_at is None:
            release(exam, teacher)
            exam.refresh_from_db()
        published = published_assessment(exam.pk)
        stage = ended_stage(published, now)
        is_told = is_verdict_shown(published.disclosure, stage=stage)
        assert [card.is_verdict_shown for card in paper(exam, wrong, now).cards] == [is_told, is_told]
        assert (outlines(exam, right_first, now) != outlines(exam, right_last, now)) is is_told
        grades = [shown_to(each, exam, now) for each in (right_first, wrong)]
        is_scored = is_score_shown(published.disclosure, stage=stage)
        assert [grade.percent for grade in grades] == (["25.0", "0.0"] if is_scored else ["0.0", "0.0"])
        assert (grades[0] == grades[1]) is not is_scored
    assert course_grade(right_first.pk, course.pk).percent == "25.0"  # staff see it from the end on


@pytest.mark.parametrize("verdict", LATE)
def test_an_exam_with_a_later_verdict_has_no_check_and_grades_what_was_saved(course, verdict):
    exam = exam_in(course, DisclosurePolicy("release", "release", verdict, "end")._asdict())
    learner = make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    question = sitting.questions.first().question
    said = {"learner": learner, "question_id": question.pk, "response": make.right(question), "now": NOW}
    with pytest.raises(Refusal) as told:
        services.check_response(number=1, **said)
    assert told.value.code == "graded_at_end"
    card = paper(exam, learner).card(question.pk)
    assert (card.button, card.accepts_answers, card.attempts_left, card.attempts_limit) == (None, True, 1, 1)
    services.save_draft(revision=0, **said)
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    assert list(Attempt.objects.values_list("is_correct", "by")) == [(True, "deadline")]


def test_a_check_made_before_the_policy_changed_is_answered_again(course):
    exam = exam_in(course, {})
    learner = make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    question = sitting.questions.first().question
    said = {"learner": learner, "question_id": question.pk, "response": make.wrong(question), "number": 1, "now": NOW}
    services.check_response(**said)
    type(exam).objects.filter(pk=exam.pk).update(show=HELD)
    assert services.check_response(**said).is_replay


def test_a_certificate_that_only_a_withheld_score_earned_is_not_told(course, teacher):
    exam = exam_in(course, HELD)
    learner = sat(exam, True, True)
    assert Certificate.objects.filter(learner=learner).exists()  # 50 of 50 %, as staff see
    grade = shown_to(learner, exam)
    assert (grade.is_certified, grade.is_revoked, grade.has_passed, grade.need) == (False, False, False, None)
    assert grade.withheld == {exam.pk}
    assert not Mail.objects.filter(key__startswith="certificate").exists()
    name_certificate(learner_id=learner.pk, course_id=course.pk, name="Ada L.", now=NOW)  # a refusal would tell
    facts = dict(each for source in sources(learner.pk, course.pk, NOW) for each in source())
    assert [facts[name] for name in ("scores", "score_history", "certificates")] == [[], [], []]
    assert [row.keys() & {"is_correct", "points_earned"} for row in facts["attempts"]] == [set(), set()]
    release(exam, teacher)
    assert shown_to(learner, exam).is_certified
    facts = dict(each for source in sources(learner.pk, course.pk, NOW) for each in source())
    assert [len(facts[name]) for name in ("scores", "certificates", "attempts")] == [1, 1, 2]
    with pytest.raises(Refusal, match="certificate"):
        name_certificate(learner_id=learner.pk, course_id=course.pk, name="Eve", now=NOW)


def test_naming_a_certificate_settles_nothing_in_another_course(course):
    learner, named = sat(exam_in(course, {}), True, True), make.make_course()
    make.enroll(course=named, user=learner)
    services.start_sitting(learner=learner, assessment=exam_in(course, {}), now=NOW)
    assert courses_with_fixed_name(learner.pk, [course.pk], now=NOW) == {course.pk}
    name_certificate(learner_id=learner.pk, course_id=named.pk, name="Ada L.", now=CLOSED)
    assert unsettled(learner) == 1
    assert courses_with_fixed_name(learner.pk, [course.pk], now=CLOSED) == {course.pk}
    assert unsettled(learner) == 0


def test_a_certificate_earned_without_the_withheld_score_stays(course):
    review = make.make_review(course=course, questions=1)
    exam = exam_in(course, HELD)
    learner = sat(exam, False, False)
    question = review.questions.get()
    services.check_response(learner=learner, question_id=question.pk, response=make.right(question), number=1, now=NOW)
    grade = shown_to(learner, exam)
    assert (grade.is_certified, grade.percent, grade.need.state) == (True, "50.0", "passed")


def test_a_signed_statement_waits_for_the_verdicts(course, teacher):
    exam = exam_in(course, HELD)
    learner = sat(exam, True, False)
    said = {"learner": learner, "course": course, "site": "https://example.org/", "now": NOW}
    with pytest.raises(Refusal) as told:
        make_statement(**said)
    assert told.value.code == "statement_waits"
    release(exam, teacher)
    assert make_statement(**said)


def archived(learner, course):
    """Return the learner's archive of the course by section, without what differs between any two learners."""
    own = {"id", "sitting", "question__key", "version__prompt", "options", "response", "draft"}
    found = dict(each for source in sources(learner.pk, course.pk, NOW) for each in source())
    names = ("scores", "score_history", "certificates", "certificate_events", "attempts", "voids")
    return {name: [{key: row[key] for key in row.keys() - own} for row in found[name]] for name in names}


def void(learner, exam, teacher):
    said = {"reason": "the fire alarm", "author": teacher, "now": NOW}
    services.void_sitting(course=exam.course, sitting_id=Sitting.objects.get(learner=learner).pk, **said)


def test_a_void_does_not_tell_what_the_sitting_had_reached(course, teacher, client):
    exam = exam_in(course, HELD)
    right, wrong = sat(exam, True, True), sat(exam, False, False)
    for learner in (right, wrong):
        void(learner, exam, teacher)
    assert course_grade(right.pk, course.pk).is_revoked  # as staff see
    grade = shown_to(right, exam)
    assert grade == shown_to(wrong, exam)
    assert (grade.is_revoked, grade.withheld, grade.item(exam.pk).state) == (False, frozenset(), "not_started")
    assert progress_of(right, course, client) == ([], None)
    assert archived(right, course) == archived(wrong, course)
    assert [row.keys() & {"is_correct"} for row in archived(right, course)["attempts"]] == [set(), set()]
    with pytest.raises(Refusal, match="no statement was made"):
        make_statement(learner=right, course=course, site="https://example.org/", now=NOW)
    name_certificate(learner_id=right.pk, course_id=course.pk, name="Ada L.", now=NOW)  # a refusal would tell
    services.start_sitting(learner=right, assessment=exam, now=NOW)
    assert shown_to(right, exam).hidden == {exam.pk}
    assert archived(right, course)["score_history"] == []


def test_after_the_release_a_void_is_told_as_ever(course, teacher, client):
    exam = exam_in(course, HELD)
    learner = sat(exam, True, True)
    void(learner, exam, teacher)
    release(exam, teacher)
    notices, certificate = progress_of(learner, course, client)
    assert [(each.before, each.after) for each in notices] == [("2", "0")]
    assert certificate.is_valid is False


def remove(exam):
    """Remove an exam from its course, as a load does whose folder lacks the file."""
    type(exam).objects.filter(pk=exam.pk).update(is_retired=True)
    GradeItem.objects.filter(activity=exam.pk).update(is_retired=True)


def test_removing_an_exam_does_not_tell_its_results(course, teacher):
    exam = exam_in(course, HELD)
    right, wrong = sat(exam, True, True), sat(exam, False, False)
    remove(exam)
    assert course_grade(right.pk, course.pk).is_certified  # as staff see
    assert shown_to(right, exam) == shown_to(wrong, exam)
    assert shown_to(right, exam).item(exam.pk) is None
    assert archived(right, course) == archived(wrong, course)
    assert [row.keys() & {"is_correct"} for row in archived(right, course)["attempts"]] == [set(), set()]
    with pytest.raises(Refusal, match="no statement was made"):
        make_statement(learner=right, course=course, site="https://example.org/", now=NOW)


def test_a_release_reaches_a_removed_exam_that_withholds_results(course, teacher):
    exam = exam_in(course, HELD)
    learner = sat(exam, True, True)
    remove(exam)
    remove(shown := exam_in(course, {}))
    state = release_state(course.pk, exam.pk, NOW)
    assert (state.finished, state.open, state.is_held) == ((learner.pk,), 0, True)
    assert [each.assessment for each in releases_in(course.pk, NOW)] == [exam]
    release(exam, teacher)
    assert shown_to(learner, exam).is_certified
    assert [row["is_correct"] for row in archived(learner, course)["attempts"]] == [True, True]
    with pytest.raises(Refusal) as told:
        release(shown, teacher)
    assert told.value.code == "not_found"


def test_another_removed_exam_counts_as_if_the_withheld_score_did_not(course):
    """A removed exam counts if it raises the mean (D23), and the withheld score is in that mean."""
    removed, exam = exam_in(course, {}), exam_in(course, HELD)
    right, wrong = sat(exam, True, True), sat(exam, False, False)
    for learner in (right, wrong):
        sat(removed, True, False, learner=learner)
    remove(removed)
    assert shown_to(right, exam) == shown_to(wrong, exam)
    assert shown_to(right, exam).item(removed.pk).points_earned == "1"


def test_a_change_of_the_course_does_not_tell_of_a_certificate(course, client):
    exam = exam_in(course, HELD)
    right, wrong = sat(exam, True, True), sat(exam, False, False)
    before = shown_to(wrong, exam)
    type(course).objects.filter(pk=course.pk).update(pass_percent=60)
    review = make.make_review(course=course, questions=1)
    for learner in (right, wrong):
        grade = shown_to(learner, exam)
        assert (grade.pass_percent, len(grade.items)) == ("60.0", len(before.items) + 1)
        assert page_of(review, learner, client)["item"] == grade.item(review.pk) is not None
    assert (shown_to(right, exam), shown_to(right, exam).categories) == (grade, grade.categories)
    type(course).objects.filter(pk=course.pk).update(pass_percent=0)
    assert shown_to(right, exam).is_certified  # its learner passes by the new policy, as everyone does


def test_the_history_of_a_review_does_not_tell_of_a_hidden_certificate(course, client):
    review, exam = make.make_review(course=course, questions=1), exam_in(course, HELD)
    right, wrong = sat(exam, True, True), sat(exam, False, False)
    assert Certificate.objects.get().learner == right
    make.add_question(assessment=review)
    told = []
    for learner in (right, wrong):
        client.force_login(learner)
        shown = client.get(f"/assessments/{review.pk}/attempts/").context
        told.append([[(line.marks, line.score) for line in shown["lines"]], shown["earned"], shown["possible"]])
    assert told[0] == told[1]


def test_a_response_that_is_sent_again_after_the_end_does_not_tell_a_withheld_verdict(course, teacher):
    exam = exam_in(course, HELD)
    learner = sat(exam, True, False)
    for attempt in Attempt.objects.all():
        said = {"learner": learner, "question_id": attempt.question_id, "response": attempt.response, "number": 1}
        with pytest.raises(Refusal) as refused:
            services.check_response(**said, now=NOW)
        assert refused.value.code == "sitting_over"
    release(exam, teacher)
    assert services.check_response(**said, now=NOW).is_replay


def test_a_certificate_earned_without_the_withheld_score_keeps_its_basis(course):
    review = make.make_review(course=course, questions=1)
    exam = exam_in(course, HELD)
    learner = sat(exam, True, True)
    answer(review, learner)
    type(course).objects.filter(pk=course.pk).update(pass_percent=60)
    grade = shown_to(learner, exam)
    assert (grade.is_certified, grade.pass_percent) == (True, "50.0")


def answer(review, learner):
    question = review.questions.get()
    said = {"question_id": question.pk, "response": make.right(question), "number": 1, "now": NOW}
    return services.check_response(learner=learner, **said)


def test_after_a_check_the_grade_without_the_certificate_is_shown(course):
    review, exam = make.make_review(course=course, questions=1), exam_in(course, HELD)
    make.make_review(course=course, questions=3)
    right, wrong = sat(exam, True, True), sat(exam, False, False)
    type(course).objects.filter(pk=course.pk).update(pass_percent=60)
    grades = [answer(review, learner).grade for learner in (right, wrong)]
    assert grades[0] == grades[1] == shown_to(right, exam)
    assert (grades[0].item(review.pk).points_earned, grades[0].pass_percent) == ("1", "60.0")


def page_of(assessment, learner, client):
    client.force_login(learner)
    return client.get(f"/assessments/{assessment.pk}/").context


def progress_of(learner, course, client):
    client.force_login(learner)
    found = client.get(f"/courses/{course.slug}/progress/").context
    return found["notices"], found["certificate"]


def test_points_that_an_instructor_gave_are_withheld_too(course, teacher):
    exam = exam_in(course, HELD)
    learner = sat(exam, False, False)
    given = {"points": Decimal(2), "reason": "an oral exam", "author": teacher, "now": NOW}
    services.override_score(course=course, assessment_id=exam.pk, learner_id=learner.pk, **given)
    assert course_grade(learner.pk, course.pk).percent == "50.0"
    assert shown_to(learner, exam).percent == "0.0"


def test_a_course_that_says_nothing_shows_a_score_as_it_always_did(course):
    exam = exam_in(course, {})
    learner = sat(exam, True, False)
    assert shown_to(learner, exam) == course_grade(learner.pk, course.pk)
    assert replace(shown_to(learner, exam), withheld=frozenset()).percent == "25.0"

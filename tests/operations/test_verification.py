"""`verify_grades` proves that every grade follows from the records, and finds one that does not."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Value
from django.db.models.functions import Concat

from accounts.models import User
from grading.models import Certificate, CertificateEvent, GradeItem, Score
from grading.selectors.grades import course_grade
from operations.refusals import Refusal
from operations.services import demo, seed_demo, verify_grades
from quizzes.models import Sitting
from quizzes.services import override_score, start_sitting, undo_void, void_sitting
from tests import factories as make
from tests.quizzes.correcting import check

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def make_whole_course():
    course = make.make_course()
    for _ in range(2):
        make.make_review(course=course, kinds=sorted(make.SOURCES))
    make.make_exam(course=course, drawn=6, pool=12, kinds=sorted(make.SOURCES))
    return course


@pytest.mark.parametrize("stage", ["enrolled", "midterm", "graded"])
def test_realistic_histories_verify(stage, capsys):
    make_whole_course()
    call_command("seed_demo", learners=4, stage=stage, seed=7)
    call_command("verify_grades")
    assert capsys.readouterr().err == ""
    assert Score.objects.values("learner").distinct().count() == (0 if stage == "enrolled" else 4)


def stop(**facts):
    raise Refusal("sitting_over")


def test_an_exam_is_stored_as_a_whole_so_that_no_sweep_ends_it_before_its_learner_does(monkeypatch):
    make_whole_course()
    monkeypatch.setattr(demo, "hand_in_sitting", stop)
    with pytest.raises(Refusal, match=r"^This exam is over"):
        call_command("seed_demo", learners=1, stage="graded")
    assert set(Sitting.objects.values_list("assessment__kind", flat=True)) == {"review"}


def test_the_command_says_if_there_is_no_course():
    with pytest.raises(CommandError, match=r"^That course does not exist"):
        call_command("seed_demo", learners=1)


def test_the_same_seed_makes_the_same_grades():
    grades = []
    for slug in ("one", "two"):
        course = make.make_course(slug=slug)
        make.make_review(course=course, kinds=["numeric"] * 9)
        names = seed_demo(learners=3, stage="graded", seed=5, slug=slug, now=make.NOW)
        people = User.objects.filter(username__in=names).order_by("pk")
        grades.append([course_grade(user.pk, course.pk).percent for user in people])
        people.update(username=Concat(Value(f"{slug}-"), "username"))
    assert grades[0] == grades[1]


def test_some_of_many_pass_and_hold_a_certificate_and_some_do_not():
    course = make_whole_course()
    names = seed_demo(learners=12, stage="graded", seed=3, slug=course.slug, now=make.NOW)
    assert 0 < Certificate.objects.count() < len(names)


def test_a_score_that_somebody_moved_is_found(capsys):
    course = make_whole_course()
    seed_demo(learners=1, stage="midterm", seed=1, slug=course.slug, now=make.NOW)
    score = Score.objects.first()
    Score.objects.filter(pk=score.pk).update(points_earned=score.points_possible)
    assert len(list(verify_grades(now=make.NOW))) == 1
    with pytest.raises(CommandError, match="1 differences"):
        call_command("verify_grades")


@pytest.fixture
def certified():
    """A learner who has a certificate because an instructor gave the points of the whole course, and the exam."""
    course = make.make_course()
    review, exam = make.make_review(course=course), make.make_exam(course=course)
    learner, author = make.enroll(course=course), make.make_user(is_staff=True)
    for assessment in (review, exam):
        asked = {"points": Decimal(2), "reason": "an oral exam", "author": author, "now": make.NOW}
        override_score(course=course, assessment_id=assessment.pk, learner_id=learner.pk, **asked)
    assert Certificate.objects.get().issued_at == make.NOW
    return learner, exam


def said_about(learner, exam, now):
    return [said.partition(": ")[2] for said in verify_grades(now=now, course_id=exam.course_id)]


def test_who_has_the_certificate_may_start_an_exam(certified):
    learner, exam = certified
    start_sitting(learner=learner, assessment=exam, now=make.NOW + MINUTE)
    assert said_about(learner, exam, make.NOW + 2 * MINUTE) == []


def test_what_is_added_after_the_certificate_is_no_part_of_its_grade(certified):
    learner, exam = certified
    later = make.make_review(course=exam.course, kinds=["numeric"])
    check(learner, later.questions.get(), make.right(later.questions.get()))
    assert said_about(learner, exam, make.NOW + MINUTE) == []


def test_an_exam_that_is_not_graded_is_no_difference():
    exam = make.make_exam(course=make.make_course())
    GradeItem.objects.filter(activity=exam.pk).delete()
    learner = make.enroll(course=exam.course)
    start_sitting(learner=learner, assessment=exam, now=make.NOW)
    assert said_about(learner, exam, make.NOW + MINUTE) == []


def test_a_void_exam_may_count_again_after_the_certificate_was_given(certified):
    learner, exam = certified
    sitting, _is_new = start_sitting(learner=learner, assessment=exam, now=make.NOW - 3 * MINUTE)
    said = {"course": exam.course, "sitting_id": sitting.pk, "reason": "a mistake", "author": learner}
    void_sitting(now=make.NOW - MINUTE, **said)
    undo_void(now=make.NOW + MINUTE, **said)
    assert said_about(learner, exam, make.NOW + 2 * MINUTE) == []


def test_a_certificate_that_was_given_during_an_exam_is_found(certified):
    learner, exam = certified
    start_sitting(learner=learner, assessment=exam, now=make.NOW - MINUTE)
    assert said_about(learner, exam, make.NOW + MINUTE) == ["it was given while an exam of its learner was running"]


def test_a_certificate_that_was_given_back_during_an_exam_is_found(certified):
    learner, exam = certified
    start_sitting(learner=learner, assessment=exam, now=make.NOW + MINUTE)
    for minute, kind in enumerate(["revoked", "restored"]):
        CertificateEvent.objects.create(
            certificate=Certificate.objects.get(), kind=kind, reason="a test", created_at=make.NOW + minute * 2 * MINUTE
        )
    assert said_about(learner, exam, make.NOW + 3 * MINUTE) == ["it was given while an exam of its learner was running"]

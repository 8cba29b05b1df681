"""`verify_grades` proves that every grade follows from the records, and finds one that does not."""

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Value
from django.db.models.functions import Concat

from course.models import User
from grading.models import Certificate, Score
from grading.selectors.grades import course_grade
from portal.operations.services import demo, seed_demo, verify_grades
from portal.refusals import Refusal
from quizzes.models import Sitting
from tests import factories as make

pytestmark = pytest.mark.django_db


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
    monkeypatch.setattr(demo, "end_sitting", stop)
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

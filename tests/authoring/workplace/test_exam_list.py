"""The page of exams: what a learner gets, when, and where each is changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authoring.services import editable_texts
from course.models import TextDraft
from quizzes.models import Assessment, Question
from tests import factories as make
from tests.authoring.folder.nasty import edited
from tests.authoring.test_course_folder import load
from tests.authoring.workplace.test_new_exams import QUIZ
from tests.authoring.workplace.test_policy import course, teacher
from tests.portal.workplace.people import staff_in

__all__ = ["course", "teacher"]  # fixtures
pytestmark = pytest.mark.django_db
EXAMS = "/admin/courses/nasty/exams/"


def words(page):
    return " ".join(page.content.decode().split())


def test_the_page_lists_exams_and_reviews_with_what_a_learner_gets(teacher, course):
    page = teacher.get(EXAMS)
    exam = Assessment.objects.get(course=course, kind="exam")
    (row,) = page.context["exams"]
    assert row.assessment == exam
    assert row.size == sum(stratum["count"] for stratum in exam.draw)
    reviews = {row.assessment.pk: row.size for row in page.context["reviews"]}
    assert reviews == {
        review.pk: Question.objects.filter(assessment=review, is_retired=False).count()
        for review in Assessment.objects.filter(course=course, kind="review", is_retired=False)
    }
    assert "Open, without an end" in words(page)


def test_dates_and_links_of_each_are_on_the_page(teacher, course):
    exam = Assessment.objects.get(course=course, kind="exam")
    Assessment.objects.filter(pk=exam.pk).update(closes_at=make.NOW)
    page = words(teacher.get(EXAMS))
    assert "Closes <time" in page
    for address in (
        reverse("assessment_settings", args=[course.slug, exam.pk]),
        f"{reverse('analysis', args=[course.slug])}?assessment={exam.pk}",
        reverse("new_exam", args=[course.slug]),
    ):
        assert f'href="{address}' in page


def test_an_exam_that_counts_for_nothing_says_so(teacher, course):
    assert "counts for nothing" not in words(teacher.get(EXAMS))
    load(edited("course.yaml", "pass_percent: 60, of: exam}", "pass_percent: 60, of: exam, items: [final-exam]}"))
    Assessment.objects.filter(course=course, kind="exam").update(key="another")
    page = teacher.get(EXAMS)
    assert ([row.is_counted for row in page.context["exams"]], "counts for nothing" in words(page)) == ([False], True)


def test_who_may_not_change_an_exam_reads_the_list_without_its_settings(client, course):
    client.force_login(staff_in(course, "observer"))
    page = words(client.get(EXAMS))
    assert ("Statistics" in page, "Settings and dates" in page, "New exam or quiz" in page) == (True, False, False)


def test_a_course_without_an_exam_says_so(teacher, course):
    Assessment.objects.filter(course=course, kind="exam").update(is_retired=True)
    assert "has no exam yet" in words(teacher.get(EXAMS))


def test_more_exams_cost_no_further_query(teacher, course, django_assert_num_queries):
    with CaptureQueriesContext(connection) as first:
        teacher.get(EXAMS)
    exam = Assessment.objects.get(course=course, kind="exam")
    exam.pk, exam.key, exam.name = "second-exam1", "second", "second"
    exam.save(force_insert=True)
    with django_assert_num_queries(len(first)):
        teacher.get(EXAMS)


def test_exams_that_are_begun_and_not_published_are_found_again(teacher, course):
    begun = teacher.post(reverse("new_exam", args=[course.slug]), QUIZ)["Location"]
    page = teacher.get(EXAMS)
    assert page.context["drafts"] == [(QUIZ["title"], begun)]
    assert f'href="{begun}"' in words(page)
    assert teacher.get(begun).status_code == 200


def test_a_draft_of_an_exam_that_is_published_is_no_begun_exam(teacher, course):
    exam = editable_texts(course_id=course.pk)["exam/exam.yaml"]
    teacher.post(reverse("edit_text", args=[course.slug, "exam/exam.yaml"]), {"text": exam + "\n", "do": "save"})
    assert teacher.get(EXAMS).context["drafts"] == []


def test_each_author_sees_only_the_exams_that_they_began(teacher, course):
    teacher.post(reverse("new_exam", args=[course.slug]), QUIZ)
    teacher.force_login(staff_in(course, "instructor"))
    assert teacher.get(EXAMS).context["drafts"] == []


def test_a_begun_exam_whose_text_is_broken_is_named_by_its_path(teacher, course):
    teacher.post(reverse("new_exam", args=[course.slug]), QUIZ)
    TextDraft.objects.filter(path="02-second/exam.yaml").update(text="title: [")
    assert [title for title, _address in teacher.get(EXAMS).context["drafts"]] == ["02-second/exam.yaml"]

"""The section that a learner is led to after a wrong response in a review: which, when, and never in an exam (D10, D11)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from authoring.services import read_folder
from course.rules.headings import LessonHeadings
from quizzes import services
from quizzes.models import Assessment, Question
from quizzes.rules.teaching import TaughtSection, taught_in_problem, taught_section
from quizzes.selectors import checked_card, paper_of, published_assessment
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.publishing import load_text
from tests.forms import answer_form
from tests.portal.workplace.people import instructor_of
from tests.quizzes.correcting import check

pytestmark = pytest.mark.django_db
NOW = make.NOW
HEADINGS = [{"id": "ranks", "text": "Ranks & shapes", "level": 2}, {"id": "graphs", "text": "Graphs", "level": 2}]


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def module(course):
    return make.make_module(course=course)


@pytest.fixture
def lesson(module):
    return make.make_lesson(module=module, title="Tensors", objectives=["tensors"], contents=HEADINGS)


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


def asked(lesson, *, kind="review", section="#ranks", **fields):
    """Return a question whose author names a section of the lesson."""
    module = lesson.module
    if kind == "review":
        assessment = make.make_assessment(course=module.course, module=module, **fields)
    else:
        assessment = make.make_exam(course=module.course, module=module, drawn=1, pool=0, **fields)
    return make.add_question(assessment=assessment, type="numeric", taught_in=f"{lesson.key}{section}")


def shown(learner, question, now=NOW):
    assessment = published_assessment(question.assessment_id)
    return paper_of(assessment=assessment, learner_id=learner.pk, now=now).card(question.pk).read_again


def wrong(learner, question, number=1):
    return check(learner, question, make.wrong(question), number)


def test_a_wrong_response_leads_to_the_section_that_the_author_names(lesson, learner):
    question = asked(lesson)
    assert shown(learner, question) is None
    outcome = wrong(learner, question)
    section = TaughtSection(lesson.pk, "Tensors", "c-ranks", "Ranks & shapes")
    assert shown(learner, question) == section
    card = checked_card(kind="review", question=outcome.attempt.question, row=outcome.row, attempts=outcome.attempts)
    assert card.read_again == section


def test_a_right_response_leads_to_no_section(lesson, learner):
    question = asked(lesson)
    wrong(learner, question)
    check(learner, question, make.right(question), 2)
    assert shown(learner, question) is None


def test_a_final_wrong_question_still_leads_to_its_section(lesson, learner):
    question = asked(lesson)
    wrong(learner, question)
    wrong(learner, question, 2)
    assert shown(learner, question) == TaughtSection(lesson.pk, "Tensors", "c-ranks", "Ranks & shapes")


def test_a_draft_leads_to_no_section(lesson, learner):
    question = asked(lesson)
    response = make.wrong(question)
    services.save_draft(learner=learner, question_id=question.pk, response=response, revision=0, now=NOW)
    assert shown(learner, question) is None


def test_an_exam_leads_to_no_section_while_it_runs_or_afterward(lesson, learner):
    question = asked(lesson, kind="exam")
    exam = Assessment.objects.get(pk=question.assessment_id)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    wrong(learner, question)
    assert published_assessment(exam.pk).kind == "exam"
    assert shown(learner, question) is None
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    assert shown(learner, question) is None


def test_a_module_that_has_not_opened_yet_gives_no_link(lesson, learner):
    question = asked(lesson)
    wrong(learner, question)
    lesson.module.opens_at = NOW + timedelta(days=1)
    lesson.module.save()
    assert shown(learner, question) is None
    assert shown(learner, question, NOW + timedelta(days=1)) is not None


@pytest.mark.parametrize("removed", ["lesson", "module"])
def test_a_lesson_that_was_removed_gives_no_link(lesson, learner, removed):
    question = asked(lesson)
    wrong(learner, question)
    row = lesson if removed == "lesson" else lesson.module
    row.is_retired = True
    row.save()
    assert shown(learner, question) is None


LESSONS = [
    LessonHeadings("a1", "first", "First", ["graphs"], []),
    LessonHeadings("b2", "tensors", "Tensors", ["tensors"], HEADINGS),
    LessonHeadings("c3", "more", "More", ["tensors"], HEADINGS),
]


@pytest.mark.parametrize(
    ("taught_in", "objective", "section"),
    [
        ("more#graphs", "tensors", TaughtSection("c3", "More", "c-graphs", "Graphs")),
        ("more", "tensors", TaughtSection("c3", "More", "", "")),
        ("", "tensors", TaughtSection("b2", "Tensors", "", "")),
        ("tensors#gone", "tensors", TaughtSection("b2", "Tensors", "", "")),
        ("gone#ranks", "graphs", TaughtSection("a1", "First", "", "")),
        ("", "other", None),
    ],
)
def test_without_a_named_section_the_first_lesson_about_the_objective_is_read(taught_in, objective, section):
    assert taught_section(taught_in, objective, LESSONS) == section


def test_a_section_that_does_not_exist_is_a_mistake():
    assert taught_in_problem("tensors#ranks", LESSONS) is None
    assert taught_in_problem("tensors", LESSONS) is None
    assert taught_in_problem("tensors#gone", LESSONS) == "the lesson “tensors” has no section “gone”"
    assert taught_in_problem("gone#ranks", LESSONS) == "“gone” is not a lesson of this module"


def test_the_link_leads_to_the_heading_in_the_page_of_the_lesson(client):
    load_text(read_folder(nasty_files()))
    question = Question.objects.get(key="what-shape")
    learner = make.enroll(course=question.assessment.course)
    wrong(learner, question)
    section = shown(learner, question)
    client.force_login(learner)
    page = client.get(f"/lessons/{section.lesson_id}/").content.decode()
    assert re.search(rf'<h2 id="{section.section}">\s*{section.title}', page)


def test_the_page_and_the_card_after_a_check_link_to_the_section(client, lesson, learner):
    question = asked(lesson)
    client.force_login(learner)
    link = re.compile(rf'<a\s+href="/lessons/{lesson.pk}/#c-ranks"\s*>Tensors: Ranks &amp; shapes</a>')
    form = answer_form(question, make.wrong(question))
    assert not link.search(client.get(f"/assessments/{question.assessment_id}/").content.decode())
    card = client.post(f"/questions/{question.pk}/check/", form, headers={"HX-Request": "true"}).content.decode()
    page = client.get(f"/assessments/{question.assessment_id}/").content.decode()
    assert (len(link.findall(card)), len(link.findall(page))) == (1, 1)


def test_an_instructor_who_views_as_the_learner_sees_the_same_link(client, course, lesson, learner):
    question = asked(lesson)
    wrong(learner, question)
    client.force_login(instructor_of(course))
    session = client.session
    session["viewing"] = {"slug": course.slug, "learner_id": learner.pk}
    session.save()
    page = client.get(f"/assessments/{question.assessment_id}/").content.decode()
    assert f'href="/lessons/{lesson.pk}/#c-ranks"' in page


def test_the_whole_lesson_is_linked_by_its_title(client, lesson, learner):
    question = asked(lesson, section="")
    wrong(learner, question)
    client.force_login(learner)
    page = client.get(f"/assessments/{question.assessment_id}/").content.decode()
    assert re.search(rf'href="/lessons/{lesson.pk}/"\s*>Tensors</a>', page)


def test_a_wrong_response_in_practice_leads_to_the_section_even_if_the_attempt_was_right(client, lesson, learner):
    question = asked(lesson)
    check(learner, question, make.right(question), 1)
    client.force_login(learner)
    link, address = f'href="/lessons/{lesson.pk}/#c-ranks"', f"/questions/{question.pk}/practice/"
    pages = [client.get(address)] + [
        client.post(address, answer_form(question, response))
        for response in (make.wrong(question), make.right(question))
    ]
    assert [link in page.content.decode() for page in pages] == [False, True, False]


@pytest.mark.parametrize("kind", ["review", "exam"])
def test_the_api_names_the_section_in_a_review_only(client, lesson, learner, kind):
    question = asked(lesson, kind=kind)
    client.force_login(learner)
    if kind == "exam":
        services.start_sitting(learner=learner, assessment=question.assessment, now=timezone.now())
    body = {"response": make.wrong(question), "number": 1}
    attempt = client.post(f"/api/v1/questions/{question.pk}/attempts/", body, content_type="application/json").json()
    (row,) = client.get(f"/api/v1/assessments/{question.assessment_id}/").json()["questions"]
    section = {"lesson_id": lesson.pk, "lesson_title": "Tensors", "section": "c-ranks", "title": "Ranks & shapes"}
    assert attempt["is_correct"] is False
    assert [attempt.get("read_again"), row.get("read_again")] == ([section] * 2 if kind == "review" else [None] * 2)

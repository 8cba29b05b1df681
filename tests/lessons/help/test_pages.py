"""Asking about a lesson or a lab on pages, without a script, and replying in the workplace."""

from datetime import timedelta

import pytest
from django.utils import timezone

from labs.services import save_lab_draft
from lessons.help.models import HelpRequest
from lessons.help.services import answer_help
from quizzes.services import start_sitting
from tests import factories as make
from tests.labs.making import START, make_lab
from tests.portal.pages.test_home import text
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def learner(course, client):
    learner = make.enroll(course=course)
    client.force_login(learner)
    return learner


def test_a_question_about_a_section_is_answered_where_it_was_asked(client, course, learner):
    page = '<h2 id="c-rank">Rank</h2><p>Text.</p>'
    lesson = make.make_lesson(module=make.make_module(course=course), html=page)
    address = f"/lessons/{lesson.pk}/help/"
    assert address in client.get(f"/lessons/{lesson.pk}/").content.decode()
    assert '<option value="c-rank" selected>Rank</option>' in text(client.get(address, {"section": "c-rank"}))
    sent = client.post(address, {"section": "c-rank", "text": "<b>Why?</b>"}, follow=True)
    assert "&lt;b&gt;Why?&lt;/b&gt;" in text(sent)
    client.force_login(instructor_of(course))
    listed = client.get(f"/admin/courses/{course.slug}/help/")
    (found,) = HelpRequest.objects.all()
    assert f"/admin/courses/{course.slug}/help/{found.pk}/" in listed.content.decode()
    empty = client.post(f"/admin/courses/{course.slug}/help/{found.pk}/", {"answer": " "})
    assert (empty.status_code, "Nothing was sent." in text(empty)) == (400, True)
    replied = client.post(f"/admin/courses/{course.slug}/help/{found.pk}/", {"answer": "Count the axes."}, follow=True)
    assert "Count the axes." in text(replied)
    assert "No questions are waiting for a reply." in text(client.get(f"/admin/courses/{course.slug}/help/"))
    client.force_login(learner)
    for place in (address, f"/courses/{course.slug}/help/"):
        assert "Count the axes." in text(client.get(place))


@pytest.mark.parametrize("is_ticked", [True, False])
def test_code_of_a_lab_is_sent_only_if_the_box_is_ticked(client, course, learner, is_ticked):
    lab = make_lab(course=course)
    cells = [{**cell, "source": "mine = 1"} for cell in START]
    save_lab_draft(learner=learner, lab=lab, cells=cells, revision=0, now=make.NOW)
    asked = {"text": "Why?", "section": cells[0]["id"]} | ({"with_code": "1"} if is_ticked else {})
    client.post(f"/labs/{lab.pk}/help/", asked)
    assert HelpRequest.objects.get().code == ("# cell 1\nmine = 1" if is_ticked else "")


def test_a_reply_is_below_the_cell_that_it_is_about_and_waits_for_the_end_of_an_exam(client, course, learner):
    lab, teacher = make_lab(course=course), instructor_of(course)
    for cell, question in (("3", "Why a function?"), ("", "How long?"), ("9", "What of the old cell?")):
        client.post(f"/labs/{lab.pk}/help/", {"section": cell if cell != "9" else "", "text": question})
    HelpRequest.objects.filter(text="What of the old cell?").update(section="9", section_title="Cell 9")
    found = HelpRequest.objects.get(section="3")
    answer_help(request_id=found.pk, course_id=course.pk, actor=teacher, text="To call it.", now=timezone.now())
    page = text(client.get(f"/labs/{lab.pk}/"))
    third = page.partition('data-cell="3"')[2].partition("</section>")[0]
    assert ("Why a function?" in third, "To call it." in third, page.count("To call it.")) == (True, True, 1)
    end = page.partition("Ask about this lab")[2]
    assert ("How long?" in end, "What of the old cell?" in end, "Cell 9" in end) == (True, True, True)
    exam = make.make_exam(course=course)
    start_sitting(learner=learner, assessment=exam, now=timezone.now() - timedelta(minutes=1))
    assert "To call it." not in text(client.get(f"/labs/{lab.pk}/"))


def test_the_form_keeps_what_was_typed_when_it_is_refused(client, course, learner):
    lesson = make.make_lesson(module=make.make_module(course=course))
    long = client.post(f"/lessons/{lesson.pk}/help/", {"text": "x" * 4001})
    assert (long.status_code, "Nothing was sent." in text(long)) == (400, True)
    assert client.get(f"/lessons/{lesson.pk}/help/", {"section": "c-none"}).status_code == 404

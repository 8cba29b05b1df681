"""An exam with a time limit that was paused for days, in a browser without a script (D32)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from quizzes.models import SittingQuestion
from quizzes.services import pause_sittings
from tests import factories as make
from tests.forms import answer_form
from tests.portal.pages.test_untimed_exam import words_at

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_after_a_pause_of_days_the_page_says_on_which_day_responses_were_saved(client):
    exam = make.make_exam(course=make.make_course())
    client.force_login(make.enroll(course=exam.course))
    addresses = [f"/assessments/{exam.pk}/1/", f"/assessments/{exam.pk}/hand-in/"]
    with time_machine.travel(START, tick=False) as clock:
        client.post(f"/assessments/{exam.pk}/start/")
        question = SittingQuestion.objects.select_related("question__current").first().question
        client.post(f"/questions/{question.pk}/draft/", answer_form(question, make.right(question), revision=0))
        assert ["Saved 12:00:00 " in words_at(client, address) for address in addresses] == [True, True]
        why = {"author": make.make_user(is_staff=True), "reason": "The alarm rang."}
        pause_sittings(course=exam.course, sitting_ids=None, hours=168, now=START, **why)
        clock.shift(timedelta(days=3))
        client.post(f"/assessments/{exam.pk}/resume/")
        assert ["Saved 24 Nov, 12:00 " in words_at(client, address) for address in addresses] == [True, True]

"""Review questions in a browser without a script, and the fragments that a script swaps."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from grading.selectors.grades import course_grade
from quizzes import services
from quizzes.models import Attempt, QuestionReport, Sitting, SittingQuestion
from tests import factories as make
from tests.forms import answer_form
from tests.portal.changed_questions import changed_review
from tests.portal.workplace.people import instructor_of
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


@pytest.fixture
def browser(client, learner):
    client.force_login(learner)
    return client


def check(browser, question, response, *, number=1, **headers):
    form = answer_form(question, response, number=number)
    return browser.post(f"/questions/{question.pk}/check/", form, headers=headers)


def test_looking_at_review_questions_opens_no_sitting(browser, course):
    review = make.make_review(course=course)
    page = browser.get(f"/assessments/{review.pk}/")
    assert page.status_code == 200
    assert len(re.findall(r"\sdata-check\s", page.content.decode())) == 2
    assert Sitting.objects.count() == 0


@pytest.mark.parametrize("kind", sorted(make.SOURCES))
def test_every_type_is_checked_by_its_form(browser, course, kind):
    question = make.make_review(course=course, kinds=[kind]).questions.get()
    answer = check(browser, question, make.right(question))
    assert answer.status_code == 302
    assert [(attempt.number, attempt.is_correct) for attempt in Attempt.objects.all()] == [(1, True)]


def test_the_button_is_final_check_only_on_the_last_attempt(browser, course):
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    address = f"/assessments/{question.assessment_id}/"
    assert buttons(browser.get(address)) == ["Check"]
    check(browser, question, "7")
    assert buttons(browser.get(address)) == ["Final Check"]
    check(browser, question, "8", number=2)
    page = browser.get(address)
    assert buttons(page) == []
    assert "Because of the secret reason." in page.content.decode()


def buttons(page):
    return re.findall(r">\s*(Check|Final Check)\s*</button>", page.content.decode())


def test_nothing_of_the_key_is_in_the_page_before_the_question_is_final(browser, course):
    question = make.make_review(course=course, kinds=["single_choice"]).questions.get()
    address = f"/assessments/{question.assessment_id}/"
    check(browser, question, make.wrong(question))
    page = browser.get(address).content.decode()
    assert [secret for secret in ("secret reason", "it is not", "Correct answer") if secret in page] == []


def test_a_blank_response_is_refused_in_its_card_and_uses_no_attempt(browser, course):
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    answer = check(browser, question, "")
    assert answer.status_code == 400
    assert "no attempt was used." in answer.content.decode()
    assert Attempt.objects.count() == 0


def test_an_unreadable_response_is_shown_again_as_it_was_typed(browser, course):
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    answer = check(browser, question, "a quarter")
    assert answer.status_code == 400
    assert 'value="a quarter"' in answer.content.decode()


def test_an_old_page_uses_no_attempt(browser, course):
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    check(browser, question, "7")
    answer = check(browser, question, "0.25", number=1)
    assert answer.status_code == 409
    assert "You checked this question in another tab" in answer.content.decode()
    assert Attempt.objects.count() == 1


def test_the_same_submission_again_is_harmless(browser, course):
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    assert [check(browser, question, "7").status_code for _ in range(3)] == [302, 302, 302]
    assert Attempt.objects.count() == 1


def test_a_script_gets_the_card_and_the_running_total(browser, course):
    question = make.make_review(course=course, questions=2).questions.last()
    fragment = check(browser, question, make.right(question), **{"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert 'id="running-total" hx-swap-oob="true"' in fragment
    assert '<p class="total">1<small>' in fragment


def test_the_strip_marks_every_question_and_leads_to_the_first_that_is_open(browser, course):
    review = make.make_review(course=course, kinds=["numeric"] * 5)
    right, wrong, again, saved, fresh = review.questions.order_by("position")
    check(browser, right, make.right(right))
    check(browser, wrong, "7")
    check(browser, wrong, "8", number=2)
    assert next_open(browser, review) == again.pk
    check(browser, again, "7")
    browser.post(f"/questions/{saved.pk}/draft/", answer_form(saved, "7", revision=0))
    page = browser.get(f"/assessments/{review.pk}/").content.decode()
    assert re.findall(r'data-question="(\w+)"\s+data-question-state="\w+"\s+data-standing="(\w+)"', page) == [
        (right.pk, "right"),
        (wrong.pk, "wrong"),
        (again.pk, "again"),
        (saved.pk, "saved"),
        (fresh.pk, "unseen"),
    ]
    assert {name: int(number) for name, number in re.findall(r'data-count="(\w+)"\s*>(\d)<', page)} == {
        "right": 1,
        "wrong": 1,
        "again": 1,
        "saved": 1,
        "unreadable": 0,
        "unseen": 1,
    }


def test_the_strip_shows_flags_to_the_learner_who_set_them_only(browser, course, learner):
    review = make.make_review(course=course, kinds=["numeric"])
    question, other = review.questions.get(), make.enroll(course=course)
    services.set_flag(learner=other, question_id=question.pk, is_flagged=True, now=make.NOW)
    second = Client()
    second.force_login(other)
    pages = [client.get(f"/assessments/{review.pk}/").content.decode() for client in (second, browser)]
    assert [' flagged"' in page for page in pages] == [True, False]
    services.set_flag(learner=other, question_id=question.pk, is_flagged=False, now=make.NOW)
    services.set_flag(learner=learner, question_id=question.pk, is_flagged=True, now=make.NOW)
    pages = [client.get(f"/assessments/{review.pk}/").content.decode() for client in (second, browser)]
    assert [' flagged"' in page for page in pages] == [False, True]


def test_without_an_open_question_the_strip_says_that_all_are_final(browser, course):
    review = make.make_review(course=course, kinds=["numeric"])
    question = review.questions.get()
    check(browser, question, make.right(question))
    assert next_open(browser, review) is None


def next_open(browser, review):
    """Return the question to which the button leads, None if it is hidden."""
    page = browser.get(f"/assessments/{review.pk}/").content.decode()
    return re.search(r'href="#q-(\w*)"\s+data-next-open\s+data-key="o"\s+(hidden)?', page)[1] or None


@pytest.mark.parametrize(
    ("kind", "mark"),
    [
        ("single_choice", r"checked[^>]*><span>.*?</span><span\s+class=\"state no tried-option\""),
        ("numeric", r"Already tried, incorrect:\s*<span class=\"bold\">7</span>"),
    ],
)
def test_what_was_tried_is_marked_until_the_question_is_final(browser, course, kind, mark):
    question = make.make_review(course=course, kinds=[kind]).questions.get()
    address = f"/assessments/{question.assessment_id}/"
    tried = make.wrong(question) if kind == "single_choice" else "7"
    check(browser, question, tried)
    assert len(re.findall(mark, browser.get(address).content.decode())) == 1
    check(browser, question, make.right(question), number=2)
    assert re.findall(r"tried", browser.get(address).content.decode()) == []


def test_a_wrong_attempt_stays_marked_in_the_navigator_while_another_response_is_saved(browser, course):
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    address = f"/assessments/{question.assessment_id}/"
    check(browser, question, "7")
    draft = answer_form(question, "8", revision=1)
    browser.post(f"/questions/{question.pk}/draft/", draft, HTTP_ACCEPT="application/json")
    page = browser.get(address).content.decode()
    assert re.search(r'class="saved again"[^>]*data-missed', page)
    assert re.search(r"incorrect so far,\s+saved, not checked", page)
    check(browser, question, make.right(question), number=2)
    assert "data-missed" not in browser.get(address).content.decode()


def test_a_script_gets_only_the_refusal(browser, course):
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    answer = check(browser, question, "many", **{"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (400, f"#q-{question.pk}-refusal")
    assert "<form" not in answer.content.decode()


def test_a_draft_is_saved_and_shown_again(browser, course):
    question = make.make_review(course=course, kinds=["text"]).questions.get()
    browser.post(f"/questions/{question.pk}/draft/", answer_form(question, "rel"))
    page = browser.get(f"/assessments/{question.assessment_id}/").content.decode()
    assert 'value="rel"' in page
    assert Attempt.objects.count() == 0


def test_a_script_gets_the_new_revision(browser, course):
    question = make.make_review(course=course, kinds=["text"]).questions.get()
    answer = browser.post(
        f"/questions/{question.pk}/draft/", answer_form(question, "rel"), headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["revision"]) == (200, 1)


def test_a_stale_draft_comes_back_with_both_texts(browser, course):
    question = make.make_review(course=course, kinds=["text"]).questions.get()
    browser.post(f"/questions/{question.pk}/draft/", answer_form(question, "kept"))
    answer = browser.post(
        f"/questions/{question.pk}/draft/", answer_form(question, "typed"), headers={"Accept": "application/json"}
    )
    told = answer.json()
    assert (answer.status_code, told["code"]) == (409, "stale_draft")
    assert (told["stored"], told["yours"], told["revision"]) == ("kept", "typed", 1)


def test_a_question_is_reported_with_the_version_that_was_seen(browser, course):
    question = make.make_review(course=course, kinds=["text"]).questions.get()
    browser.post(f"/questions/{question.pk}/report/", {"text": "It is unclear.", "next": "/"})
    assert [(found.text, found.version_id) for found in QuestionReport.objects.all()] == [
        ("It is unclear.", question.current_id)
    ]


def test_an_empty_report_is_refused_with_its_own_message(browser, course):
    question = make.make_review(course=course, kinds=["text"]).questions.get()
    answer = browser.post(f"/questions/{question.pk}/report/", {"text": "  \n "}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (400, f"#q-{question.pk}-report-refusal")
    assert "Your report is empty" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert QuestionReport.objects.count() == 0


def test_history_lists_every_attempt_with_its_version(browser, course):
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    check(browser, question, "7")
    check(browser, question, "0.25", number=2)
    page = browser.get(f"/assessments/{question.assessment_id}/attempts/").content.decode()
    cells = re.findall(r'<td data-label="Attempt" class="data">\s*(\S+ / \S+)\s*</td>', page)
    assert sorted(cells) == ["1 / 2", "2 / 2"]


def test_history_shows_every_question_and_adds_up_to_the_score(browser, course, learner):
    review = changed_review(course, learner, instructor_of(course))
    page = " ".join(browser.get(f"/assessments/{review.pk}/attempts/").content.decode().split())
    sections = re.findall(r"<section.*?</section>", page)
    texts = [" ".join(re.sub("<[^>]+>", " ", section).split()) for section in sections]
    points = [re.search(r"Question \d (\d / \d|does not count)", text).group(1) for text in texts]
    assert points == ["1 / 1", "0 / 1", "0 / 1", "does not count", "1 / 1", "does not count", "1 / 1"]
    assert ["No response." in text for text in texts] == [False, False, True, True, True, False, False]
    for text, words in zip(
        texts[3:],
        (
            "removed this question from the grade of every learner",
            "gave every learner full points",
            "This question was removed from the course. It no longer counts in your grade.",
            "except for learners who answered it correctly",
        ),
        strict=True,
    ):
        assert words in text
    assert 'Your points: <b class="bold data">3 / 5</b>, the sum of the questions below.' in page
    item = course_grade(learner.pk, course.pk).item(review.pk)
    assert (item.points_earned, item.points_possible) == ("3", "5")


def test_history_says_that_an_override_replaces_the_sum(browser, course, learner):
    review = make.make_review(course=course)
    services.override_score(
        course=course,
        assessment_id=review.pk,
        learner_id=learner.pk,
        points=Decimal(2),
        reason="an oral exam",
        author=instructor_of(course),
        now=make.NOW,
    )
    page = " ".join(browser.get(f"/assessments/{review.pk}/attempts/").content.decode().split())
    assert 'set your points to <b class="bold data">2 / 2</b>. The questions below add up to 0 / 2.' in page


def test_history_shows_a_removed_question_that_a_certificate_counts(browser, course, learner):
    review = make.make_review(course=course, kinds=["numeric"] * 4)
    make.make_exam(course=course)
    course.pass_percent = 30
    course.save()
    *answered, left = review.questions.order_by("position")
    for question in answered:
        check(browser, question, make.right(question))
    assert course_grade(learner.pk, course.pk).is_certified
    make.retire(left)
    page = " ".join(browser.get(f"/assessments/{review.pk}/attempts/").content.decode().split())
    assert "Removed question" in page
    assert "It still counts in your grade." in page
    assert 'Your points: <b class="bold data">3 / 4</b>' in page


@pytest.mark.parametrize("questions", [1, 12])
def test_history_costs_the_same_statements_whatever_the_assessment(browser, course, questions):
    review = make.make_review(course=course, questions=questions)
    question = review.questions.first()
    check(browser, question, make.right(question))
    with counted_statements() as asked:
        browser.get(f"/assessments/{review.pk}/attempts/")
    assert len(asked) == 9


def test_staff_see_a_preview_that_cannot_be_answered(client, course):
    review = make.make_review(course=course, kinds=["numeric"])
    client.force_login(make.enroll(course=course, role="observer"))
    page = client.get(f"/assessments/{review.pk}/").content.decode()
    assert "This is a preview" in page
    assert not re.search(r"\sdata-check\s", page)


def test_strangers_are_asked_to_sign_in_and_others_to_enrol(course):
    review = make.make_review(course=course)
    browser = Client()
    assert browser.get(f"/assessments/{review.pk}/").status_code == 302
    browser.force_login(make.make_user())
    assert browser.get(f"/assessments/{review.pk}/").status_code == 403


def test_the_end_of_the_page_leads_on_by_link_and_by_key(browser, course):
    page = browser.get(f"/assessments/{make.make_review(course=course).pk}/").content.decode()
    end = page[page.index('class="previous-next') :]
    links = re.findall(r'<a\s+(?:class="[^"]*"\s+)?href="([^"]+)"\s+data-key="(.)"', end)
    assert links[:2] == [(f"/courses/{course.slug}/", "p"), (f"/courses/{course.slug}/progress/", "n")]


@pytest.mark.parametrize("questions", [1, 12])
@pytest.mark.parametrize("modules", [1, 4])
def test_the_page_costs_five_statements_whatever_the_course(browser, course, questions, modules):
    reviews = [make.make_review(course=course, questions=questions) for _ in range(modules)]
    question = reviews[0].questions.first()
    check(browser, question, make.right(question))
    with counted_statements() as asked:
        browser.get(f"/assessments/{reviews[0].pk}/")
    assert len(asked) == 5


@pytest.mark.parametrize("questions", [1, 12])
def test_a_first_check_costs_nine_statements_whatever_the_assessment(browser, course, questions):
    question = make.make_review(course=course, questions=questions).questions.first()
    form = answer_form(question, make.right(question))
    with counted_statements() as asked:
        browser.post(f"/questions/{question.pk}/check/", form, headers={"HX-Request": "true"})
    assert len(asked) == 9
    assert SittingQuestion.objects.count() == 1


def test_a_named_wrong_number_is_explained_below_the_prompt_until_the_question_is_final(browser, course):
    review = make.make_assessment(course=course)
    rows = [{"answer": "5", "why": "You added them up."}, {"answer": "7", "why": "You forgot a point."}]
    question = make.add_question(assessment=review, type="numeric", source={"answer": "12", "near_misses": rows})
    page = check(browser, question, "5", **{"HX-Request": "true"}).content.decode()
    assert 'Your response <b class="bold">5</b>: <p>You added them up.</p>' in " ".join(page.split())
    assert "You forgot a point." not in page
    page = browser.get(f"/assessments/{review.pk}/").content.decode()
    assert (page.count("You added them up."), page.count("You forgot a point.")) == (1, 0)
    check(browser, question, "7", number=2)
    page = browser.get(f"/assessments/{review.pk}/").content.decode()
    assert (page.count("You added them up."), page.count("You forgot a point.")) == (0, 1)

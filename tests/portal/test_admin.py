"""Every registered admin page opens for those who may see it, and changes nothing."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import User
from course.models import Lesson
from people.models import Enrollment
from quizzes import services
from quizzes.models import Attempt
from tests import factories as make
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
OWN = [model for model in admin.site._registry if model._meta.app_label in {"course", "grading", "quizzes", "labs"}]


def page(model, action="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{action}", args=args)


@pytest.fixture
def evidence():
    course = make.make_course()
    make.make_lesson(module=make.make_module(course=course))
    make.make_exam(course=course)
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    services.check_response(
        learner=make.enroll(course=course), question_id=question.pk, response="7", number=1, now=make.NOW
    )
    return course


def instructor_of(course):
    teacher = make.make_user(is_staff=True)
    Enrollment.objects.create(user=teacher, course=course, role="instructor", enrolled_at=make.NOW)
    return teacher


@pytest.mark.parametrize("model", OWN, ids=lambda model: model.__name__)
def test_every_list_and_every_row_opens_for_a_superuser(client, evidence, model):
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    assert client.get(page(model)).status_code == 200
    for row in model.objects.all()[:1]:
        assert client.get(page(model, "change", row.pk)).status_code == 200


def test_no_list_of_the_admin_has_an_s_too_many():
    plurals = [str(model._meta.verbose_name_plural) for model in admin.site._registry]
    assert [plural for plural in plurals if plural.endswith("ss")] == []


@pytest.mark.parametrize("model", [model for model in OWN if model is not User], ids=lambda model: model.__name__)
def test_nothing_can_be_added_changed_or_deleted(client, evidence, model):
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    row = model.objects.first()
    urls = [page(model, "add")] + ([page(model, "change", row.pk), page(model, "delete", row.pk)] if row else [])
    before = list(model.objects.values())
    assert {client.post(url, {"post": "yes"}).status_code for url in urls} == {403}
    assert list(model.objects.values()) == before


def test_instructors_read_their_own_courses_and_no_other(client, evidence):
    client.force_login(instructor_of(make.make_course()))
    attempt = Attempt.objects.get()
    assert attempt.question.key not in client.get(page(Attempt)).content.decode()
    assert client.get(page(Attempt, "change", attempt.pk)).status_code == 302
    client.force_login(instructor_of(evidence))
    assert attempt.question.key in client.get(page(Attempt)).content.decode()
    assert client.get(page(User)).status_code == 403


def pages_of_history(lesson):
    """Return the addresses of a lesson's history and of one version in it."""
    version = reverse("admin:course_lesson_simple_history", args=[lesson.pk, lesson.history.get().pk])
    return page(Lesson, "history", lesson.pk), version


def test_a_lessons_history_is_read_by_its_instructors_and_by_no_one_elses(client, evidence):
    pages = pages_of_history(Lesson.objects.get())
    observer = make.enroll(course=evidence, user=make.make_user(is_staff=True), role="observer")
    for person, status in [
        (instructor_of(evidence), 200),
        (make.make_user(is_staff=True, is_superuser=True), 200),
        (instructor_of(make.make_course(title="Elsewhere")), 403),
        (observer, 403),
    ]:
        client.force_login(person)
        found = [client.get(address) for address in pages]
        assert [answer.status_code for answer in found] == [status, status]
        assert "Elsewhere" not in found[1].content.decode()


def test_a_form_of_a_lessons_history_changes_nothing(client, evidence):
    lesson = Lesson.objects.get()
    pages = pages_of_history(lesson)
    fields = {name: value for name, value in Lesson.objects.values().get().items() if value is not None}
    forged = {**fields, "module": lesson.module_id, "title": "Forged", "_save": "Save"}
    before = everything()
    for person in (
        instructor_of(make.make_course()),
        instructor_of(evidence),
        make.make_user(is_staff=True, is_superuser=True),
    ):
        client.force_login(person)
        assert [client.post(address, forged).status_code for address in pages] == [403, 403]
    after = everything()
    assert (after[Lesson], len(after)) == (before[Lesson], len(before))


FORGED_LIST = {"action": "delete_selected", "select_across": "1", "index": "0", "post": "yes", "_save": "Save"}
FORGED_ROWS = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-MIN_NUM_FORMS": "0", "form-MAX_NUM_FORMS": "9"}


def forged_inlines(model, row):
    """Return the form of a change page that would empty every inline."""
    found = {}
    for inline in admin.site._registry[model].inlines:
        prefix = inline.model._meta.get_field(inline.fk_name or model._meta.model_name).remote_field.get_accessor_name()
        found |= {f"{prefix}-{name[5:]}": value for name, value in FORGED_ROWS.items()}
        found |= {f"{prefix}-0-id": "1", f"{prefix}-0-DELETE": "on", f"{prefix}-0-points": "0"}
    return found


@pytest.mark.parametrize("model", OWN, ids=lambda model: model.__name__)
def test_forged_actions_list_edits_and_inlines_change_nothing(client, evidence, model):
    row = model.objects.first()
    people = [None, make.make_user(), instructor_of(make.make_course()), instructor_of(evidence)]
    people += [] if model is User else [make.make_user(is_staff=True, is_superuser=True)]
    before = everything()
    for person in people:
        client.logout()
        if person is not None:
            client.force_login(person)
        key = row.pk if row else "1"
        client.post(page(model), {**FORGED_LIST, **FORGED_ROWS, "_selected_action": [key], "form-0-id": key})
        client.post(page(model, "change", key), {"_save": "Save", **forged_inlines(model, row)})
    assert everything() == before


def everything():
    hidden = {"last_login"}  # a sign-in writes its own instant
    return {
        model: [
            {name: value for name, value in row.items() if name not in hidden}
            for row in model.objects.order_by("pk").values()
        ]
        for model in OWN
    }


def test_learners_and_strangers_are_sent_to_the_sign_in(client, evidence):
    assert client.get(page(Attempt)).status_code == 302
    client.force_login(make.make_user())
    assert client.get(page(Attempt)).status_code == 302


def test_the_admin_keeps_the_strict_policy(client):
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    policy = client.get(reverse("admin:index"))["Content-Security-Policy"]
    assert "unsafe" not in policy


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_statements_at_any_length(client, rows):
    course = make.make_course()
    review = make.make_review(course=course, kinds=["numeric"] * rows)
    learner = make.enroll(course=course)
    for question in review.questions.all():
        services.check_response(learner=learner, question_id=question.pk, response="7", number=1, now=make.NOW)
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    with counted_statements() as statements:
        client.get(page(Attempt))
    assert len(statements) == 4

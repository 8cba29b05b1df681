"""A snapshot is the course at one revision: whatever is published moves the revision, and no snapshot mixes two."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction

from course.models import Course, Lesson, Module, Revision
from course.selectors import course_lines, snapshots
from course.selectors.snapshots import one_revision, part_of_snapshot, published, revision_of, snapshot_at
from foundation.fast import snapshots as memory
from foundation.fast.revisions import EVENTS, trigger_name
from grading.models import GradeCategory, GradeItem, Score
from labs.models import Lab
from lessons.models import LessonVisit
from people.models import Enrollment
from people.selectors import active_enrollment
from portal.pages.views import lessons
from quizzes import services
from quizzes.models import Assessment, Question
from records.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
PUBLISHED = [Course, Module, Lesson, Lab, Assessment, Question, GradeCategory, GradeItem]


def titles(course_id: int) -> list[str]:
    return list(Lesson.objects.filter(module__course_id=course_id).values_list("title", flat=True))


@pytest.fixture
def course():
    course = make.make_course()
    module = make.make_module(course=course)
    make.make_lesson(module=module, title="First")
    make.make_review(course=course, kinds=["numeric"])
    Lab.objects.create(course=course, module=module, key="lab", title="Lab", source="")
    return course


@pytest.fixture
def parts(monkeypatch):
    """The parts of a snapshot in this test: none, until the test declares one."""
    monkeypatch.setattr(snapshots.MEMORY, "parts", [])
    snapshots.forget_snapshots()
    yield
    snapshots.forget_snapshots()


def moves(course: Course, act: Callable[[], Any]) -> bool:
    before = revision_of(course.pk)
    act()
    return revision_of(course.pk) != before


@pytest.mark.parametrize("model", PUBLISHED, ids=lambda model: model.__name__)
def test_a_change_of_published_content_moves_the_revision(course, model):
    field = "position" if model is not Course else "title"
    assert moves(course, lambda: model.objects.update(**{field: 7}))


def test_adding_and_deleting_content_moves_the_revision(course):
    module = Module.objects.first()
    added = []
    assert moves(course, lambda: added.append(make.make_lesson(module=module)))
    assert moves(course, added[0].delete)


def test_another_course_keeps_its_revision(course):
    other = make.make_course()
    assert not moves(other, lambda: Lesson.objects.update(title="Second"))
    assert revision_of(other.pk) != revision_of(course.pk)


def test_learners_actions_do_not_change_the_revision(course):
    learner = make.enroll(course=course)
    question = Question.objects.get()

    def learn() -> None:
        LessonVisit.objects.create(user=learner, lesson=Lesson.objects.get(), opened_at=make.NOW)
        services.check_response(
            learner=learner, question_id=question.pk, response=make.right(question), number=1, now=make.NOW
        )

    assert not moves(course, learn)
    assert Score.objects.exists()


def test_notes_about_a_load_do_not_change_the_revision(course):
    assert not moves(course, lambda: Course.objects.update(loaded_at=make.NOW, folder_digest="d"))
    assert not moves(course, lambda: AuditEntry.objects.create(at=make.NOW, course=course, action="test"))


def test_saving_a_course_that_was_read_earlier_does_not_bring_an_old_revision_back(course):
    read_earlier = Course.objects.get(pk=course.pk)
    before = revision_of(course.pk)
    Lesson.objects.update(title="Second")
    read_earlier.save()
    assert revision_of(course.pk) != before


def test_every_published_table_has_its_triggers():
    catalogue = "sqlite_master WHERE type = 'trigger'" if connection.vendor == "sqlite" else "pg_trigger"
    column = "name" if connection.vendor == "sqlite" else "tgname"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {catalogue}")  # constants of this test
        there = {name for (name,) in cursor.fetchall()}
    wanted = {trigger_name(model._meta.db_table, event) for model in PUBLISHED for event in EVENTS}
    wanted -= {trigger_name("course_course", "DELETE")}
    assert wanted <= there


def test_a_snapshot_is_read_once_for_a_revision(course, parts):
    reads = []
    part = part_of_snapshot("titles", lambda course_id: (reads.append(course_id), titles(course_id))[1])
    for _ in range(3):
        assert snapshot_at(course.pk, revision_of(course.pk))[part] == ["First"]
    assert reads == [course.pk]


def test_a_published_change_is_in_the_next_snapshot(course, parts):
    part = part_of_snapshot("titles", titles)
    old = snapshot_at(course.pk, revision_of(course.pk))
    Lesson.objects.update(title="Second")
    assert snapshot_at(course.pk, revision_of(course.pk))[part] == ["Second"]
    assert old[part] == ["First"]


def test_a_change_that_is_rolled_back_is_not_in_the_next_snapshot(course, parts):
    part = part_of_snapshot("titles", titles)
    with transaction.atomic():
        Lesson.objects.update(title="Second")
        assert snapshot_at(course.pk, revision_of(course.pk))[part] == ["Second"]
        transaction.set_rollback(True)
    assert snapshot_at(course.pk, revision_of(course.pk))[part] == ["First"]


def test_a_snapshot_does_not_mix_two_revisions(course, parts):
    """Something is published after the first part is read and before the second is."""
    first = part_of_snapshot("first", titles)
    pending = ["Second"]

    def publish_then_read(course_id: int) -> list[str]:
        if pending:
            Lesson.objects.update(title=pending.pop())
        return titles(course_id)

    second = part_of_snapshot("second", publish_then_read)
    snapshot = snapshot_at(course.pk, revision_of(course.pk))
    assert snapshot[first] == snapshot[second] == ["Second"]
    assert snapshot.revision == revision_of(course.pk)


def test_a_course_that_is_published_without_end_raises_instead_of_mixing(course, parts):
    def publish(course_id: int) -> None:
        Lesson.objects.update(title="Again")

    part_of_snapshot("restless", publish)
    with pytest.raises(RuntimeError, match="published 20 times"):
        snapshot_at(course.pk, revision_of(course.pk))


def test_a_part_that_is_declared_later_is_read_as_well(course, parts):
    part_of_snapshot("titles", titles)
    snapshot_at(course.pk, revision_of(course.pk))
    later = part_of_snapshot("later", titles)
    assert snapshot_at(course.pk, revision_of(course.pk))[later] == ["First"]


def test_memory_holds_a_bounded_number_of_courses(course, parts, monkeypatch):
    monkeypatch.setattr(memory, "MOST_COURSES", 2)
    part_of_snapshot("titles", titles)
    for each in [course, make.make_course(), make.make_course()]:
        snapshot_at(each.pk, revision_of(each.pk))
    assert len(snapshots.MEMORY.kept) == 2
    assert course.pk not in snapshots.MEMORY.kept


def test_a_course_gets_its_first_revision_when_it_is_made():
    assert len(Revision.objects.get(course=make.make_course()).token) == 32


def test_a_request_that_reads_sees_one_revision_of_the_course(course, parts):
    part = part_of_snapshot("titles", titles)
    with one_revision():
        assert published(course.pk)[part] == ["First"]
        Lesson.objects.update(title="Second")
        snapshot_at(course.pk, revision_of(course.pk))  # another request of this process has read the new revision
        assert published(course.pk)[part] == ["First"]
    assert published(course.pk)[part] == ["Second"]


def test_outside_of_such_a_request_every_question_is_answered_by_what_is_current(course, parts):
    part = part_of_snapshot("titles", titles)
    assert published(course.pk)[part] == ["First"]
    Lesson.objects.update(title="Second")
    assert published(course.pk)[part] == ["Second"]


def test_a_course_that_does_not_exist_has_no_snapshot(course, parts):
    with pytest.raises(KeyError):
        published(course.pk + 1)


def test_a_page_does_not_mix_two_revisions_when_a_course_is_published_while_it_is_made(client, course, monkeypatch):
    """The lesson's text is read, then the course is published, then the outline beside the text is read."""
    module = Module.objects.first()
    lesson = Lesson.objects.get()
    Lesson.objects.update(is_open=True)
    client.get(f"/lessons/{lesson.pk}/")
    reading_of = lessons.reading_of

    def publish_first(found: Lesson, user_id: int | None, now: datetime) -> Any:
        Module.objects.filter(pk=module.pk).update(title="Another module")
        Lesson.objects.filter(pk=lesson.pk).update(title="Another title")
        return reading_of(found, user_id, now)

    monkeypatch.setattr(lessons, "reading_of", publish_first)
    page = client.get(f"/lessons/{lesson.pk}/").text
    assert "<h1>First</h1>" in page
    assert "Another" not in page
    monkeypatch.undo()
    page = client.get(f"/lessons/{lesson.pk}/").text
    assert "<h1>Another title</h1>" in page
    assert "Another module" in page


def test_the_query_of_the_revisions_reads_the_readers_enrollments_too(course, django_assert_num_queries):
    mina = make.enroll(course=course)
    gone = make.enroll(course=(other := make.make_course()), user=mina)
    Enrollment.objects.filter(course=other, user=gone).update(unenrolled_at=make.NOW)
    with one_revision(lambda: mina.pk), django_assert_num_queries(1):
        found = active_enrollment(mina, course.pk)
        assert active_enrollment(mina, other.pk) is None
        assert {line.id for line in course_lines()} == {course.pk, other.pk}
    assert found == Enrollment.objects.get(user=mina, course=course)
    assert (found.name, found.role, found.enrolled_at) == (mina.name, "learner", make.NOW)


def test_another_persons_enrollment_is_read_by_itself(course, django_assert_num_queries):
    mina, omar = make.enroll(course=course), make.enroll(course=course)
    with one_revision(lambda: mina.pk):
        active_enrollment(mina, course.pk)
        with django_assert_num_queries(1):
            assert active_enrollment(omar, course.pk).user_id == omar.pk


def test_a_visitor_has_no_enrollment_and_sees_every_course(course):
    with one_revision(lambda: None):
        assert [line.id for line in course_lines()] == [course.pk]
        assert active_enrollment(AnonymousUser(), course.pk) is None

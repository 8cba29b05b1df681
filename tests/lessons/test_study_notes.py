"""Saving, repeating, changing and deleting what a learner noted; nobody else's notes are touched."""

import pytest

from course.models import Course, Lesson
from course.refusals import Refusal
from lessons.models import StudyNote
from lessons.selectors import notes_in_course, placed_notes
from lessons.services import delete_study_note, save_study_note
from lessons.services.study_notes import LONGEST_NOTE, MOST_IN_LESSON
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def lesson():
    page = '<h2 id="c-a">Axes</h2><p>A tensor of two axes.</p>'
    return make.make_lesson(module=make.make_module(course=make.make_course()), html=page)


@pytest.fixture
def learner(lesson):
    return make.enroll(course=lesson.module.course)


def save(user, lesson, text="Mine.", revision=0, key="abcd1234", **passage):
    return save_study_note(user=user, lesson=lesson, key=key, text=text, revision=revision, now=NOW, **passage)


def refused(act, *args, **fields):
    with pytest.raises(Refusal) as raised:
        act(*args, **fields)
    return raised.value.code


def test_a_repeated_save_changes_nothing_and_a_stale_one_shows_what_is_stored(lesson, learner):
    assert [save(learner, lesson, text, number).revision for text, number in (("a", 0), ("a", 0), ("b", 1))] == [
        1,
        1,
        2,
    ]
    with pytest.raises(Refusal) as raised:
        save(learner, lesson, "c", 1)
    assert (raised.value.code, raised.value.facts["note"]) == ("stale_note", {"text": "b", "revision": 2})
    assert StudyNote.objects.get().text == "b"


def test_the_passage_of_a_note_stays_and_a_deleted_note_can_be_sent_again(lesson, learner):
    save(learner, lesson, section="c-a", quote="two axes", before="A tensor of", after=".")
    assert save(learner, lesson, "Changed.", 1, quote="something else").quote == "two axes"
    for _ in range(2):
        delete_study_note(user=learner, lesson=lesson, key="abcd1234", now=NOW)
    assert not StudyNote.objects.exists()
    assert save(learner, lesson, "Back.", 2, quote="two axes").revision == 3


def test_two_people_may_choose_the_same_key_and_nobody_reaches_the_others_note(lesson, learner):
    other = make.enroll(course=lesson.module.course)
    save(learner, lesson, "Hers.")
    save(other, lesson, "His.")
    delete_study_note(user=other, lesson=lesson, key="abcd1234", now=NOW)
    assert list(StudyNote.objects.values_list("user", "text")) == [(learner.pk, "Hers.")]
    elsewhere = make.make_lesson(module=lesson.module)
    assert refused(save, learner, elsewhere) == "not_found"


@pytest.mark.parametrize("fields", [{"key": "short"}, {"key": "no-hyphens"}, {"text": "\0"}, {"before": "x" * 81}])
def test_what_cannot_be_stored_is_refused(lesson, learner, fields):
    assert refused(save, learner, lesson, **fields) == "note_unfit"
    assert refused(save, learner, lesson, "x" * (LONGEST_NOTE + 1)) == "note_unfit"


def test_a_lesson_holds_a_limited_number_of_notes(lesson, learner):
    times = {"created_at": NOW, "saved_at": NOW}
    rows = [StudyNote(user=learner, lesson=lesson, key=f"key{n:08}", **times) for n in range(MOST_IN_LESSON)]
    StudyNote.objects.bulk_create(rows)
    assert refused(save, learner, lesson) == "too_many_notes"
    assert save(learner, lesson, "Changed.", 0, key="key00000000").text == "Changed."


def test_a_preview_and_an_archived_course_store_nothing(lesson, learner):
    teacher = make.enroll(course=lesson.module.course, user=make.make_user(is_staff=True), role="instructor")
    assert refused(save, teacher, lesson) == "preview_only"
    Course.objects.update(archived_at=NOW)
    assert refused(save, learner, Lesson.objects.get()) == "course_archived"


def test_notes_say_whether_the_lesson_still_has_their_passage_and_section(lesson, learner):
    save(learner, lesson, "", section="c-a", quote="of two  axes", key="passage1")
    save(learner, lesson, "", section="c-a", quote="of three axes", key="passage2")
    save(learner, lesson, "", section="c-a", key="section1")
    save(learner, lesson, "", section="c-gone", key="section2")
    placed = placed_notes(notes_in_course(learner.pk, lesson.module.course_id), lesson.module.course_id)
    assert [(each.kind, each.section_title, each.is_found) for each in placed] == [
        ("highlight", "Axes", True),
        ("highlight", "Axes", False),
        ("bookmark", "Axes", True),
        ("bookmark", "", False),
    ]

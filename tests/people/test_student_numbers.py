"""Student numbers: from a class list, an invitation or by hand; one person of a course has one, and only staff see it."""

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.urls import reverse

from foundation.refusals import Refusal
from people.models import Enrollment, PersonalInvitation
from people.rules.roster import read_roster
from people.rules.student_numbers import is_same_number, mistake_in_number, plain_number
from people.selectors import invitation_token, learners_in
from people.services import accept_invitation, apply_roster, plan_roster, set_student_number
from people.services.copying import copy_learners
from portal.rights.selectors import course_tables
from portal.rights.services import erase_person
from records.models import AuditEntry
from tests import factories as make
from tests.portal.workplace.people import instructor_of
from tests.smtp import mail_host, mailers_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course(slug="numbers")


@pytest.fixture
def ada(course):
    return make.enroll(course=course, user=make.make_user(username="ada"))


@pytest.fixture
def bob(course):
    return make.enroll(course=course, user=make.make_user(username="bob"))


@pytest.fixture
def mails(settings):
    with mail_host() as box:
        settings.MAILERS = mailers_at(box)
        yield box


@pytest.fixture
def zoe():
    person = make.make_user(username="zoe")
    EmailAddress.objects.create(user=person, email="zoe@example.org", verified=True, primary=True)
    return person


@pytest.fixture
def author(course):
    return instructor_of(course)


def numbers(course):
    rows = Enrollment.objects.filter(course=course, role="learner").order_by("user__username")
    return dict(rows.values_list("user__username", "student_number"))


def give(course, learner, number, author):
    return set_student_number(course=course, learner_id=learner.pk, number=number, author=author, now=make.NOW)


def planned(course, text):
    rows = read_roster(text).rows
    return rows, plan_roster(course=course, rows=rows)


def listed(course, text, author):
    rows, plan = planned(course, text)
    assert plan.mistakes == ()
    return apply_roster(course=course, rows=rows, expected=plan.digest, author=author, now=make.NOW)


@pytest.mark.parametrize(
    "name",
    ["student number", "Student Number", "student_number", "Student ID", "Matrikelnummer", "Matriculation number"],
)
def test_a_class_list_brings_the_number_under_its_usual_names(course, ada, author, name):
    listed(course, f"username;{name}\nada;0012345", author)
    assert numbers(course) == {"ada": "0012345"}


@pytest.mark.parametrize("cell", ["0012345", "'0012345", '"=""0012345"""', " 0012345 "])
def test_the_marks_that_keep_a_spreadsheet_from_reading_a_number_do_not_belong_to_it(course, ada, author, cell):
    listed(course, f"username,student number\nada,{cell}", author)
    assert numbers(course) == {"ada": "0012345"}


def test_people_who_are_new_get_the_number_of_their_row(course, author):
    listed(course, "email,student number\nzoe@example.org,77", author)
    assert list(numbers(course).values()) == ["77"]


def test_the_preview_says_which_number_a_list_replaces(course, ada, bob, author):
    give(course, ada, "1", author)
    _rows, plan = planned(course, "username,student number\nada,2\nbob,3")
    assert [(fate.kind, fate.old_number, fate.number) for fate in plan.fates] == [
        ("number", "1", "2"),
        ("number", "", "3"),
    ]
    listed(course, "username,student number\nada,2\nbob,3", author)
    assert numbers(course) == {"ada": "2", "bob": "3"}


def test_a_row_without_a_number_or_without_its_zeros_leaves_the_stored_one(course, ada, author):
    give(course, ada, "0012345", author)
    for cell in ("", "12345", "0012345"):
        _rows, plan = planned(course, f"username,student number\nada,{cell}")
        assert [fate.kind for fate in plan.fates] == ["unchanged"]


def test_a_list_that_was_checked_before_a_number_changed_is_refused(course, ada, author):
    rows, plan = planned(course, "username,student number\nada,2")
    give(course, ada, "5", author)
    with pytest.raises(Refusal, match="The class has changed"):
        apply_roster(course=course, rows=rows, expected=plan.digest, author=author, now=make.NOW)
    assert numbers(course) == {"ada": "5"}


def test_a_number_of_somebody_else_in_the_course_is_a_mistake_of_the_row(course, ada, bob, author):
    give(course, bob, "0012", author)
    _rows, plan = planned(course, "username,student number\nada,12")
    (mistake,) = plan.mistakes
    assert mistake.sentence.startswith("“bob” has the student number 0012 already.")
    _rows, plan = planned(course, "email,student number\nzoe@example.org,0012")
    assert len(plan.mistakes) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("username,student number\nada,12\nbob,0012", "Row 2 has the same student number."),
        ("username,student number\nada,1.2E+07", "“1.2E+07” is a student number that a spreadsheet has shortened."),
        (f"username,student number\nada,{'1' * 41}", "The student number has more than 40 characters."),
        ("username,student number,Matrikelnummer\nada,1,2", "The column student number is there twice."),
    ],
)
def test_a_number_that_cannot_be_is_a_mistake_of_its_row(text, sentence):
    (mistake,) = read_roster(text).mistakes
    assert mistake.sentence.startswith(sentence)


def test_another_course_may_use_the_same_number(course, ada, author):
    other = make.make_course()
    cy = make.enroll(course=other)
    give(course, ada, "1", author)
    give(other, cy, "1", author)
    assert set(Enrollment.objects.exclude(student_number="").values_list("student_number", flat=True)) == {"1"}


def test_by_hand_a_number_is_set_and_removed_and_the_audit_does_not_keep_it(course, ada, author):
    give(course, ada, " '0012 ", author)
    assert numbers(course) == {"ada": "0012"}
    give(course, ada, "", author)
    assert numbers(course) == {"ada": ""}
    entries = AuditEntry.objects.filter(action="set_student_number")
    assert [(entry.target, entry.details) for entry in entries] == [(f"user:{ada.pk}", {})] * 2


def test_by_hand_a_number_that_is_taken_or_too_long_is_refused(course, ada, bob, author):
    give(course, bob, "0012", author)
    for number, sentence in (("12", "Somebody else in this course"), ("1" * 41, "has at most 40 characters")):
        with pytest.raises(Refusal, match=sentence):
            give(course, ada, number, author)
    assert numbers(course) == {"ada": "", "bob": "0012"}


def test_the_database_keeps_a_number_from_two_people_of_a_course(course, ada, bob):
    Enrollment.objects.filter(user=ada).update(student_number="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrollment.objects.filter(user=bob).update(student_number="1")


def test_the_search_finds_a_number(course, ada, bob, author):
    give(course, ada, "0012345", author)
    assert [row.user.username for row in learners_in(course.pk, words="2345")] == ["ada"]


@pytest.mark.usefixtures("mails")
def test_an_invitation_carries_the_number_to_whoever_accepts_it(course, author, zoe):
    rows = read_roster("email,student number\nzoe@example.org,77").rows
    plan = plan_roster(course=course, rows=rows, inviting_at=make.NOW)
    apply_roster(course=course, rows=rows, expected=plan.digest, author=author, now=make.NOW, invites=True)
    assert PersonalInvitation.objects.get().student_number == "77"
    rows = read_roster("email,student number\nzoe@example.org,78").rows
    plan = plan_roster(course=course, rows=rows, inviting_at=make.NOW)
    assert [(fate.kind, fate.old_number, fate.number) for fate in plan.fates] == [("invited", "77", "78")]
    apply_roster(course=course, rows=rows, expected=plan.digest, author=author, now=make.NOW, invites=True)
    accept_invitation(user=zoe, token=invitation_token(PersonalInvitation.objects.get()), name="", now=make.NOW)
    assert numbers(course) == {"zoe": "78"}


def test_a_number_that_somebody_has_got_meanwhile_keeps_nobody_from_accepting(course, ada, author, zoe):
    invitation = make_invitation(course, author, "77")
    give(course, ada, "77", author)
    accept_invitation(user=zoe, token=invitation_token(invitation), name="", now=make.NOW)
    assert numbers(course) == {"ada": "77", "zoe": ""}


def make_invitation(course, author, number):
    fields = {"email": "zoe@example.org", "created_at": make.NOW, "expires_at": make.NOW.replace(year=2099)}
    return PersonalInvitation.objects.create(course=course, author=author, student_number=number, **fields)


def test_the_archive_of_a_person_has_the_number_and_erasing_them_removes_it(course, ada, author):
    give(course, ada, "0012345", author)
    (row,) = dict(course_tables(ada.pk, course.pk))["enrollments"]
    assert row["student_number"] == "0012345"
    erase_person(user=ada, actor=author, reason="They asked.", now=make.NOW)
    assert not Enrollment.objects.exclude(student_number="").exists()


def test_copies_of_a_learner_have_no_number(course, ada, author):
    give(course, ada, "0012345", author)
    copy_learners(usernames=["ada"], numbers=[1, 2])
    assert sorted(numbers(course).values()) == ["", "", "0012345"]


def test_the_pages_of_the_class_show_find_and_set_it(client, course, ada, bob, author):
    client.force_login(author)
    roster = reverse("roster", args=[course.slug])
    assert "Student number" not in client.get(roster).content.decode()
    place = reverse("membership", args=[course.slug, ada.pk])
    assert client.post(place, {"do": "number", "number": "0012345"}).status_code == 302
    shown = client.get(f"{roster}?words=12345").content.decode()
    assert "0012345" in shown
    assert "bob" not in shown
    taken = client.post(reverse("membership", args=[course.slug, bob.pk]), {"do": "number", "number": "12345"})
    assert taken.status_code == 400
    assert "has the student number 12345" in taken.content.decode()


def test_the_preview_page_of_a_list_shows_the_numbers(client, course, ada, author):
    give(course, ada, "1", author)
    client.force_login(author)
    shown = client.post(reverse("class_list", args=[course.slug]), {"text": "username,student number\nada,2"})
    assert "1 → 2" in " ".join(shown.content.decode().split())


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("0012", "12", True),
        ("12", "12", True),
        ("A12", "a12", True),
        ("0012", "120", False),
        ("A012", "A12", False),
        ("", "", True),
        ("0", "", False),
        ("000", "0", True),
    ],
)
def test_only_zeros_in_front_and_capitals_do_not_tell_numbers_apart(one, other, is_same):
    assert is_same_number(one, other) is is_same


def test_numbers_may_have_letters_and_signs_but_nothing_that_is_not_shown():
    assert mistake_in_number("2026/A-17.3") == ""
    assert mistake_in_number("12\0") != ""
    assert plain_number('=""') == ""

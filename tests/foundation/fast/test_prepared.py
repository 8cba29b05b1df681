"""A prepared query returns what its ORM form returns, on every database, with whatever values it is run."""

from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection, transaction

from course.models import Lesson
from foundation.fast.prepared import (
    PreparedInsert,
    PreparedInstances,
    PreparedQuery,
    PreparedUpdate,
    instances,
    stored_columns,
)
from people.models import Enrollment
from tests import factories as make
from tests.statements import BOUNDS, counted_statements

pytestmark = pytest.mark.django_db


def joined_since(course_id: int, name: str, now: datetime):
    rows = Enrollment.objects.filter(course_id=course_id, name__gte=name, enrolled_at__gt=now - timedelta(hours=1))
    return rows.order_by("pk").values_list("user_id", "name", "enrolled_at", "course__pass_percent", "course__attempts")


@pytest.fixture
def course():
    course = make.make_course()
    for _ in range(3):
        make.enroll(course=course)
    return course


@pytest.mark.parametrize("name", ["", "P", "Q", "Ω"])
@pytest.mark.parametrize("hours", [-2, 0, 0.5, 2])
def test_it_returns_what_the_queryset_returns(course, name, hours):
    prepared = PreparedQuery(joined_since, course_id=int, name=str, now=datetime)
    values = {"course_id": course.pk, "name": name, "now": make.NOW + timedelta(hours=hours)}
    for _ in range(2):
        assert prepared(**values) == list(joined_since(**values))


def test_it_is_built_once(course):
    built = []
    prepared = PreparedQuery(lambda pk: (built.append(pk), Lesson.objects.filter(pk=pk).values_list("pk"))[1], pk=str)
    with counted_statements() as statements:
        assert [prepared(pk="one"), prepared(pk="two")] == [[], []]
    assert len(built) == 1
    assert len(statements) == 2


def test_a_value_that_the_statement_does_not_use_is_an_error(course):
    prepared = PreparedQuery(lambda pk: Lesson.objects.values_list("pk"), pk=str)
    with pytest.raises(ValueError, match="no parameter for pk"):
        prepared(pk="one")


def test_a_value_that_is_changed_before_it_is_used_is_an_error(course):
    prepared = PreparedQuery(lambda pk: Lesson.objects.filter(pk=pk.upper()).values_list("pk"), pk=str)
    with pytest.raises(ValueError, match="no parameter for pk"):
        prepared(pk="one")


def test_a_value_is_never_part_of_the_sql(course):
    prepared = PreparedQuery(lambda slug: Enrollment.objects.filter(course__slug=slug).values_list("pk"), slug=str)
    assert prepared(slug="' OR 1=1 --") == []
    assert len(prepared(slug=course.slug)) == 3


def test_rows_become_instances(course):
    names = ("id", "name", "role")
    prepared = PreparedQuery(
        lambda course_id: Enrollment.objects.filter(course_id=course_id).order_by("pk").values_list(*names),
        course_id=int,
    )
    found = instances(Enrollment, prepared(course_id=course.pk), names)
    assert found == list(Enrollment.objects.order_by("pk"))
    assert found[0].enrolled_at == make.NOW  # a field that was left out is read when it is asked for


@pytest.mark.parametrize("left_out", [(), ("course_id", "name")], ids=["all fields", "some fields"])
def test_instances_are_what_django_makes_of_rows(course, left_out):
    names = tuple(field.attname for field in Enrollment._meta.concrete_fields if field.attname not in left_out)
    (row, *_) = Enrollment.objects.order_by("pk").values_list(*names)
    (made,), djangos = instances(Enrollment, [row], names), Enrollment.from_db(DEFAULT_DB_ALIAS, names, row)
    assert made.get_deferred_fields() == djangos.get_deferred_fields() == set(left_out)
    assert {name: getattr(made, name) for name in names} == {name: getattr(djangos, name) for name in names}
    assert vars(made).keys() == vars(djangos).keys()
    assert (made._state.adding, made._state.db) == (djangos._state.adding, djangos._state.db) == (False, "default")
    made.course = course
    assert made.course_id == course.pk


def as_sent(act):
    """The statements that `act` runs, with their values."""
    sent = []

    def note(execute, sql, values, *how):
        sent.append((sql, tuple(values or ())))
        return execute(sql, values, *how)

    with connection.execute_wrapper(note):
        act()
    return [(sql, values) for sql, values in sent if not sql.startswith(BOUNDS)]


def reading_the_key_alone(statement):
    """A saved statement as a prepared one sends it: it reads nothing back but the key, since the row has its values."""
    sql, values = statement
    unread = (
        ', "course_enrollment"."student_number"'  # Django reads each column back that has a default in the database
    )
    return sql.removesuffix(unread), values


def new_enrollment(course):
    return Enrollment(user=make.make_user(), course=course, role="learner", name="Ada", enrolled_at=make.NOW)


def test_a_prepared_insert_sends_what_saving_sends(course):
    one, other = new_enrollment(course), new_enrollment(course)
    prepared = PreparedInsert(Enrollment)
    for unended in (one, other):  # the first builds the statement, the second reuses it
        ((saved,),) = [as_sent(lambda each=unended: saved_and_undone(each))]
        assert as_sent(lambda each=unended: prepared(each)) == [reading_the_key_alone(saved)]
        assert Enrollment.objects.get(pk=unended.pk).name == "Ada"
        assert not unended._state.adding


def test_a_prepared_insert_of_several_rows_sends_what_bulk_create_sends(course):
    prepared = PreparedInsert(Enrollment)
    for number in (2, 3, 2):
        rows = [new_enrollment(course) for _ in range(number)]
        ((saved,),) = [as_sent(lambda each=rows: created_and_undone(each))]
        assert as_sent(lambda each=rows: prepared(*each)) == [reading_the_key_alone(saved)]
        assert [Enrollment.objects.get(pk=row.pk).user_id for row in rows] == [row.user_id for row in rows]


def created_and_undone(enrollments):
    """Create rows with the ORM, then take them and their keys away again."""
    with suppress(ZeroDivisionError), transaction.atomic():
        Enrollment.objects.bulk_create(enrollments)
        raise ZeroDivisionError
    for enrollment in enrollments:
        enrollment.pk, enrollment._state.adding = None, True


def test_every_value_is_stored_as_saving_stores_it(course):
    for model in apps.get_models():
        for field, as_is, integer in stored_columns(model._meta.concrete_fields):
            if as_is is not None:
                value = {str: "one", bool: True, int: 7, Decimal: Decimal("0.50")}[as_is]
                stored = field.get_db_prep_save(value, connection)
                assert (type(stored), str(stored)) == (as_is, str(value)), field
            if integer:
                stored, wanted = (
                    connection.ops.adapt_integerfield_value(7, integer),
                    field.get_db_prep_save(7, connection),
                )
                assert (type(stored), stored) == (type(wanted), wanted), field
            assert field.get_db_prep_save(None, connection) is None, field


def saved_and_undone(enrollment):
    """Save with the ORM, then take the row and its key away again."""
    with suppress(ZeroDivisionError), transaction.atomic():
        enrollment.save(force_insert=True)
        raise ZeroDivisionError
    enrollment.pk, enrollment._state.adding = None, True


def test_a_prepared_update_sends_what_saving_sends(course):
    prepared = PreparedUpdate(Enrollment, "name", "unenrolled_at")
    for name, ended in (("Ada", None), ("Bo", make.NOW), ("Cy", None)):
        found = Enrollment.objects.first()
        found.name, found.unenrolled_at = name, ended
        saved = as_sent(lambda each=found: each.save(update_fields=["name", "unenrolled_at"]))
        assert as_sent(lambda each=found: prepared(each)) == saved


def test_prepared_instances_are_what_select_related_returns(course):
    lesson = make.make_lesson(module=make.make_module(course=course))
    prepared = PreparedInstances(lambda pk: Lesson.objects.filter(pk=pk), "module", "module__course", pk=str)
    for _ in range(2):
        with counted_statements() as statements:
            (found,) = prepared(pk=lesson.pk)
            assert (found, found.module, found.module.course) == (lesson, lesson.module, course)
            assert found.module.course.title == course.title
        assert len(statements) == 1
    assert prepared(pk="another") == []


def test_what_can_be_changed_is_shared_by_no_two_calls(course):
    lesson = make.make_lesson(module=make.make_module(course=course))
    prepared = PreparedQuery(
        lambda pk: Lesson.objects.filter(pk=pk).values_list("listings", "module__opens_at"), pk=str
    )
    ((first, _),), ((second, _),) = prepared(pk=lesson.pk), prepared(pk=lesson.pk)
    assert first == second
    assert first is not second

"""A column that becomes wider, while programs of the last release and of this one have prepared queries of it."""

from decimal import Decimal

import psycopg
import pytest
from django.db import NotSupportedError, connection, transaction

from foundation import widening
from foundation.fast.prepared import PreparedQuery
from grading.models import GradeItem, Score
from operations.services.diagnosing import migrations_applied
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TABLE, COLUMN = "grading_score", "points_earned"


def scored(points: str) -> Score:
    course = make.make_course()
    make.make_review(course=course)
    cell = {"learner": make.enroll(course=course), "points_possible": 5, "changed_at": NOW}
    score = Score.objects.create(item=GradeItem.objects.get(), points_earned=Decimal(points), **cell)
    connection.check_constraints()  # deferred checks would forbid to alter the table in this transaction
    return score


if connection.vendor == "postgresql":

    @pytest.fixture
    def narrow():
        """Leave the column as the last release made it."""
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {TABLE} ALTER COLUMN {COLUMN} TYPE numeric(9, 2)")

    def test_a_query_of_this_release_goes_on_when_its_column_is_widened(narrow):
        score = scored("2.5")
        points = PreparedQuery(lambda pk: Score.objects.filter(pk=pk).values_list(COLUMN), pk=int)
        before = points(pk=score.pk)
        assert [table for table, _ in widening.narrow_columns()] == [TABLE]
        assert [finding.advice for finding in migrations_applied()] == ["Type: manage.py prepare"]
        widening.widen_columns()
        assert before == points(pk=score.pk) == [(Decimal("2.5000"),)]
        assert (list(widening.narrow_columns()), widening.digits_of(TABLE, COLUMN)) == ([], "numeric(11, 4)")

    def test_a_query_of_the_last_release_would_fail(narrow):
        with connection.cursor() as cursor:
            cursor.execute(f"PREPARE points AS SELECT {COLUMN} FROM {TABLE}")
            widening.widen_columns()
            with (
                pytest.raises(NotSupportedError, match="cached plan must not change result type"),
                transaction.atomic(),
            ):
                cursor.execute("EXECUTE points")

    def test_a_column_stays_as_it_is_while_other_programs_use_its_rows():
        def is_in_use() -> bool:
            return widening.is_in_use(connection, TABLE)

        with psycopg.connect(**connection.get_connection_params()):
            assert not is_in_use()
            scored("2.5")
            assert is_in_use()

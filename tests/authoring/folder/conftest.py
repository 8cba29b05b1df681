"""Reading and writing the files of a course is the same on either database: the SQLite run has these tests."""

from tests.rounds import one_database

pytestmark = one_database

"""Question types use no database: the SQLite run has their tests."""

from tests.rounds import one_database

pytestmark = one_database

"""The web server and the settings are the same on either database: the SQLite run has their tests."""

from tests.rounds import one_database

pytestmark = one_database

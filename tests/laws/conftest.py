"""Laws read the code and use no database: the SQLite run has them."""

from tests.rounds import one_database

pytestmark = one_database

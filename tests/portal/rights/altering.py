"""Alter records as somebody who controls the database could."""

from django.db import connection


def take_guards_away(*models):
    """Drop the triggers that refuse to alter or delete rows of these tables."""
    with connection.cursor() as cursor:
        for table in (model._meta.db_table for model in models):
            for action in ("update", "delete"):
                on = "" if connection.vendor == "sqlite" else f" ON {table}"
                cursor.execute(f"DROP TRIGGER {table}_no_{action}{on}")

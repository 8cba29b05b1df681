"""Migrate a database of an earlier version and print what was found as JSON: python -m tests.foundation.upgraded [APP NAME …]

Migrations that are named after it are applied first, as if an upgrade had been cut off after them.
"""

import json
import re
import sys
from collections import deque
from datetime import UTC, datetime, timedelta
from io import StringIO

import django

django.setup()

from django.apps import apps  # noqa: E402  # Django must be set up before its parts are imported
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.test import Client, override_settings  # noqa: E402

from config.up.steps import make_database  # noqa: E402
from operations.services.diagnosing import migrations_applied  # noqa: E402
from portal.rights.services import seal_waiting  # noqa: E402
from tests.foundation.proofs.origins import KEPT  # noqa: E402
from tests.foundation.squashing import schema  # noqa: E402
from tests.unsquashed import start_to_migrate_unsquashed  # noqa: E402

GRADED, HALFWAY, ADMINISTRATOR = "demo-3-1", "demo-4-1", "admin"  # of the people that the earlier code made
PAGES = 60  # as many pages of each person
ADDRESS = re.compile(r'href="(/[^"#?]*)')
NOT_A_PAGE = re.compile(r"^/(static|files|accounts/logout|admin/logout)")


def waiting() -> int:
    """Return how many migrations `manage.py migrate` would run."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def verified() -> list[str]:
    """Return what the two commands print that compare everything with the records."""
    said = StringIO()
    call_command("verify_grades", stdout=said)
    seal_waiting(now=datetime.now(UTC) + timedelta(days=1))
    call_command("verify_records", stdout=said)
    return said.getvalue().splitlines()


def opened(username: str, *starts: str) -> dict[str, int]:
    """Follow links from these pages, and return the status of each page."""
    from accounts.models import User

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username=username))
    found: dict[str, int] = {}
    ahead = deque(starts)
    while ahead and len(found) < PAGES:
        address = ahead.popleft()
        if address in found or NOT_A_PAGE.match(address):
            continue
        answer = client.get(address, follow=True)
        found[address] = answer.status_code
        if not answer.streaming:
            ahead.extend(ADDRESS.findall(answer.content.decode(errors="replace")))
    return found


if __name__ == "__main__":
    named = sys.argv[1:]
    if named:
        start_to_migrate_unsquashed(*zip(named[::2], named[1::2], strict=True))
    was_waiting = waiting()
    make_database()
    rows = {name: apps.get_model(name)._base_manager.count() for name in KEPT}
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        pages = {name: opened(name, "/") for name in (GRADED, HALFWAY)}
        pages[ADMINISTRATOR] = opened(ADMINISTRATOR, "/admin/", "/")
    found = {
        "waiting": (was_waiting, waiting()),
        "migrations": [finding.says for finding in migrations_applied()],
        "rows": rows,
        "schema": schema(),
        "verified": verified(),
        "pages": {name: len(statuses) for name, statuses in pages.items()},
        "failed": {f"{name} {page}": s for name, statuses in pages.items() for page, s in statuses.items() if s >= 400},
    }
    sys.stdout.write("\n" + json.dumps(found))

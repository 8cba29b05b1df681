"""What rooms register is there as soon as Django is set up, before the first query is prepared or a message is sent."""

import json
import subprocess
import sys

from config.environment import ROOT
from mail.rules.delivery import CONFIRMATIONS, INVITATIONS, KINDS

REGISTERED = """
import json
import django; django.setup()
from activities import registry
from course.selectors import snapshots
from mail import builders
rows = [row.name for row in snapshots._reader_rows]
print(json.dumps([rows, sorted(builders._builders), sorted(registry._kinds)]))
"""


def test_setting_up_django_is_enough_to_register_rows_letters_and_activities():
    printed = subprocess.run([sys.executable, "-c", REGISTERED], cwd=ROOT, capture_output=True, text=True, check=True)
    rows, letters, activities = json.loads(printed.stdout)
    assert sorted(rows) == [
        "goal",
        "mine",
        "practice",
    ]  # a row that comes after the query was prepared would not be in it
    assert letters == sorted([*KINDS, INVITATIONS, CONFIRMATIONS])
    assert activities == ["assessment", "column", "lab"]


CHECKS = """
import json
import django; django.setup()
from accounts.selectors import working
from people.selectors import learning
print(json.dumps([sorted(check.__name__ for check in module._checks) for module in (working, learning)]))
"""


def test_setting_up_django_is_enough_to_know_who_works_as_staff_and_who_has_begun_a_course():
    printed = subprocess.run([sys.executable, "-c", CHECKS], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(printed.stdout) == [["has_role"], ["has_lab_run", "has_override", "has_sitting"]]

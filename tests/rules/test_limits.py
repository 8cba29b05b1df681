"""The limits that the rules set, in one table: people have been told some of them, and stored data depends on others."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from importlib import import_module

import pytest

DAY, HOUR, MINUTE, SECOND = (timedelta(**{unit: 1}) for unit in ("days", "hours", "minutes", "seconds"))
MIB = 2**20
LIMITS = {
    "course.rules.comparing": {"CONTEXT": 3, "MOST_COMPARED": 2_000_000},
    "portal.goals.rules.goals": {"LATEST": 6 * HOUR, "MOST": {"days": 7, "lessons": 100, "questions": 500}},
    "people.rules.inviting": {"DAY": DAY, "PAUSE_BETWEEN_MAILS": HOUR, "KEPT_UNACCEPTED": 90 * DAY},
    "course.rules.joining": {"CODE_LENGTH": 8, "WAYS": ("open", "code", "invitation", "closed")},
    "mail.rules.delivery": {
        "KINDS": ("announcements", "notices", "reminders"),
        "INVITATIONS": "invitations",
        "CONFIRMATIONS": "confirmations",
        "LEASE": 10 * MINUTE,
        "PATIENCE": 2 * DAY,
        "SOONEST": MINUTE,
        "LATEST": HOUR,
        "LASTING": 500,
        "UNSUBSCRIBE": "mail/unsubscribe/",
    },
    "people.rules.roster": {
        "MOST_ROWS": 1000,
        "LONGEST_GROUP": 80,
        "COLUMNS": ("email", "name", "username", "group", "first name", "last name", "student number"),
        "LONGEST": {"email": 254, "name": 200, "username": 150},
    },
    "lessons.rules.searching": {
        "LONGEST_QUERY": 100,
        "LONGEST_WORD": 100,
        "MOST_TERMS": 8,
        "AROUND": 90,
        "SHORTEST_PREFIX": 3,
        "SHORTEST_MISSPELT": 4,
        "ALIKE": 0.72,
    },
    "course.rules.sections": {"FIRST_MARK": 0xE000, "MOST_FORMULAS": 6399},
    "course.rules.visibility": {"VISIBILITIES": ("listed", "private", "hidden")},
    "grading.rules.lateness": {"DAY": DAY, "WHOLE": 100},
    "grading.rules.risk": {
        "AWAY": 7 * DAY,
        "LEAST_FINAL": 5,
        "MANY_WRONG": Fraction(2, 5),
        "TIGHT": Fraction(9, 10),
    },
    "labs.rules.charts": {
        "MOST_TAGS": 50,
        "MOST_POINTS": 500,
        "MOST_STEPS": 20,
        "MOST_BUCKETS": 50,
        "SPARE": 4,
        "LONGEST_TAG": 200,
        "MOST_WORK": 400_000,
        "MARK": "tfevents",
    },
    "labs.rules.drafts": {"MOST_VERSIONS": 20, "MOST_VERSION_BYTES": 2 * MIB},
    "labs.rules.files": {"LARGEST": 5 * MIB, "MOST_IN_ALL": 20 * MIB, "MOST_FILES": 20, "LONGEST_NAME": 100},
    "labs.rules.hosts": {"LOOK": 2 * SECOND, "SILENCE": 12 * SECOND, "START": MINUTE},
    "labs.rules.limits": {
        "MEBIBYTE": MIB,
        "WORDS": {
            "wall": ("wall_seconds", 1, 600),
            "cpu": ("cpu_seconds", 1, 1200),
            "memory": ("memory_bytes", MIB, 4096),
            "disk": ("disk_bytes", MIB, 256),
        },
        "LONGEST": {"wall": 600, "cpu": 1200},
        "MOST_TESTS": 200,
    },
    "labs.rules.notebooks": {
        "LARGEST": 5 * MIB,
        "MOST_CELLS": 1000,
        "MOST_PARTS": 400_000,
        "LONGEST_SOURCE": 200_000,
        "OURS": "finalcheck",
        "KERNEL": {"display_name": "Python 3", "language": "python", "name": "python3"},
    },
    "labs.rules.outputs": {"TEXT": "text/plain", "STREAM": "application/vnd.finalcheck.stream+json"},
    "labs.rules.queueing": {
        "QUEUES": ("quick", "training"),
        "QUICK_SECONDS": 120,
        "MOST_RUNNING": 2,
        "MOST_TRAINING": 2,
        "MOST_QUEUED": 100,
        "MOST_LOSSES": 3,
        "LONGEST_WAIT": 10 * SECOND,
    },
    "labs.rules.records": {"FOOT": 4, "MOST_RECORDS": 20_000, "LARGEST_RECORD": MIB},
    "labs.rules.solutions": {"HONEST_RUNS": 3, "MOST_RUNS_ASKED": 100},
    "quizzes.rules.analysis": {"FEW": 30, "LEAST_TO_SUSPECT": 10, "PAUSE": 1800, "CONFIDENCE": 0.95},
    "questions.rules.attempts": {"MOST_EXTRA_ATTEMPTS": 20},
    "quizzes.rules.corrections": {
        "KINDS": ("key", "accept", "credit", "void"),
        "OF_A_VERSION": ("key", "accept"),
    },
    "quizzes.rules.quantiles": {"MOST_TERMS": 20_000},
    "questions.rules.storable": {"MAX_LENGTH": 16_384, "MAX_DEPTH": 4, "MAX_INTEGER": 2**63 - 1},
    "quizzes.rules.timing": {
        "NETWORK_GRACE": 5 * SECOND,
        "SETTLEMENT": 30 * SECOND,
        "LONGEST_PAUSE": 168,
        "NO_END": datetime(9999, 1, 1, tzinfo=UTC),
    },
}


@pytest.mark.parametrize("module", LIMITS)
def test_the_limits_are_as_decided(module):
    rules = import_module(module)
    assert {name: getattr(rules, name) for name in LIMITS[module]} == LIMITS[module]

"""A refusal is a code and a sentence that says what happened and what to do."""

import json
from string import Formatter

import pytest

from foundation.refusals import declare
from operations.refusals import SENTENCES, Refusal

FACTS = {
    "bank_unreadable": {"format": "XML", "problem": "a tag does not end"},
    "bank_slow": {"most": "30 seconds"},
    "bank_crowded": {"most": "12,000 questions"},
    "bank_too_large": {"most": "24 MB"},
    "dates_contradict": {
        "item": "Quiz 1",
        "first": "opening",
        "first_at": "1 March 2027, 12:00 (UTC)",
        "first_source": "the group A",
        "second": "closing",
        "second_at": "1 February 2027, 12:00 (UTC)",
        "second_source": "everyone",
    },
    "announcement_unfit": {"problem": "line 2: the figure is missing"},
    "too_many_streams": {"most": 12},
    "reported_already": {"most": 5},
    "too_many_reports": {"most": 20},
    "too_many_runs": {"most": "5,000"},
    "blank_response": {"expected": "Choose one of the options"},
    "invalid_response": {"expected": "Enter one number"},
    "assessment_not_open": {"opens_at": "2026-11-25T08:00:00+00:00"},
    "assessment_closed": {"closes_at": "2026-11-25T08:00:00+00:00"},
    "module_not_open": {"opens_at": "2026-11-25T08:00:00+00:00"},
    "module_closed": {"closes_at": "2026-11-25T08:00:00+00:00"},
    "course_not_open": {"opens_at": "2026-11-25T08:00:00+00:00"},
    "course_closed": {"closes_at": "2026-11-25T08:00:00+00:00"},
    "captions_unfit": {"name": "captions/talk.vtt", "line": 3, "problem": "a time is missing."},
    "limit_group_unknown": {"name": "Monday"},
    "limit_unstated": {"groups": "Monday, Tuesday"},
    "student_number_unfit": {"most": 30},
    "student_number_taken": {"number": "0042"},
    "role_unknown": {"known": "instructor, assistant, author, observer"},
    "exams_without_end": {"count": 2},
    "exams_running": {"count": 2, "last_at": "2026-11-25T08:00:00+00:00"},
    "objective_used": {"objective": "mean", "uses": "01-first/20-plain.md"},
    "course_exists": {"slug": "calculus-2027"},
    "reason_unfit": {"most": 1000},
    "late_unfit": {"path": "course.yaml"},
    "arrangement_unfit": {"path": "course.yaml"},
    "exam_dates_differ": {"module": "Second", "names": "due, closes"},
    "arrangement_overtaken": {"path": "01-first/20-plain.md"},
    "settings_unfit": {"path": "course.yaml"},
    "minutes_invalid": {"most": 600},
    "extra_attempts_invalid": {"most": 20},
    "hours_invalid": {"most": 168},
    "points_invalid": {"most": "12"},
    "regrade_invalid": {"expected": "choose a version"},
    "file_name_unfit": {"problem": "it may have 1 to 100 bytes"},
    "file_too_large": {"most": "5 MB"},
    "folder_unfit": {"folder": "elsewhere"},
    "course_files_full": {"most": "100 MB"},
    "archive_too_large": {"most": "5 MB"},
    "archive_crowded": {"most": "2,000"},
    "archive_name_unfit": {"name": "../course.yaml", "problem": "leads out of the folder"},
    "archive_names_clash": {"first": "exam/Pool.yaml", "second": "exam/pool.yaml"},
    "archive_locked": {"name": "course.yaml"},
    "archive_method_unknown": {"name": "course.yaml"},
    "archive_link": {"name": "course.yaml"},
    "archive_bomb": {"most": "50 MB", "texts": "2 MB"},
    "archive_wordy": {"most": "100,000"},
    "archive_nested": {"name": "inner.zip"},
    "folder_headless": {"known": "README.md, module.yaml"},
    "needs_instructor": {"lowered": "Tiny: 4 tests before, 0 now"},
    "files_lower_points": {"lowered": "Tiny: 4 tests before, 0 now"},
    "draft_in_the_way": {"path": "01-first/labs/tiny/probes.py"},
    "lab_untried": {"lab": "Tiny"},
    "lab_trial_failed": {"lab": "Tiny", "trial": "the model solution passes", "problem": "“The answer”: answer is 2."},
    "lab_runner_missing": {"lab": "Tiny"},
    "text_too_long": {"most": "1,000,000"},
    "too_many_files": {"most": 20},
    "note_unfit": {"most": "10,000", "passage": "4,000"},
    "too_many_notes": {"most": 200},
    "goal_unfit": {"days": 7, "lessons": 100, "questions": 500},
    "help_unfit": {"most": "4,000"},
    "help_still_open": {"most": 10},
    "too_many_help_requests": {"most": 20},
    "group_unfit": {"most": 80},
    "group_too_large": {"most": 300},
    "too_many_invitations": {"most": 200},
    "invitations_exhausted": {"most": 1000},
    "too_many_tokens": {"most": 100},
    "files_too_large": {"most": "20 MB"},
    "file_not_kept": {"most": "5 MB"},
    "picture_unfit": {
        "name": "photo.png",
        "problem": "is a JPEG picture, but its name says PNG: give it the name that fits",
    },
    "notebook_unreadable": {"problem": "it is not UTF-8"},
    "query_unknown": {"name": "search", "known": "page, words"},
    "query_unfit": {"name": "show", "value": "none", "known": "all, left"},
    "backup_exists": {"file": "/backups/monday.tar.gz"},
    "backup_inside_data": {"folder": "/srv/finalcheck/var"},
    "no_backup_folder": {"folder": "/backups"},
    "backup_unreadable": {"file": "/backups/monday.tar.gz"},
    "backup_damaged": {"file": "database.dump"},
    "backup_of_other_database": {"found": "sqlite", "here": "postgresql"},
    "backup_too_new": {"migration": "course.0042_later"},
    "restored_otherwise": {"tables": "course_user"},
    "program_missing": {"program": "pg_dump"},
    "program_too_old": {"program": "pg_restore", "here": "16.4", "wrote": "17.2"},
    "program_failed": {"program": "pg_dump", "said": "connection refused"},
}
FIXED_BY_THE_API = {
    "blank_response",
    "invalid_response",
    "already_final",
    "attempts_exhausted",
    "stale_attempt",
    "stale_draft",
    "sitting_over",
    "sitting_not_started",
    "sitting_settled",
    "key_reused",
    "not_enrolled",
}


def test_every_code_of_the_contract_has_a_sentence():
    assert SENTENCES.keys() >= FIXED_BY_THE_API


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_needs_no_other_facts_than_its_code_is_known_for(code):
    fields = {name for _, name, _, _ in Formatter().parse(SENTENCES[code]) if name}
    assert fields == FACTS.get(code, {}).keys()


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_refusals_message_is_a_sentence_with_cause_and_next_step(code):
    refusal = Refusal(code, **FACTS.get(code, {}))
    assert (refusal.sentence[0].isupper(), refusal.sentence[-1]) == (True, ".")
    assert refusal.sentence.count(". ") + refusal.sentence.count(": ") >= 1


def test_a_refusal_carries_its_code_its_facts_and_its_sentence():
    draft = {"response": "0.5", "revision": 3}
    refusal = Refusal("stale_draft", draft=draft)
    assert (refusal.code, refusal.facts, str(refusal)) == ("stale_draft", {"draft": draft}, SENTENCES["stale_draft"])
    assert json.loads(json.dumps(refusal.facts)) == {"draft": draft}


def test_a_sentence_quotes_its_facts():
    refusal = Refusal("blank_response", expected="Choose True or False")
    assert refusal.sentence == "Nothing was checked, and no attempt was used. Choose True or False."


def test_a_code_that_is_declared_already_is_a_mistake_of_ours():
    before = dict(SENTENCES)
    with pytest.raises(ValueError, match="blank_response"):
        declare(400, {"blank_response": "Nothing was checked.", "another": "Nothing was changed."})
    assert before == SENTENCES


@pytest.mark.parametrize(("code", "facts"), [("no_such_code", {}), ("blank_response", {})])
def test_an_unknown_code_or_a_missing_fact_is_a_mistake_of_ours(code, facts):
    with pytest.raises(KeyError):
        Refusal(code, **facts)

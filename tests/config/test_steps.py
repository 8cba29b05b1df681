"""What a start says before the programs run."""

import pytest

from config.up import steps


@pytest.mark.parametrize(
    ("is_demo", "sign_up", "has_server", "warns"),
    [
        (False, True, False, True),
        (False, True, True, False),
        (False, False, False, False),
        (True, True, False, False),  # a demo prints its mail
    ],
)
def test_a_start_warns_if_people_may_sign_up_and_there_is_no_mail_server(
    settings, monkeypatch, is_demo, sign_up, has_server, warns
):
    monkeypatch.setattr(steps, "steps", lambda *, is_demo: [])
    settings.SIGN_UP = sign_up
    if not has_server:
        settings.MAILERS = {"default": {"BACKEND": settings.MAILER_THAT_SENDS_NOTHING}}
    said = []
    steps.take_steps(said.append, is_demo=is_demo)
    assert ["FINALCHECK_EMAIL_URL names no mail server" in each for each in said] == [True] * warns


def test_waiting_for_a_database_that_never_answers_ends_and_says_each_reason_once(monkeypatch):
    reasons = iter(["refused", "refused", "starting up"])
    monkeypatch.setattr(steps, "connection_problem", lambda: next(reasons, "starting up"))
    monkeypatch.setattr(steps, "BETWEEN_TRIES", 0.01)
    monkeypatch.setattr(steps, "WAIT_FOR_DATABASE", 0.6)
    said = []
    steps.wait_for_database(said.append)
    waiting = "Waiting for the database, at most 0.01 minutes: "
    assert said == [f"{waiting}refused", f"{waiting}starting up"]


@pytest.mark.parametrize(
    "reason",
    [
        'connection failed: FATAL:  password authentication failed for user "finalcheck"',
        'connection failed: FATAL:  role "nobody" does not exist',
        'connection failed: FATAL:  database "finalcheckx" does not exist',
        "connection failed: server does not support SSL, but SSL was required",
        'connection is bad: invalid sslmode value: "nonsense"',
    ],
)
def test_what_waiting_cannot_mend_ends_the_start_at_once(monkeypatch, reason):
    monkeypatch.setattr(steps, "connection_problem", lambda: reason)
    monkeypatch.setattr(steps.time, "sleep", lambda seconds: pytest.fail("it waited"))
    said = []
    steps.wait_for_database(said.append)
    assert said == []


def test_static_files_are_collected_when_one_has_changed_or_somebody_else_has_collected(
    settings, monkeypatch, tmp_path
):
    sheet, manifest = tmp_path / "source" / "page.css", tmp_path / "static" / "staticfiles.json"
    settings.DATA, settings.STATIC_ROOT, settings.STATICFILES_DIRS = tmp_path, manifest.parent, [sheet.parent]
    collected = []

    def collect(*arguments, **options):
        collected.append(sheet.read_text())
        manifest.write_text(f"collected {len(collected)} times")

    def start():
        steps.collect_static()
        return len(collected)

    monkeypatch.setattr(steps, "call_command", collect)
    for folder in (sheet.parent, manifest.parent):
        folder.mkdir()
    sheet.write_text("old")
    assert [start(), start()] == [1, 1]
    sheet.write_text("newer")
    assert [start(), start()] == [2, 2]
    manifest.write_text("collected by another release")
    assert [start(), start()] == [3, 3]
    manifest.unlink()
    assert [start(), start()] == [4, 4]
    assert collected == ["old", "newer", "newer", "newer"]

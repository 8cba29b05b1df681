"""`manage.py doctor`: says of each fault of a host what to do, and nothing of a host without one."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
import redis
from celery import current_app
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from bench.rig.ports import free_port
from course.models import Course
from foundation.fast.pieces import PIECES
from labs.models import RunnerHost, Worker
from labs.services.enrolling import enroll_runner
from operations.services import diagnosing, examine_host
from operations.services.readiness import clock_part, mail_part
from quizzes.models import Assessment
from quizzes.rules.heartbeats import SWEEPER_LEASE
from quizzes.services import hold_lease
from tests.authoring.folder.nasty import edited
from tests.authoring.test_course_folder import load
from tests.factories import NOW
from tests.labs.test_grading import WITHOUT
from tests.labs.test_model_solutions import load as load_counted

pytestmark = pytest.mark.django_db
RUNNER = {"ready": True, "reasons": [], "tier": "full", "runtimes": ["tf1", "tf2"]}


@pytest.fixture(autouse=True)
def healthy(tmp_path, settings, monkeypatch) -> None:
    """A host on which nothing must be done."""
    settings.DATA = settings.MESSAGES = tmp_path
    settings.LEAST_FREE_DISK = 1
    settings.WHITENOISE_USE_FINDERS = False
    monkeypatch.setattr(diagnosing, "DURABLE", [])  # the server of the tests is made to be thrown away
    found = {name: name for finder in diagnosing.get_finders() for name, _ in finder.list([])}
    monkeypatch.setattr(diagnosing, "staticfiles_storage", SimpleNamespace(hashed_files=found))
    now = timezone.now()
    Worker.objects.create(name="here/1", seen_at=now, runner=RUNNER)
    hold_lease(name="sweeper", holder="here/1", length=SWEEPER_LEASE, now=now)


def to_do(name: str) -> list[tuple[str, str]]:
    """Return what was found about one thing for which something must be done, and that nothing else needs anything."""
    found = [each for each in examine_host(now=timezone.now(), clock=timezone.now) if each.advice]
    assert {each.name for each in found} == {name}
    return [(each.says, each.advice) for each in found]


def test_a_healthy_host_needs_nothing_and_the_command_ends_well(capsys):
    call_command("doctor")
    said = capsys.readouterr().out
    assert said.endswith("Nothing needs to be done.\n")
    assert "here/1 runs code in the sandbox full, with the runtimes tf1 and tf2." in said
    assert "Every migration is applied." in said


def test_the_command_prints_what_to_do_and_fails(capsys):
    Worker.objects.all().delete()
    with pytest.raises(CommandError, match=r"1 of .* findings need something to be done"):
        call_command("doctor")
    assert "do  workers: no worker reports on any host.\n    → Start Finalcheck" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("gpu", "said"),
    [
        (
            "offered: NVIDIA H100, driver 570.86.15",
            ("here/1 lets code use the GPU (NVIDIA H100, driver 570.86.15).", ""),
        ),
        (
            "not offered: No driver is loaded.",
            (
                "here/1: not offered: No driver is loaded.",
                "Correct that (docs/runner.md#gpu), or set FINALCHECK_RUNNER_GPU=0; labs run without it.",
            ),
        ),
    ],
)
def test_a_gpu_that_the_operator_asked_for_is_offered_or_the_reason_is_told(gpu, said):
    ((found),) = diagnosing.gpu_found("here/1", gpu)
    assert (found.says, found.advice) == said
    assert list(diagnosing.gpu_found("here/1", "off")) == []


def test_pieces_for_speed_that_are_off_are_named(settings):
    settings.FAST = tuple(name for name in PIECES if name not in ("snapshots", "log_copies"))
    ((says, advice),) = to_do("settings")
    assert says == "FINALCHECK_FAST switches off: snapshots, log_copies. Pages are the same, and take longer."
    assert advice.startswith("Delete FINALCHECK_FAST")


def test_another_python(monkeypatch):
    monkeypatch.setattr(diagnosing, "PYTHONS", ())
    ((_, advice),) = to_do("python")
    assert advice == "Install Python 3.12 or 3.13, then: make setup"


def test_settings_that_do_not_fit_a_production_host(settings):
    settings.PUBLIC_URL, settings.SECURE_SSL_REDIRECT = "https://learn.example.org", False
    says = " ".join(says for says, _ in to_do("settings"))
    assert "SECURE_SSL_REDIRECT" in says
    assert "SECURE_HSTS_PRELOAD" not in says  # a choice of the operator


def test_a_database_that_cannot_be_reached(monkeypatch):
    def refuse():
        raise OperationalError("connection refused")

    vars(connection.features).pop("supports_json_field", None)  # as in a process that has not asked yet
    monkeypatch.setattr(connection, "ensure_connection", refuse)
    ((says, advice),) = to_do("database")
    assert (says, advice) == (
        f"{connection.display_name} cannot be reached (OperationalError).",
        "Start the database server, let it write, and check FINALCHECK_DATABASE_URL.",
    )


def test_a_database_that_is_too_old(monkeypatch):
    monkeypatch.setattr(connection.features, "minimum_database_version", (99,))
    ((says, advice),) = to_do("database")
    assert ("99" in says, advice) == (True, "Upgrade the database server, after a backup.")


def test_migrations_that_are_not_applied():
    loader = MigrationExecutor(connection).loader
    (last,) = loader.graph.leaf_nodes("labs")
    for key in (last, *loader.disk_migrations[last].replaces):
        MigrationRecorder(connection).record_unapplied(*key)
    ((says, advice),) = to_do("migrations")
    assert (says, advice) == (
        f"{'.'.join(last)} is not applied.",
        "Back up, then: manage.py migrate",
    )


@pytest.fixture
def no_redis(settings) -> Iterator[None]:
    """The address of a Redis that does not run, for the site and for its queue."""
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    before = {name: current_app.conf[name] for name in ("broker_url", "broker_transport_options")}
    current_app.conf.update(broker_url=settings.REDIS_URL, broker_transport_options={})
    yield
    current_app.conf.update(before)


def test_a_redis_that_does_not_answer(no_redis):
    found = [each for each in examine_host(now=timezone.now(), clock=timezone.now) if each.advice]
    assert [each.name for each in found] == ["redis", "broker"]
    assert found[0].says == "Redis does not answer (ConnectionError)."


def test_a_redis_that_refuses_writes_once_it_is_full(settings, redis_url):
    settings.REDIS_URL = redis_url
    with redis.Redis.from_url(redis_url) as server:
        assert [finding.says for finding in diagnosing.redis_evictions()] == [
            "Its memory has no limit. It can grow until the kernel ends a program."
        ]
        server.config_set("maxmemory", 64 << 20)
        (finding,) = diagnosing.redis_evictions()
        assert finding.says.startswith("It has at most 64 MB and the policy noeviction. Once that is full, it refuses")
        assert "maxmemory-policy volatile-lru" in finding.advice
        server.config_set("maxmemory-policy", "volatile-lru")
        assert [*diagnosing.redis_evictions()] == []
        server.config_set("maxmemory", 0)
        server.config_set("maxmemory-policy", "noeviction")


def test_what_cannot_be_examined_is_a_finding_and_no_traceback(monkeypatch):
    def fail() -> None:
        raise ValueError("a certificate that is\nnot one")

    monkeypatch.setattr(diagnosing, "silent_labs_found", fail)
    assert to_do("labs") == [
        (
            "It could not be examined (ValueError: a certificate that is not one).",
            "Put right what the other findings name. If this stays, report it with what manage.py --version prints.",
        )
    ]


def test_a_mail_server_that_does_not_answer(settings, monkeypatch):
    place = {"host": "127.0.0.1", "port": free_port()}
    settings.MAILERS = {"default": {"BACKEND": "config.mail.MailServer", "OPTIONS": place}}
    monkeypatch.setattr(mail_part, "asked_at", None)
    assert to_do("mail")[0][0] == f"127.0.0.1:{place['port']} does not answer (ConnectionRefusedError)."


def test_a_disk_that_is_nearly_full(settings):
    settings.LEAST_FREE_DISK = 1 << 60
    assert "Make room" in to_do("disk")[0][1]


def test_a_runner_that_refuses_code():
    Worker.objects.update(runner={**RUNNER, "ready": False, "reasons": ["self-test: network"]})
    assert to_do("runners")[0][0] == "here: self-test: network."


@pytest.mark.parametrize(
    ("status", "problem", "says"),
    [
        ({"ready": True, "runtimes": ["tf2"]}, "", "The host a offers the runtimes tf2."),
        ({"ready": False, "reasons": ["self-test: network"]}, "", "a: self-test: network."),
        ({}, "The lab runner does not answer (timed out).", "a: The lab runner does not answer (timed out)."),
        (None, "", "a: not seen yet."),
    ],
)
def test_a_runner_host_that_is_not_ready(settings, status, problem, says):
    now = timezone.now()
    settings.RUNNERS = {"a": ("192.0.2.1", 7443)}
    enroll_runner(name="a", keys=settings.DATA / "runners", now=now)
    if status is not None:
        lost_at = now if problem else None
        RunnerHost.objects.create(name="a", status=status, problem=problem, seen_at=now, lost_at=lost_at)
    found = {each.says: each.advice for each in examine_host(now=now, clock=timezone.now)}
    advice = "" if says.startswith("The host") else diagnosing.ADVICE["runners"]
    assert found[says] == advice
    assert [each for each in found.values() if each] == [advice] * bool(advice)


@pytest.mark.parametrize(
    ("drift", "says", "is_fault"),
    [(2.1, "2.1 s ahead of", True), (-2.1, "2.1 s behind", True), (2.0, "2.0 s ahead of", False)],
)
def test_a_clock_that_drifts_from_those_of_the_servers(no_redis, monkeypatch, drift, says, is_fault):
    now = timezone.now()
    for name in ("clock_of_redis", "clock_of_postgresql"):
        monkeypatch.setitem(clock_part.__globals__, name, lambda: now)
    found = examine_host(now=now, clock=lambda: now + timedelta(seconds=drift))
    (clock,) = [each for each in found if each.name == "clock"]
    assert clock.says.startswith(says)
    assert clock.advice == (
        "Let chrony or systemd-timesyncd set the clock of this host. Deadlines depend on it." * is_fault
    )


def test_a_sweeper_that_was_not_seen():
    now = timezone.now() + SWEEPER_LEASE * 10
    Worker.objects.update(seen_at=now)
    found = [each.name for each in examine_host(now=now, clock=timezone.now) if each.advice]
    assert found == ["sweeper"]


def test_static_files_that_are_not_collected():
    diagnosing.staticfiles_storage.hashed_files.popitem()
    ((says, advice),) = to_do("static files")
    assert ("is not collected. Pages" in says, advice) == (True, "Type: manage.py collectstatic")


@pytest.mark.parametrize(("days", "is_due"), [(720, True), (600, False), (740, True)])
def test_certificates_that_expire_soon(settings, days, is_due):
    now = timezone.now()
    settings.RUNNERS = {"a": ("192.0.2.1", 7443)}
    enroll_runner(name="a", keys=settings.DATA / "runners", now=now - timedelta(days=days))
    found = [each for each in examine_host(now=now, clock=timezone.now) if each.name == "certificates"]
    assert [bool(each.advice) for each in found] == ([True, True] if is_due else [False])
    assert not is_due or found[1].advice == "Type: manage.py runner enroll a, and follow its instructions."


def test_certificates_that_are_missing(settings):
    settings.RUNNERS = {"a": ("192.0.2.1", 7443)}
    found = [each.says for each in examine_host(now=timezone.now(), clock=timezone.now) if each.name == "certificates"]
    keys = settings.DATA / "runners"
    assert found == [f"{keys / 'authority.crt'} is missing.", f"{keys / 'worker.crt'} is missing."]


@pytest.fixture
def loaded() -> Course:
    """The nasty course, which says nothing of who may join or when its exam shows its keys."""
    files = edited("course.yaml", "enrollment: code\n", "\n")
    load(files)
    return Course.objects.get()


def exams_found() -> list[tuple[str, str]]:
    found = examine_host(now=timezone.now(), clock=timezone.now)
    return [(each.says, each.advice) for each in found if each.name == "exams"]


def test_an_exam_whose_keys_throwaway_accounts_can_read(loaded):
    assert to_do("exams") == [
        (
            "In nasty, anyone can sign up, join and read the correct answers of “Final exam” before others sit it. "
            "Grades and records stay as they are.",
            "Ask its instructors to show the answers when the exam has closed or is released, or to admit invited people "
            "only. Or set FINALCHECK_SIGN_UP=0. If it is meant to be so, let the course say it "
            "(docs/course-format.md#keys-and-throwaway-accounts).",
        )
    ]


@pytest.mark.parametrize(
    "changed",
    [{"joining_here": "invitation"}, {"visibility": "hidden"}, {"visibility": "private"}, {"archived_at": NOW}],
)
def test_a_course_that_not_everyone_can_join_exposes_no_keys(loaded, changed):
    Course.objects.update(**changed)
    assert exams_found() == []


def test_a_site_where_nobody_signs_up_exposes_no_keys(loaded, settings):
    settings.SIGN_UP = False
    assert exams_found() == []


def test_a_course_that_is_opened_on_the_site_exposes_keys_whatever_its_text_says(loaded):
    load(edited("exam/exam.yaml", "time_limit: 60\n", "time_limit: 60\nshow: {key: end}\n"), overwrite=True)
    assert exams_found() == []
    Course.objects.update(joining_here="open")
    assert len(to_do("exams")) == 1


def test_an_exam_that_has_closed_exposes_no_keys_and_one_that_will_close_does(loaded):
    Assessment.objects.filter(kind="exam").update(closes_at=timezone.now() + timedelta(days=1))
    assert len(to_do("exams")) == 1
    Assessment.objects.filter(kind="exam").update(closes_at=timezone.now() - timedelta(days=1))
    assert exams_found() == []


def test_a_release_exposes_keys_while_others_can_still_sit_the_exam(loaded):
    files = edited("course.yaml", "enrollment: code\n", "\n")
    files["exam/exam.yaml"] += b"show: {key: release}\n"
    load(files, overwrite=True)
    assert exams_found() == []
    Assessment.objects.filter(kind="exam").update(released_at=timezone.now())
    assert len(to_do("exams")) == 1


def test_a_course_that_says_itself_that_keys_are_shown_early_needs_nothing():
    files = edited("course.yaml", "enrollment: code\n", "enrollment: open\n")
    files["exam/exam.yaml"] += b"show: {key: end}\n"
    load(files)
    says = (
        "In nasty, anyone can read the correct answers of “Final exam” before others sit it. The course says so itself."
    )
    assert exams_found() == [(says, "")]


def test_exams_are_not_examined_before_every_migration_is_applied(loaded):
    (last,) = MigrationExecutor(connection).loader.graph.leaf_nodes("labs")
    MigrationRecorder(connection).record_unapplied(*last)
    assert len(to_do("migrations")) == 1


def labs_found() -> list[tuple[str, str]]:
    findings = examine_host(now=timezone.now(), clock=timezone.now)
    return [(finding.says, finding.advice) for finding in findings if finding.name == "labs"]


def test_a_lab_that_counts_and_does_not_say_when_its_solution_opens_is_named_and_needs_nothing():
    load_counted()
    says = (
        "In nasty, these labs count toward the grade and do not say when learners may open their model solutions: "
        "“Tiny”. Each stays closed until its lab has closed for the learner."
    )
    assert labs_found() == [(says, "")]
    load_counted(lab="solution: never\n")
    assert labs_found() == []
    load_counted(categories=WITHOUT)
    assert labs_found() == []

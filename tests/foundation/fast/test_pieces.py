"""FINALCHECK_FAST says which pieces are on, and without a piece its place does the plain thing."""

import gzip
import os
import subprocess
import sys
from operator import attrgetter

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse

from config.environment import ROOT, Environment
from config.misconfigured import Misconfigured
from course.models import Course, Lesson
from course.selectors import revision_of, snapshot_at, snapshot_in_memory
from foundation.fast.compression import Compression
from foundation.fast.kept_texts import LONG, KeptText, Placeholders
from foundation.fast.pieces import ON, PIECES
from foundation.fast.prepared import PreparedInsert, PreparedInstances, PreparedQuery, PreparedUpdate
from people.models import Enrollment
from tests import factories as make
from tests.pieces import without
from tests.statements import counted_statements

NEWS = "A long text that many pages contain. " * 300


def pieces_in(words: str) -> tuple[str, ...]:
    return Environment({"FINALCHECK_FAST": words}).fast_pieces()


def test_every_piece_is_on_unless_the_setting_names_some():
    assert pieces_in("") == Environment({}).fast_pieces() == PIECES
    assert pieces_in("none") == ()
    assert pieces_in(" snapshots, prepared_queries ,") == ("prepared_queries", "snapshots")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("snapshot", "FINALCHECK_FAST names 'snapshot', which is not a piece. Did you mean snapshots? Write none, or some of "),
        ("snapshots,none", "FINALCHECK_FAST names 'none', which is not a piece. "),
        ("all", "FINALCHECK_FAST names 'all', which is not a piece. "),
    ],
)  # fmt: skip
def test_a_word_that_is_no_piece_stops_the_start(words, message):
    with pytest.raises(Misconfigured) as refused:
        pieces_in(words)
    assert str(refused.value).startswith(message)
    assert all(piece in str(refused.value) for piece in PIECES)


def test_the_room_and_the_operators_guide_name_every_piece():
    for text in ((ROOT / path).read_text() for path in ("foundation/fast/README.md", "docs/operations.md")):
        assert [piece for piece in PIECES if f"`{piece}`" not in text] == []


def test_what_a_test_switches_off_is_on_again_after_it():
    with without("snapshots"):
        assert (ON.snapshots, ON.kept_parts) == (False, True)
    assert ON.snapshots


STARTED = """
import gc, json, sys
import config.asgi, config.urls
from django.conf import settings
from django.template import engines
from config.server.turns import FEW
from foundation.fast.lazy import lazily
from foundation.fast.pieces import ON
threads = config.asgi.Threads(None, workers=FEW + 3)
dump = lazily("sqlite3.dump")
was_loaded = "_quote_name" in object.__getattribute__(dump, "__dict__")
loader = engines["django"].engine.template_loaders[0]
print(json.dumps([list(settings.FAST), gc.get_threshold()[0] == 5000, gc.get_freeze_count() > 0,
    threads.turns.beginning - FEW, was_loaded, type(loader).__module__]))
"""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", f'{list(PIECES)}, true, true, 0, false, "foundation.fast.compact"'.replace("'", '"')),
        ("none", '[], false, false, 3, true, "django.template.loaders.cached"'),
    ],
)
def test_what_begins_with_a_process_can_be_switched_off_too(words, expected, tmp_path):
    environ = os.environ | {"FINALCHECK_FAST": words, "FINALCHECK_DATA": str(tmp_path)}
    command = (sys.executable, "-c", STARTED)
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"[{expected}]"


def page_with(news: bytes):
    """Return a view whose page contains these news as a kept text."""
    return lambda request: HttpResponse(f"<p>{request.placeholders.take([KeptText(news)])}</p>")


def test_without_blocks_a_page_is_compressed_as_a_whole():
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = "gzip"
    assert len(NEWS) > LONG
    answers = [Compression(page_with(NEWS.encode()))(request)]
    with without("compressed_blocks"):
        answers.append(Compression(page_with(NEWS.encode()))(request))
    kept, plain = answers
    assert KeptText(NEWS.encode()).blocks in kept.content
    assert KeptText(NEWS.encode()).blocks not in plain.content
    assert {gzip.decompress(answer.content).decode() for answer in answers} == {f"<p>{NEWS}</p>"}
    assert {answer["Content-Encoding"] for answer in answers} == {"gzip"}
    assert [answer["Content-Length"] for answer in answers] == [str(len(answer.content)) for answer in answers]
    assert {answer["Vary"] for answer in answers} == {"Accept-Encoding"}


def test_without_blocks_a_browser_that_knows_no_gzip_gets_the_page():
    with without("compressed_blocks"):
        assert Compression(page_with(NEWS.encode()))(HttpRequest()).text == f"<p>{NEWS}</p>"
    assert Placeholders().filled(b"page") == [b"page"]


@pytest.fixture
def course(db: None) -> Course:
    return make.make_course()


def test_without_snapshots_a_course_is_read_each_time(course):
    revision = revision_of(course.pk)
    kept = snapshot_at(course.pk, revision)
    assert snapshot_at(course.pk, revision) is kept
    assert snapshot_in_memory(course.pk) is kept
    with without("snapshots"):
        read = snapshot_at(course.pk, revision)
        assert (read.course_id, read.revision, read.values.keys()) == (kept.course_id, revision, kept.values.keys())
        assert snapshot_at(course.pk, revision) is not read
        assert snapshot_in_memory(course.pk) is None
    assert snapshot_at(course.pk, revision) is kept


def names_from(name: str):
    rows = Enrollment.objects.filter(name__gte=name).order_by("pk")
    return rows.values_list("pk", "name", "enrolled_at", "course__pass_percent", "course__attempts")


def test_without_prepared_queries_the_queryset_runs(course):
    for _ in range(3):
        make.enroll(course=course)
    prepared = PreparedQuery(names_from, name=str)
    rows = prepared(name="")
    lines = prepared.raw(name="")
    with without("prepared_queries"), counted_statements() as statements:
        assert prepared(name="") == rows == list(names_from(""))
        assert prepared.raw(name="") == lines
        assert prepared.converted(lines) == rows
    assert (len(statements), len(rows)) == (3, 3)
    assert {hash(line) for line in lines}


def test_without_prepared_queries_instances_come_with_what_they_refer_to(course):
    lesson = make.make_lesson(module=make.make_module(course=course))
    prepared = PreparedInstances(lambda pk: Lesson.objects.filter(pk=pk), "module", "module__course", pk=str)
    alone = PreparedInstances(lambda pk: Lesson.objects.filter(pk=pk), pk=str)
    with without("prepared_queries"):
        with counted_statements() as statements:
            (found,) = prepared(pk=lesson.pk)
            assert (found, found.module.course.title) == (lesson, course.title)
        assert len(statements) == 1
        assert alone(pk=lesson.pk) == [lesson]
        assert prepared(pk="another") == []


def new_enrollment(course: Course, user: object = None, **fields: object) -> Enrollment:
    values = {"role": "learner", "name": "Ada", "enrolled_at": make.NOW} | fields
    return Enrollment(user=user or make.make_user(), course=course, **values)


def test_without_prepared_queries_rows_are_stored_as_well(course):
    insert, update = PreparedInsert(Enrollment), PreparedUpdate(Enrollment, "name", "user")
    with without("prepared_queries"):
        rows = [new_enrollment(course) for _ in range(3)]
        insert(*rows)
        assert list(Enrollment.objects.order_by("pk")) == sorted(rows, key=attrgetter("pk"))
        assert not any(row._state.adding for row in rows)
        rows[0].name, rows[0].user = "Bo", make.make_user()
        update(rows[0])
    stored = Enrollment.objects.get(pk=rows[0].pk)
    assert (stored.name, stored.user_id) == ("Bo", rows[0].user_id)
    assert Enrollment.objects.get(pk=rows[1].pk).name == "Ada"


def test_without_prepared_queries_a_row_that_exists_gets_the_new_values(course):
    row = new_enrollment(course)
    row.save()
    insert = PreparedInsert(Enrollment, unique=("user", "course"), replaced=("name",))
    with without("prepared_queries"):
        insert(new_enrollment(course, row.user, name="Bo", role="instructor"))
    stored = Enrollment.objects.get()
    assert (stored.pk, stored.name, stored.role) == (row.pk, "Bo", "learner")


def test_without_their_turns_writers_wait_for_the_lock_of_the_file(course):
    if connection.vendor != "sqlite":
        return
    before = connection.writers.turns
    Course.objects.update(title="One")
    assert connection.writers.turns == before  # the test's own transaction holds the turn
    assert connection._queue is not None
    with without("writer_turns"):
        other = connection.copy()
        other._enter_queue()
        assert other._queue is None
        other._leave_queue()
    assert connection.writers.turns == before

"""The gate by the folder, and with a real runner: what was not tried or did not pass is never published (decision 45)."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from authoring.services import read_folder
from labs.models import PassedTryout, Tryout
from labs.services import report_worker, run_next_trial
from records.models import AuditEntry
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.test_course_command import write
from tests.authoring.test_publishing_gate import (
    COUNTED,
    FEWER,
    FOLDER,
    FOUR,
    NONE,
    PROBES,
    drafted,
    in_an_upload,
    in_the_editor,
    load,
    on_the_labs_page,
    points,
    probes_with,
)
from tests.authoring.workplace.test_tryouts import words
from tests.portal.workplace.people import staff_in
from tests.runner.stations import offered

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return load()


@pytest.fixture(autouse=True)
def no_runner(settings, tmp_path):
    settings.RUNNER_SOCKET, settings.DATA = tmp_path / "nobody", tmp_path


@pytest.fixture
def runner(no_runner, starters, settings, db):
    settings.RUNNER_SOCKET = starters[offered()[0][0]].client.path
    report_worker(worker="one", claims=(), now=timezone.now())


@pytest.fixture
def sign_in(client):
    def sign_in(course, role):
        person = staff_in(course, role)
        client.force_login(person)
        return person

    return sign_in


def command(*args, **options):
    out, err = StringIO(), StringIO()
    call_command("course", *map(str, args), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def folder(course, tmp_path):
    write(tmp_path / "nasty", nasty_files() | {PROBES: FOUR.encode()})
    return tmp_path / "nasty"


def test_a_folder_with_fewer_tests_is_loaded_only_if_the_operator_agrees(folder):
    (folder / PROBES).write_text(NONE)
    with pytest.raises(CommandError, match="Nothing was changed"):
        command("load", folder)
    assert points() == [2] * 4
    out, _ = command("load", folder, yes=True)
    assert (f"  lowered   {FEWER}\n" in out, points()) == (True, [])
    entry = AuditEntry.objects.get(action="lower_points")
    assert (entry.actor, entry.details) == (None, {"lowered": FEWER})


def test_the_start_of_the_site_takes_no_tests_away(folder):
    (folder / PROBES).write_text(NONE)
    _, err = command("load", folder, if_safe=True)
    assert ("would take tests, questions or points away, so the old one stays" in err, points()) == (True, [2] * 4)


def test_the_start_of_the_site_keeps_tests_that_nobody_tried_out_until_they_are_recorded(folder):
    (folder / PROBES).write_text(probes_with(5))
    _, err = command("load", folder, if_safe=True)
    assert ("No runner has tried the tests of these labs yet, so the old content stays: tiny." in err, points()) == (
        *(True, [2] * 4),
    )
    tried = read_folder(nasty_files() | {PROBES: probes_with(5).encode()}).labs[0].tried
    (folder.parent / "passed-labs.txt").write_text(f"nasty/{FOLDER}  {tried}\n")
    command("load", folder, if_safe=True)
    assert points() == [2] * 5


@pytest.mark.parametrize(
    "lab", [pytest.param(NONE, id="no tests"), pytest.param(FOUR.replace("s=2", "s=0"), id="no points")]
)
def test_a_folder_in_which_a_lab_that_counts_gives_no_points_has_a_mistake(lab):
    files = nasty_files() | {"course.yaml": COUNTED.encode(), PROBES: lab.encode()}
    assert [each.path for each in read_folder(files).mistakes] == [PROBES]


def test_a_course_that_is_new_here_is_the_operators_and_needs_no_trial(course):
    assert (points(), PassedTryout.objects.count()) == ([2] * 4, 0)


def test_a_folder_whose_tests_pass_an_empty_program_is_refused_by_a_real_runner(folder):
    anything = 'Read(name="Anything", points=9, variable="__name__", reference="__main__", message="A name.")'
    (folder / PROBES).write_text(f"from labs.runner.judge.authoring import Read\n\nPROBES = [{anything}]\n")
    with pytest.raises(CommandError) as refused:
        command("load", folder, yes=True)
    told = "The lab tiny did not pass its trials. In the trial “an empty program fails every test”: “Anything” passes."
    assert (str(refused.value).startswith(told), points()) == (True, [2] * 4)


def try_all():
    tryout = Tryout.objects.get()
    while run_next_trial(tryout_id=tryout.pk, clock=timezone.now):
        pass


@pytest.mark.parametrize("publish", [in_the_editor, in_an_upload])
def test_tests_that_the_solution_fails_are_never_published(runner, client, course, sign_in, publish):
    author, wrong = sign_in(course, "author"), probes_with(5, reference=3)
    page = publish(client, course, author, PROBES, wrong)
    if page.status_code == 302:
        page = client.get(page.url)
    assert "The tests of the lab “Tiny” have to pass their trials in the lab runner first." in words(page)
    try_all()
    page = on_the_labs_page(client, course, author, PROBES, wrong)
    assert "The lab “Tiny” did not pass its trials. In the trial “the model solution passes”: “Answer 1”" in words(page)
    assert (page.status_code, points(), drafted(author)) == (409, [2] * 4, wrong)


def test_tests_that_pass_every_trial_are_published_from_the_labs_page(runner, client, course, sign_in):
    author, better = sign_in(course, "author"), probes_with(5)
    in_an_upload(client, course, author, PROBES, better)
    assert client.post(reverse("lab_tryout", args=[course.slug, FOLDER]), {"do": "publish"}).status_code == 302
    assert points() == [2] * 4  # the trials go on
    try_all()
    client.post(reverse("lab_tryout", args=[course.slug, FOLDER]), {"do": "publish"})
    assert (points(), PassedTryout.objects.count()) == ([2] * 5, 1)


def test_tests_that_run_otherwise_than_they_are_listed_are_never_published(runner, client, course, sign_in):
    author, listed = sign_in(course, "author"), probes_with(5) + "PROBES[:] = PROBES[:1]\n"
    in_an_upload(client, course, author, PROBES, listed)
    try_all()
    page = on_the_labs_page(client, course, author, PROBES, listed)
    assert "PROBES lists the tests" in words(page)
    assert points() == [2] * 4

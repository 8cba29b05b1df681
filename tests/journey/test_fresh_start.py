"""The product as a newcomer starts it: one command, then the API client's example takes the course."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest
from finalcheck import Client, Problem, guess

from tests.product import ROOT, Product
from tests.rounds import one_database

pytestmark = [pytest.mark.xdist_group("product"), one_database]  # one process starts the product

COURSE = "deep-learning-with-tensorflow"


def example(product: Product, name: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run an example of the API client as somebody who has the client and nothing else of ours."""
    command = [sys.executable, f"examples/{name}.py", product.address, *arguments]
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": ".", "FINALCHECK_PASSWORD": "finalcheck", **variables}
    folder = ROOT / "clients" / "python"
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=300)


def manage(product: Product, *command: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FINALCHECK_")}
    environ = kept | {"FINALCHECK_DATA": str(product.data), "DJANGO_SETTINGS_MODULE": "config.settings"}
    arguments = [sys.executable, "manage.py", *command]
    return subprocess.run(arguments, cwd=ROOT, env=environ, capture_output=True, text=True)


def code_of(act):
    """Return the code of the problem that `act` raises."""
    with pytest.raises(Problem) as refused:
        act()
    return refused.value.code


def assessments_of(api):
    return [found for module in api.outline(COURSE)["modules"] for found in module["assessments"]]


def assessment_of(api, kind):
    return next(found["id"] for found in assessments_of(api) if found["kind"] == kind)


def signed_in(address, username):
    """Return a browser that signed in through the form."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    form = browser.open(f"{address}/accounts/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    fields = {"csrfmiddlewaretoken": token[1], "login": username, "password": "finalcheck"}
    browser.open(f"{address}/accounts/login/", urllib.parse.urlencode(fields).encode())
    return browser


def test_the_greeting_shows_the_address_and_the_accounts(product):
    assert product.address in product.said
    for account in ("learner", "learner2", "instructor", "admin", "finalcheck"):
        assert re.search(rf"\b{account}\b", product.said)


@pytest.fixture(scope="module")
def said(product):
    """The example's output while it took the course."""
    found = example(product, "take_the_course", "learner")
    assert found.returncode == 0, found.stderr
    return found.stdout


@pytest.fixture
def api(product, said):
    """A client of the learner who has taken the course."""
    found = Client(product.address)
    found.sign_in("learner", "finalcheck")
    return found


def test_the_clients_example_takes_the_whole_course(product, api, said):
    assert ": succeeded" in said
    assert code_of(Client(product.address).me) == "not_authenticated"
    progress = api.progress(COURSE)
    assert {item["state"] for item in progress["items"]} == {"done"}
    assert said.endswith(f"overall: {progress['overall']['percent']} %, not passed\n")


def test_what_is_done_is_done(api):
    review, exam = (assessment_of(api, kind) for kind in ("review", "exam"))
    spent = api.assessment(review)["questions"][0]
    assert code_of(lambda: api.check(spent["id"], guess(spent), 3)) in {"already_final", "attempts_exhausted"}
    settled = api.assessment(exam)["questions"]
    assert all(question["attempts_used"] == 1 and question["feedback"] for question in settled)
    assert code_of(lambda: api.start(exam)) == "sitting_over"


STAFF_TOKEN = """
from django.utils import timezone
from accounts.models import User
from accounts.services import create_token
person = User.objects.get(username="instructor")
print(create_token(user=person, scopes=["read", "write", "staff"], has_used_factor=True, now=timezone.now())[1])
"""


def test_an_example_of_the_client_previews_a_pass_mark_and_changes_it(product, said):
    token = manage(product, "shell", "--no-imports", "--command", STAFF_TOKEN).stdout.strip()
    teacher = Client(product.address, token=token)
    preview = example(product, "set_the_pass_mark", "1", FINALCHECK_TOKEN=token)
    assert re.search(r"^learner: \S+ % to \S+ % now passes$", preview.stdout, re.MULTILINE), preview.stderr
    assert preview.stdout.endswith("Nothing was changed. To publish the pass mark, add --apply.\n")
    assert teacher.grading_policy(COURSE)["settings"]["pass_percent"] == "70"
    applied = example(product, "set_the_pass_mark", "1", "--apply", FINALCHECK_TOKEN=token)
    assert applied.stdout.endswith("The pass mark is 1 % now.\n")
    assert teacher.grading_policy(COURSE)["settings"]["pass_percent"] == "1"
    assert example(product, "set_the_pass_mark", "70", "--apply", FINALCHECK_TOKEN=token).returncode == 0


def test_a_stale_draft_comes_with_the_stored_one(product):
    api = Client(product.address)
    api.sign_in("learner2", "finalcheck")
    questions = [api.assessment(found["id"])["questions"] for found in assessments_of(api) if found["kind"] == "review"]
    question = next(found for several in questions for found in several if found["attempts_used"] == 0)
    first, other = guess(question), guess(question, 1)
    revision = (question["draft"] or {"revision": 0})["revision"]
    saved = api.save(question["id"], first, revision)
    with pytest.raises(Problem) as refused:
        api.save(question["id"], other, revision)
    assert (refused.value.status, refused.value.code) == (409, "stale_draft")
    assert refused.value.facts["draft"] == {"response": first, "revision": saved["revision"]}


def test_a_lab_is_worked_at_from_a_program(product, api):
    lab = api.lab(next(lab["id"] for module in api.outline(COURSE)["modules"] for lab in module["labs"]))
    assert api.put_file(lab["id"], "my data.csv", b"\xff,1\n") == {"name": "my data.csv", "size": 4}
    assert (api.files(lab["id"]), api.file(lab["id"], "my data.csv")) == (
        [{"name": "my data.csv", "size": 4}],
        b"\xff,1\n",
    )
    code = [{"id": cell["id"], "source": cell["source"]} for cell in lab["cells"] if cell["type"] == "code"]
    notebook = api.notebook(lab["id"])
    assert api.cells_of(lab["id"], json.dumps(notebook).encode()) == code
    first = {**code[0], "source": "open('left.txt', 'w').write(str(len(open('my data.csv', 'rb').read())))"}
    run = api.run_lab(lab["id"], [first], mode="cell", cell=first["id"])
    assert [event.data["verdict"] for event in api.events(run["id"]) if event.kind == "finished"] == ["succeeded"]
    assert {"name": "left.txt", "size": 1, "is_kept": True} in api.left_files(run["id"])
    assert (api.left_file(run["id"], "left.txt"), next(api.lab_runs(lab["id"]))["id"]) == (b"4", run["id"])
    assert api.charts(lab["id"]) == {"scalars": [], "histograms": []}
    api.remove_file(lab["id"], "my data.csv")
    api.reset_lab(lab["id"])
    assert api.files(lab["id"]) == []


def test_api_page_gradebook_and_csv_show_one_string(product, api):
    progress = api.progress(COURSE)
    overall, items = progress["overall"]["percent"], [item["percent"] for item in progress["items"]]
    instructor, learner = (signed_in(product.address, name) for name in ("instructor", "learner"))
    page = learner.open(f"{product.address}/courses/{COURSE}/progress/").read().decode()
    gradebook = f"{product.address}/api/v1/courses/{COURSE}/gradebook/"
    rows = json.loads(instructor.open(gradebook).read())["results"]
    sheet = list(csv.DictReader(io.StringIO(instructor.open(f"{gradebook}?format=csv").read().decode())))
    (row,) = [found for found in rows if found["learner"]["username"] == "learner"]
    (line,) = [found for found in sheet if found["username"] == "learner"]
    assert re.findall(r'class="total">\s*([\d.]+)<small', page) == [overall]
    assert (row["overall"]["percent"], [item["percent"] for item in row["items"]]) == (overall, items)
    assert (line["overall_percent"], set(items) <= set(line.values())) == (overall, True)


def test_every_grade_follows_from_the_records(product):
    assert manage(product, "verify_grades").returncode == 0


def test_a_taken_port_is_reported_with_the_command_to_type(product, tmp_path):
    found = manage(Product(tmp_path), "up", "--port", str(product.port))
    assert found.returncode != 0
    assert "make run PORT=" in found.stdout + found.stderr


def test_it_stops_cleanly_and_a_second_start_keeps_the_data(product):
    before = Client(product.address)
    before.sign_in("admin", "finalcheck")
    enroll = {"method": "POST", "path": f"/courses/{COURSE}/enrollment/", "body": {"name": "Ada"}, "key": "once"}
    told = before.call(**enroll)
    assert product.stop(signal.SIGINT)[0] == 0
    product.start()
    assert before.me()["enrollments"] == [COURSE]
    assert before.call(**enroll) == told
    assert code_of(lambda: before.call(**enroll | {"body": {"name": "Eve"}})) == "key_reused"

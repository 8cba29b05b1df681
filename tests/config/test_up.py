"""`manage.py up` as a person at this machine sees it: the real programs, with a separate data folder and port."""

import re
import sqlite3
from contextlib import closing, suppress
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from bench.rig.ports import free_port
from config.up.address import Address
from config.up.greeting import ACCOUNTS, Greeting
from tests.labs.lives import wait_until
from tests.product import up

pytestmark = pytest.mark.xdist_group("product")  # one process starts the product


def browser() -> OpenerDirector:
    return build_opener(HTTPCookieProcessor(CookieJar()))


def sign_in(opener: OpenerDirector, url: str, name: str, password: str) -> str:
    """Sign in and return the address of the page that follows."""
    page = opener.open(f"{url}/accounts/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    form = urlencode({"csrfmiddlewaretoken": token, "login": name, "password": password}).encode()
    return opener.open(Request(f"{url}/accounts/login/", form, {"Referer": url})).geturl()


def test_it_prints_the_address_and_the_accounts(product):
    assert f"Finalcheck is at {product.address} " in product.said
    assert product.said.endswith(f"\n{ACCOUNTS}\n")


def test_a_production_host_is_greeted_with_the_address_that_people_type():
    here, public = Address("127.0.0.1", 8000), "https://learn.example.org"
    assert Greeting(here, is_demo=True, say=print).address_shown == "http://localhost:8000"
    place = Greeting(here, is_demo=False, say=print, public=public).address_shown
    assert place == f"{public}, if a proxy passes requests to http://localhost:8000"


def test_the_web_server_writes_the_heartbeat_for_the_sweeper(product):
    with closing(sqlite3.connect(product.data / "finalcheck.sqlite3")) as database:
        wait_until(lambda: database.execute("SELECT count(*) FROM quizzes_heartbeat").fetchone() != (0,))


def test_the_worker_sweeps_as_well(product):
    with closing(sqlite3.connect(product.data / "finalcheck.sqlite3")) as database:
        command = wait_until(lambda: command_of_the_sweeper(database))
    assert command[1:] == ["manage.py", "work", "--sweep", ""]


def command_of_the_sweeper(database: sqlite3.Connection) -> list[str]:
    """Return the command that sweeps, or nothing. After a restart, the lease is for a while that of a dead process."""
    for (holder,) in database.execute("SELECT holder FROM quizzes_lease WHERE name = 'sweeper'"):
        with suppress(FileNotFoundError):
            return Path("/proc", holder.rpartition("/")[2], "cmdline").read_text().split("\0")
    return []


def test_only_this_user_can_read_database_and_logs(product):
    data = product.data
    files = [*data.glob("finalcheck.sqlite3*"), *data.glob("log/*"), *data.glob("queue/*/*"), *data.glob("*.lock")]
    assert len(files) >= 3
    assert [file.name for file in files if mode_of(file) & 0o077] == []


def mode_of(file: Path) -> int:
    try:
        return file.stat().st_mode
    except FileNotFoundError:  # a worker has taken this message
        return 0


@pytest.mark.parametrize("name", ["learner", "learner2", "instructor", "admin"])
def test_every_printed_account_can_sign_in(product, name):
    assert sign_in(browser(), product.address, name, "finalcheck") == f"{product.address}/"


def test_a_second_start_on_the_same_data_is_refused(product):
    with up(free_port(), product.data) as second:
        shown, _ = second.communicate()
    assert (second.returncode, shown.splitlines()[-2]) == (
        1,
        f"CommandError: Finalcheck already runs on the data in {product.data}. Stop it first, or use another folder:",
    )


def test_a_port_in_use_is_refused_before_anything_is_prepared(product, tmp_path):
    with up(product.port, tmp_path) as second:
        shown, _ = second.communicate()
    assert shown.splitlines()[-1] == f"    make run PORT={product.port + 1}"
    assert not (tmp_path / "up.lock").exists()


def test_the_network_is_not_served_with_the_published_key(tmp_path):
    with up(free_port(), tmp_path, "--host", "0.0.0.0") as process:
        shown, _ = process.communicate()
    assert (process.returncode, shown.splitlines()[-1][:38]) == (1, "    export FINALCHECK_SECRET_KEY=$(pyt")


def test_an_unavailable_database_is_reported_in_a_sentence(tmp_path):
    with up(free_port(), tmp_path, DATABASE_URL=f"postgres://finalcheck@127.0.0.1:{free_port()}/finalcheck") as process:
        shown, _ = process.communicate()
    (said,) = [line for line in shown.splitlines() if line.startswith("CommandError: ")]
    assert (process.returncode, said[:42]) == (1, "CommandError: The database does not answer")
    assert "Traceback" not in shown

"""Settings that a file holds, as container engines mount secrets."""

import json
import os
import subprocess
import sys

import pytest

from config.environment import ROOT, Environment
from config.misconfigured import Misconfigured
from config.secret_files import LONGEST_SECRET, SECRETS
from config.up.address import Address, refuse_network

KEY = "a-key-of-this-test-0123456789-abcdefghijklmnopqrstuvwxyz"
SHOW = """
import json
from config import settings as s
print(json.dumps([s.SECRET_KEY, s.DATABASES["default"]["PASSWORD"], s.METRICS_TOKEN]))
"""


def read(name, file):
    return Environment({f"FINALCHECK_{name}_FILE": str(file)}).text(name)


def test_a_program_reads_its_secrets_from_the_files_that_are_named(tmp_path):
    contents = {
        "SECRET_KEY": f"{KEY}\n",
        "DATABASE_URL": "postgres://finalcheck:p%40ss@127.0.0.1/finalcheck\n",
        "METRICS_TOKEN": "a-token-of-this-test-0123",
    }
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FINALCHECK_")}
    environ |= {"FINALCHECK_PUBLIC_URL": "https://learn.example.org", "FINALCHECK_DATA": str(tmp_path / "data")}
    for name, content in contents.items():
        (tmp_path / name).write_text(content)
        environ[f"FINALCHECK_{name}_FILE"] = str(tmp_path / name)
    shown = subprocess.check_output((sys.executable, "-c", SHOW), cwd=ROOT, env=environ, text=True)
    assert json.loads(shown) == [KEY, "p@ss", "a-token-of-this-test-0123"]


def test_a_secret_in_a_file_is_never_logged(tmp_path):
    (tmp_path / "mail").write_text("smtps://user:p%40ssword@mail.example.org:465\n")
    secrets = Environment({"FINALCHECK_EMAIL_URL_FILE": str(tmp_path / "mail")}).secrets()
    assert secrets == ("p%40ssword", "p@ssword")


def test_a_key_in_a_file_is_a_key_with_which_the_network_may_be_served(tmp_path):
    (tmp_path / "key").write_text(KEY)
    assert refuse_network(Address("192.0.2.7", 8000), {"FINALCHECK_SECRET_KEY_FILE": str(tmp_path / "key")}) == ""


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "cannot be read (No such file or directory)"),
        (b"", "holds no single line of text"),
        (b" \n", "holds no single line of text"),
        (b"one\ntwo\n", "holds no single line of text"),
        (b"x" * (LONGEST_SECRET + 1), "holds no single line of text"),
        (b"\xff\xfe", "holds no text"),
    ],
    ids=["missing", "empty", "blank", "two lines", "long", "bytes"],
)
def test_a_file_without_a_secret_stops_the_start_and_the_message_quotes_none_of_it(tmp_path, content, problem):
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Misconfigured) as stopped:
        read("SECRET_KEY", file)
    assert str(stopped.value).startswith(f"FINALCHECK_SECRET_KEY_FILE cannot be used: {file} {problem}. ")


def test_a_setting_and_its_file_stop_the_start_together(tmp_path):
    values = {"FINALCHECK_SECRET_KEY": KEY, "FINALCHECK_SECRET_KEY_FILE": str(tmp_path / "key")}
    with pytest.raises(Misconfigured, match="FINALCHECK_SECRET_KEY and FINALCHECK_SECRET_KEY_FILE are both set"):
        Environment(values).text("SECRET_KEY")


def test_only_secrets_may_be_in_files():
    Environment({f"FINALCHECK_{name}_FILE": "/run/secrets/one" for name in SECRETS}).refuse_unknown()
    with pytest.raises(Misconfigured, match="FINALCHECK_SITE_NAME_FILE is not a setting"):
        Environment({"FINALCHECK_SITE_NAME_FILE": "/run/secrets/one"}).refuse_unknown()

"""What was confirmed must be on the disk, so `manage.py doctor` names each setting of the server that would prevent that."""

import os
import re
import subprocess
import sys

from tests.durability.clusters import ROOT, new_cluster
from tests.rounds import second_round

pytestmark = second_round

ALL_OFF = "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n"
LOST = "If it loses power, answers that were confirmed can be lost."
ADVICE = "    → Set this to on in postgresql.conf, and restart the database server."


def what_the_doctor_says_of_the_database(url, folder):
    """Return what it says and advises, on a host whose settings are the product's own."""
    environ = {**os.environ, "FINALCHECK_DATABASE_URL": url, "FINALCHECK_DATA": str(folder)}
    command = [sys.executable, "manage.py", "doctor"]
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    return re.findall(r"^.*database: .*$(?:\n    → .*)?", ended.stdout, re.MULTILINE)


def test_the_doctor_names_what_would_lose_confirmed_answers(tmp_path):
    with new_cluster() as cluster:
        version, *others = what_the_doctor_says_of_the_database(cluster.url, tmp_path)
        assert (version.startswith("ok  database: PostgreSQL"), others) == (True, [])
        cluster.configure(ALL_OFF)
        cluster.stop("fast")
        cluster.start()
        off = "fsync = off, full_page_writes = off, synchronous_commit = off"
        assert what_the_doctor_says_of_the_database(cluster.url, tmp_path) == [
            version,
            f"do  database: The server has {off}. {LOST}\n{ADVICE}",
        ]
        cluster.configure("fsync = on\nfull_page_writes = on\nsynchronous_commit = remote_apply\n")
        cluster.stop("fast")
        cluster.start()
        assert what_the_doctor_says_of_the_database(cluster.url, tmp_path) == [version]

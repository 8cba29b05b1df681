"""The image writes backups and brings them back, as deploy/compose and deploy/kubernetes ask it to."""

import re

import pytest

from config.environment import ROOT
from tests.config.proofs.image import built_image, server_inside
from tests.rounds import one_database

pytestmark = one_database
KEY = "a-key-of-this-test-0123456789-abcdefghijklmnopqrstuvwxyz"
(SERVER,) = re.findall(r"image: postgres:(\d+)\n", (ROOT / "deploy/compose/compose.yaml").read_text())
PEOPLE = "SELECT string_agg(username, ' ' ORDER BY username) FROM course_user"


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    with built_image(tmp_path_factory.mktemp("image"), ROOT / "build/uv/bin/uv") as built:
        yield built


@pytest.fixture(scope="module")
def site(image):
    """A PostgreSQL, and the settings with which programs in the image use it: secrets are in files of their user."""
    with server_inside(image, SERVER) as cluster:
        folder = image.root / "run/secrets"
        folder.mkdir(exist_ok=True)
        (folder / "key").write_text(KEY)
        (folder / "database").write_text(cluster.url)
        image.environ |= {
            "FINALCHECK_PUBLIC_URL": "https://learn.example.org",
            "FINALCHECK_SECRET_KEY_FILE": "/run/secrets/key",
            "FINALCHECK_DATABASE_URL_FILE": "/run/secrets/database",
        }
        yield cluster


def done(ended) -> str:
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_a_backup_that_the_image_wrote_is_brought_back_by_the_image(image, site):
    done(image.manage("prepare"))
    who = {"DJANGO_SUPERUSER_PASSWORD": "a password of this test 0123"}
    done(image.manage("createsuperuser", "--noinput", "--username", "first", "--email", "first@example.org", **who))
    written = done(image.manage("backup", "--into", "/backups", "--keep", "14"))
    (archive,) = (image.root / "backups").iterdir()
    assert written.startswith(f"/backups/{archive.name}: ")
    assert (archive.stat().st_uid, archive.stat().st_mode & 0o777) == (10001, 0o600)
    before = site.ask(PEOPLE)
    assert "first" in before.split()
    done(image.manage("createsuperuser", "--noinput", "--username", "later", "--email", "later@example.org", **who))
    refused = image.manage("restore", f"/backups/{archive.name}")
    assert "This database holds courses or people. Nothing was changed." in refused.stderr
    restored = done(image.manage("restore", f"/backups/{archive.name}", "--replace"))
    assert "Every checksum is right." in restored
    done(image.manage("migrate"))
    done(image.manage("verify_grades"))
    assert site.ask(PEOPLE) == before


def test_the_image_has_the_client_programs_of_the_server_that_compose_starts(image):
    for program in ("pg_dump", "pg_restore", "psql"):
        assert done(image.run(f"{program} --version")).split()[2].split(".")[0] == SERVER


def test_programs_of_the_image_write_only_where_volumes_are(image, site):
    refused = image.run("touch /srv/finalcheck/manage.py")
    assert "Permission denied" in refused.stderr
    assert done(image.run("touch /var/lib/finalcheck/one /backups/one && rm /backups/one; id -u")).strip() == "10001"


def test_a_misspelled_setting_stops_the_start(image, site):
    stopped = image.manage("serve", "web", FINALCHECK_SIGN_UPS="1")
    assert (stopped.returncode, "Did you mean FINALCHECK_SIGN_UP?" in stopped.stderr) == (1, True)

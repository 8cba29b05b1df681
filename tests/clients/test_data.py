"""The package with the labs' data for work at home, and the page of the course that says how to install it."""

import re
import tomllib
from email import message_from_bytes
from zipfile import ZipFile

from tests.content.shipped import FOLDER
from tests.rounds import one_database

pytestmark = one_database
PROJECT = FOLDER.parents[1] / "clients" / "data"
PAGE = (FOLDER / "appendix" / "30-at-home.md").read_text()
COMMANDS = re.findall(r"^```\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
QUOTED = re.compile(r'"[^"$`!%]*"')  # means the same in sh, bash, zsh, fish, the command prompt and PowerShell
PLAIN = re.compile(r"[\w./\\-]+")


def declared() -> dict:
    return tomllib.loads((PROJECT / "pyproject.toml").read_text())


def wheel() -> ZipFile:
    project = declared()["project"]
    return ZipFile(FOLDER / "appendix" / f"finalcheck_data-{project['version']}-py3-none-any.whl")


def test_the_wheel_that_the_course_offers_holds_what_labs_load():
    included = declared()["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    with wheel() as offered:
        found = {name: offered.read(name) for name in offered.namelist() if ".dist-info/" not in name}
    assert found == {name: (PROJECT / source).read_bytes() for source, name in included.items()}


def test_the_wheel_says_of_itself_what_the_project_declares():
    project = declared()["project"]
    with wheel() as offered:
        metadata = message_from_bytes(offered.read(f"finalcheck_data-{project['version']}.dist-info/METADATA"))
    names = ("Version", "Summary", "License-Expression", "Requires-Python")
    wanted = [project[name] for name in ("version", "description", "license", "requires-python")]
    assert [metadata[name] for name in names] == wanted
    assert metadata.get_all("Requires-Dist") == project["dependencies"]
    assert metadata.get_payload(decode=True).decode().strip() == (PROJECT / "README.md").read_text().strip()


def test_the_page_names_the_wheel_that_is_offered():
    assert set(re.findall(r"[\w.-]+\.whl", PAGE)) == {wheel().filename.rpartition("/")[2]}


def test_commands_for_home_mean_the_same_in_every_shell():
    arguments = [word for block in COMMANDS for word in re.findall(r'"[^"]*"|\S+', block)]
    assert len(arguments) > 30
    assert [word for word in arguments if not (QUOTED.fullmatch(word) or PLAIN.fullmatch(word))] == []

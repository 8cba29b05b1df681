"""Static files as collectstatic produces them."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from config.environment import ROOT

pytestmark = pytest.mark.xdist_group("assets")  # one process starts what the module shares

FIRST_VISIT = 60_000  # bytes, compressed, without fonts


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    collect(folder)
    return folder


def collect(folder: Path) -> None:
    from django.conf import settings

    hashed = {**settings.STORAGES, "staticfiles": {"BACKEND": "config.assets.Assets"}}
    with override_settings(STATIC_ROOT=folder, STORAGES=hashed):
        call_command("collectstatic", interactive=False, verbosity=0)


def hashed_name(folder: Path, name: str) -> str:
    return json.loads((folder / "staticfiles.json").read_text())["paths"][name]


def test_modules_import_each_other_by_hashed_names(collected):
    page = (collected / hashed_name(collected, "js/page.js")).read_text()
    imported = re.findall(r'import\s*"\./([^"]+)"', page)
    assert sorted(f"js/{name}" for name in imported) == sorted(
        hashed_name(collected, f"js/{name}.js") for name in ("shortcuts", "theme", "zone")
    )


def test_style_sheets_name_fonts_and_drawings_by_hashed_names(collected):
    sheets = [collected / hashed_name(collected, f"css/{path.name}") for path in (ROOT / "static/css").iterdir()]
    named = {name for sheet in sheets for name in re.findall(r'url\("?\.\./([^")]+)"?\)', sheet.read_text())}
    assert named
    assert [
        name for name in named if not (collected / name).is_file() or not re.search(r"\.[0-9a-f]{12}\.", name)
    ] == []


def test_a_style_sheet_contains_what_it_imports(collected):
    sheet = (collected / hashed_name(collected, "css/page.css")).read_text()
    assert "@import" not in sheet
    places = [sheet.index(first) for first in (":root {", "body {", ".btn {")]
    assert places == sorted(places)


def test_collecting_again_changes_nothing(collected):
    before = hashed_name(collected, "css/page.css")
    collect(collected)
    assert hashed_name(collected, "css/page.css") == before
    assert "@import" not in (collected / before).read_text()


def test_styles_and_scripts_of_a_lesson_leave_room_for_its_text(collected):
    sheets = ("page", "text", "lesson")
    scripts = ("page", "theme", "zone", "shortcuts", "lesson", "listings", "csrf", "words")
    names = [*(f"css/{name}.css" for name in sheets), *(f"js/{name}.js" for name in scripts)]
    total = sum((collected / f"{hashed_name(collected, name)}.gz").stat().st_size for name in names)
    assert total < FIRST_VISIT / 3


def test_fonts_of_a_page_with_math_stay_small():
    names = ("archivo", "spline-sans-mono", "stix-two-math")
    assert sum((ROOT / f"static/fonts/{name}.woff2").stat().st_size for name in names) < 90_000


def test_every_font_has_its_licence():
    licences = [path.read_text() for path in (ROOT / "static/fonts").glob("*-OFL.txt")]
    assert len(licences) == 3
    assert all("SIL OPEN FONT LICENSE Version 1.1" in text for text in licences)


def test_no_style_sheet_or_script_is_longer_than_400_lines():
    files = [*(ROOT / "static/css").glob("*.css"), *(ROOT / "static/js").glob("*.js")]
    assert [file.name for file in files if len(file.read_text().splitlines()) > 400] == []

"""A learner's own notes in lessons."""

import pytest

pytestmark = pytest.mark.django_db


def test_lessons_notes_are_saved_listed_and_deleted(world):
    ada, address = world.client("ada"), f"/api/v1/lessons/{world.ids['lesson_id']}/notes/"
    note = f"{address}{world.ids['note_id']}/"
    saved = ada.put(note, {"text": "Changed.", "revision": 1}).json()
    assert (saved["text"], saved["revision"], ada.get(address).json()["results"]) == ("Changed.", 2, [saved])
    assert ada.put(note, {"text": "Other.", "revision": 1}).json()["code"] == "stale_note"
    assert (ada.delete(note).status_code, ada.get(address).json()["results"]) == (204, [])


def test_courses_notes_come_as_pages_or_as_one_text(world):
    address = f"/api/v1/courses/{world.ids['slug']}/notes/"
    told = {role: world.client(role).get(address).json()["results"] for role in ("ada", "bob")}
    assert ([note["text"] for note in told["ada"]], told["bob"]) == (["Hers."], [])
    text = world.client("ada").get(address, {"format": "markdown"})
    assert (text["Content-Type"], "Hers." in text.content.decode()) == ("text/markdown; charset=utf-8", True)

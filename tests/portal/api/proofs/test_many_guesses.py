"""Ten thousand generated requests, different ones each time: no 5xx, nothing undocumented."""

import json

from django.db import connection

from config.environment import ROOT
from tests.portal.api.guessing import follow_links, guess


def test_ten_thousand_guesses_get_documented_answers(caller):
    guess(caller, each=155, is_same=False)
    guessed = caller.asked
    follow_links(caller, walks=300, steps=12, is_same=False)
    write_down(guessed, caller.asked - guessed, caller.statuses)
    assert caller.asked >= 10_000


def write_down(guessed: int, walked: int, statuses: dict[int, int]) -> None:
    figures = {"database": connection.vendor, "guessed requests": guessed, "requests along links": walked}
    figures |= {f"answered {status}": number for status, number in sorted(statuses.items())}
    folder = ROOT / "build" / "proofs"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "api_guesses.json").open("a") as file:
        file.write(json.dumps(figures) + "\n")

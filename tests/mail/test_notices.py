"""Notices by email: each says what happened and leads to the page with the details."""

from pathlib import Path

import pytest

from mail.rules.notices import PAGES
from mail.services.letters import notice_words

NOTICES = Path(__file__).resolve().parents[2] / "templates" / "mail" / "notices"


def test_each_notice_has_its_words_and_leads_to_the_page_that_has_the_details():
    assert {file.stem for file in NOTICES.iterdir()} == PAGES.keys()
    assert PAGES == {
        "exam_time": "",
        "dates": "",
        "attempts": "",
        "minutes": "exam/",
        "regrade": "progress/",
        "lab_regrade": "progress/",
        "report": "reports/",
        "help": "help/",
        "release": "progress/",
        "goal": "",
        "certificate": "progress/",
    }


@pytest.mark.parametrize("what", PAGES)
def test_a_notice_has_a_short_subject_and_whole_sentences_without_numbers(what):
    title, sentence = notice_words(what)
    assert 0 < len(title) < 60
    assert not title.endswith(".")
    assert sentence.endswith(".")
    assert not any(sign.isdigit() for sign in title + sentence)

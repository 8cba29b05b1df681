"""Notices by email: each says what happened and leads to the page with the details."""

import pytest

from mail.rules.notices import NOTICES

PAGES = {  # below the course's address
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


def test_each_notice_leads_to_the_page_that_has_the_details():
    assert {name: notice.page for name, notice in NOTICES.items()} == PAGES


@pytest.mark.parametrize("notice", NOTICES.values(), ids=NOTICES)
def test_a_notice_has_a_short_title_and_whole_sentences(notice):
    assert 0 < len(notice.title) < 60
    assert not notice.title.endswith(".")
    assert notice.sentence.endswith(".")

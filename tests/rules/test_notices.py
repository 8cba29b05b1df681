"""Notices by email: each has its words, and leads to the page that shows what happened."""

from pathlib import Path

import pytest

from mail.rules.notices import PAGES

NOTICES = Path(__file__).resolve().parents[2] / "templates" / "mail" / "notices"


def words_of(what):
    return " ".join((NOTICES / f"{what}.txt").read_text().split())


def test_every_notice_has_its_words():
    assert {file.stem for file in NOTICES.iterdir()} == PAGES.keys()


@pytest.mark.parametrize("what", PAGES)
def test_a_notice_that_names_the_progress_page_leads_there(what):
    assert ("Progress page" in words_of(what)) is (PAGES[what] == "progress/")


def test_added_minutes_lead_to_the_exam_and_an_instructors_reply_to_what_the_learner_wrote():
    assert (PAGES["minutes"], PAGES["report"], PAGES["help"]) == ("exam/", "reports/", "help/")


def test_what_concerns_several_parts_of_a_course_leads_to_the_course():
    assert {what for what, page in PAGES.items() if page == ""} == {"exam_time", "dates", "attempts", "goal"}

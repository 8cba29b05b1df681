"""Notices by email: a short subject, and sentences that leave the details to the page."""

import pytest

from mail.rules.notices import PAGES
from mail.services.letters import notice_words


@pytest.mark.parametrize("what", PAGES)
def test_a_notice_has_a_short_subject_and_whole_sentences_without_numbers(what):
    title, sentence = notice_words(what)
    assert 0 < len(title) < 60
    assert not title.endswith(".")
    assert sentence.endswith(".")
    assert not any(sign.isdigit() for sign in title + sentence)

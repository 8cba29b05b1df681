"""Account pages speak the product's words: the templates are allauth's, their headings and buttons ours."""

import gettext
import re
from pathlib import Path

import pytest

WORDS = Path(__file__).parents[2] / "locale" / "en" / "LC_MESSAGES"


def test_what_is_compiled_is_what_is_written():
    written = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', (WORDS / "django.po").read_text(), re.MULTILINE))
    with (WORDS / "django.mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)
    assert len(written) > 30
    assert {source: catalogue.gettext(source) for source in written} == written


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/accounts/password/reset/", "Reset your password"),
        ("/accounts/password/reset/key/1-set-password/", "This link has been used or is too old"),
    ],
)
def test_a_heading_of_allauth_reads_as_one_of_ours(client, path, heading):
    assert re.findall(r"<h1[^>]*>\s*(.*?)\s*</h1>", client.get(path).content.decode()) == [heading]

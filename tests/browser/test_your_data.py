"""Settings → Your data in every look: asking for the archive, deleting the account, and keeping it after all."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.rights.services import build_next_export, request_export
from tests import factories as make
from tests.browser.shots import look_at
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]


def test_a_person_gets_their_archive_and_may_change_their_mind_about_leaving(open_page, look, course, learner):
    page = open_page(look)
    page.goto("/accounts/login/?next=/settings/data/")
    page.get_by_label("Username or email").fill(learner.username)
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Your data")).to_be_visible()
    look_at(page, "your-data", look)
    request_export(user=learner, asked_by=learner, now=timezone.now())
    assert build_next_export(clock=timezone.now)
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.endswith(".zip")
    look_at(page, "your-data-ready", look)
    page.goto("/settings/data/delete/")
    look_at(page, "delete-account-confirm", look)
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    look_at(page, "delete-account", look)
    page.get_by_role("button", name="Delete").click()
    page.goto("/")
    expect(page.get_by_role("button", name="Keep my account")).to_be_visible()
    look_at(page, "delete-account-waiting", look)
    page.get_by_role("button", name="Keep my account").click()
    expect(page.get_by_text("Your account stays")).to_be_visible()

"""People can look at the password that they type, by a button that exists only with a script."""

import re

import pytest
from playwright.sync_api import expect

BUTTON = re.compile("^Show .*password")


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/signup/"])
def test_a_password_is_shown_and_hidden_again_and_never_sent_as_plain_text(db, open_page, address):
    page = open_page()
    page.goto(address)
    button = page.get_by_role("button", name=BUTTON)
    expect(button).to_have_attribute("aria-pressed", "false")
    field = page.locator(f"[id='{button.get_attribute('data-shows')}']")
    field.fill("a long walk at night")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(field).to_have_attribute("type", "text")
    expect(field).to_have_value("a long walk at night")
    button.click()
    expect(field).to_have_attribute("type", "password")
    button.click()
    field.evaluate("field => field.form.addEventListener('submit', event => event.preventDefault())")
    field.evaluate("field => field.form.dispatchEvent(new SubmitEvent('submit', { cancelable: true }))")
    expect(field).to_have_attribute("type", "password")


def test_each_field_has_its_own_button_where_a_password_is_changed(learner, open_page):
    page = open_page(user=learner)
    page.goto("/accounts/password/change/")
    buttons = page.get_by_role("button", name=BUTTON)
    expect(buttons.first).to_be_visible()
    names = [button.get_attribute("aria-label") for button in buttons.all()]
    assert len(set(names)) == len(names) == page.locator("main input[type=password]").count() > 1


def test_without_a_script_there_is_no_button(db, open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/accounts/login/")
    expect(page.locator("input[type=password]")).to_be_visible()
    expect(page.get_by_role("button", name=BUTTON)).to_have_count(0)

"""People at a browser."""

from typing import Any

from django.test import Client
from playwright.sync_api import BrowserContext


def sign_in(context: BrowserContext, user: Any, url: str) -> None:
    """By a session as the form would make it, without the form's deliberate cost."""
    client = Client()
    client.force_login(user)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])

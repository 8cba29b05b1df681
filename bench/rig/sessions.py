"""python -m bench.rig.sessions PREFIX: sign in everybody whose username begins with PREFIX, and print the keys as JSON."""

import json
import sys
from importlib import import_module

import django

django.setup()

from django.conf import settings  # noqa: E402 - the settings come first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model  # noqa: E402

SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


def sign_in(user) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


if __name__ == "__main__":
    people = get_user_model().objects.filter(username__startswith=sys.argv[1]).order_by("pk")
    print(json.dumps([sign_in(user) for user in people]))

"""The web server: who may hold a connection, send a body and get a turn, so that nobody can stop an exam.

Every connection and request counts against a party: a person whose session or token this process has accepted, or else
the address that it comes from. docs/security.md ("Availability") says which attacker is held off by what.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

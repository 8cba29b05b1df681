"""What the variables of a production host make of the settings."""

import json
import os
import subprocess
import sys

import pytest

from config.environment import ROOT

PRODUCTION = {
    "FINALCHECK_PUBLIC_URL": "https://learn.example.org",
    "FINALCHECK_SECRET_KEY": "x" * 64,
    "FINALCHECK_DATABASE_URL": "postgres://finalcheck@127.0.0.1/finalcheck",
}
PROGRAM = """
import json
from config import settings as s
proxies = [s.ALLAUTH_TRUSTED_PROXY_COUNT, s.REST_FRAMEWORK["NUM_PROXIES"]]
header = getattr(s, "SECURE_PROXY_SSL_HEADER", None)
print(json.dumps({"proxies": proxies, "header": header, "cookies": [s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE]}))
"""


@pytest.mark.parametrize(
    ("proxy", "proxies", "header"), [("0", [0, 0], None), ("1", [1, 1], ["HTTP_X_FORWARDED_PROTO", "https"])]
)
def test_a_proxy_is_believed_for_scheme_and_address_alike_and_only_where_one_is_named(tmp_path, proxy, proxies, header):
    environ = {**os.environ, **PRODUCTION, "FINALCHECK_PROXY": proxy, "FINALCHECK_DATA": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, env=environ, capture_output=True, check=True)
    assert json.loads(done.stdout) == {"proxies": proxies, "header": header, "cookies": [True, True]}

"""How a production host's variables change the settings, and how a wrong one stops every program."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.rig.ports import free_port
from config.environment import ROOT, Environment
from config.up.address import Address
from config.up.programs import web

PRODUCTION = {
    "FINALCHECK_PUBLIC_URL": "https://learn.example.org",
    "FINALCHECK_SECRET_KEY": "a-key-of-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "FINALCHECK_DATABASE_URL": "postgres://finalcheck@127.0.0.1/finalcheck",
}
PROGRAM = """
import json
from config import settings as s
proxies = [s.ALLAUTH_TRUSTED_PROXY_COUNT, s.REST_FRAMEWORK["NUM_PROXIES"]]
header = getattr(s, "SECURE_PROXY_SSL_HEADER", None)
hsts = [s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD]
cookies = [s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE]
addresses = [s.SECURE_SSL_HOST, s.PUBLIC_URL]
mailer = s.MAILERS["default"]["BACKEND"].rpartition(".")[2]
failures = s.SIGN_IN_LIMITS["address"]
print(json.dumps({"proxies": proxies, "header": header, "cookies": cookies, "hsts": hsts,
    "addresses": addresses, "mailer": mailer, "failures": failures, "media": s.SECURE_CSP.get("media-src"), "site": s.SITE_URL}))
"""
WRONG = [
    ("EMAIL_URL", "mail.example.org:465", "is not the address of a mail server"),
    ("EMAIL_URL", "smtp.example.org", "is not the address of a mail server"),
    ("EMAIL_URL", "smtps://user:pass/word@mail.example.org:465", "is malformed"),
    ("EMAIL_URL", "smtps://user:password@mail.example.org:imap", "is malformed"),
    ("EMAIL_URL", "smtps://user:password@mail.example.org/inbox", "is not the address of a mail server"),
    ("EMAIL_FROM", "Finalcheck", "is 'Finalcheck'"),
    ("REDIS_URL", "127.0.0.1:6379", "is not the address of a Redis server"),
    ("REDIS_URL", "redis://127.0.0.1:six/0", "is malformed"),
    ("DATABASE_URL", "postgres://finalcheck@127.0.0.1:port/finalcheck", "is malformed"),
    ("DATABASE_URL", "postgres://127.0.0.1", "names no database"),
    ("DATABASE_URL", "postgres://127.0.0.1/finalcheck?sslmod=require", "has the unknown option 'sslmod'"),
    ("BREACHED_PASSWORDS", "/nowhere/passwords.txt", "names no file"),
    ("DATABASE_URL", "mysql://127.0.0.1/finalcheck", "begins with 'mysql'"),
    ("PUBLIC_URL", "http://learn.example.org", "is not an https address"),
    ("PUBLIC_URL", "https://learn.example.org/course", "is not an https address"),
    ("HOSTS", "https://a.example.org", "names 'https://a.example.org'"),
    ("OLD_SECRET_KEYS", "short", "has a key shorter than 50 characters"),
    ("SECRET_KEY", "short", "is missing or shorter than 50 characters"),
    ("THREADS", "many", "is 'many'"),
    ("SIGN_IN_FAILURES", "9", "is '9'"),
    ("SIGN_IN_FAILURES", "all", "is 'all'"),
    ("RUNS_KEPT_DAYS", "0", "is '0'"),
    ("EXPORTS_KEPT_DAYS", "week", "is 'week'"),
    ("DELETION_WAITS_DAYS", "0", "is '0'"),
    ("SESSIONS_KEPT_DAYS", "4000", "is '4000'"),
    ("UNUSED_ACCOUNTS_DAYS", "0", "is '0'"),
    ("WEB_PROCESSES", "0", "is '0'"),
    ("STAFF_SESSION_HOURS", "0", "is '0'"),
    ("SIGN_UP", "perhaps", "is 'perhaps'"),
    ("PROXY", "6", "is '6'. Write 0, or how many proxies are in a row, 1 to 5."),
    ("FAST", "prepared", "names 'prepared', which is not a piece"),
    ("TREADS", "4", "is not a setting. Did you mean FINALCHECK_THREADS?"),
    ("SIGN_UPS", "1", "is not a setting. Did you mean FINALCHECK_SIGN_UP?"),
    ("QQQQ", "1", "is not a setting. Delete it."),
    ("METRICS_PORT", "70000", "is '70000'"),
    ("LOG", "xml", "is 'xml'"),
    ("ACCESS_LOG", "perhaps", "is 'perhaps'"),
    ("METRICS_TOKEN", "short", "is shorter than 20 characters"),
    ("DISK_FREE_MB", "half", "is 'half'"),
    ("OTLP_ENDPOINT", "127.0.0.1:4318", "is not the address of a collector of traces"),
    ("OTLP_ENDPOINT", "http://user:password@127.0.0.1:4318", "is not the address of a collector of traces"),
    ("SENTRY_DSN", "https://errors.example.org/1", "is not the address of a collector of errors"),
    ("SENTRY_DSN", "https://key@errors.example.org/finalcheck", "is not the address of a collector of errors"),
    ("SENTRY_DSN", "https://key@errors.example.org:port/1", "is malformed"),
    ("SIGN_IN_FAILURES", "9", "is '9'"),
    ("SIGN_IN_FAILURES", "100001", "is '100001'"),
    ("SIGN_IN_FAILURES", "-20", "is '-20'"),
    ("RUNNERS", "runner-a.example.org:7443", "has 'runner-a.example.org:7443'"),
    ("RUNNERS", "a=runner-a.example.org", "has 'a=runner-a.example.org'"),
    ("RUNNERS", "a=runner-a.example.org:7443/x", "has 'a=runner-a.example.org:7443/x'"),
    ("RUNNERS", "A=runner-a.example.org:7443", "has 'A=runner-a.example.org:7443'"),
    ("RUNNERS", "a=runner-a.example.org:seven", "is malformed"),
    ("WEB_URL", "127.0.0.1:8000", "is not an http address"),
    ("WEB_URL", "https://127.0.0.1:8000", "is not an http address"),
    ("WEB_URL", "http://127.0.0.1:web", "is malformed"),
    ("PROXY", "perhaps", "is 'perhaps'"),
    ("HSTS_PRELOAD", "perhaps", "is 'perhaps'"),
    ("DATA", "/dev/null/data", "cannot be used"),
    ("MEDIA_HOSTS", "https://media.example.org", "has 'https://media.example.org'"),
    ("MEDIA_HOSTS", "media.example.org,media.example.org:8443", "has 'media.example.org:8443'"),
    ("MEDIA_HOSTS", "*.example.org", "has '*.example.org'"),
    ("MEDIA_HOSTS", "media.example.org; script-src *", "has 'media.example.org; script-src *'"),
    ("MEDIA_HOSTS", "mediä.example.org", "has 'mediä.example.org'"),
    ("MEDIA_HOSTS", "10.0.0.1", "has '10.0.0.1'"),
    ("MEDIA_HOSTS", "localhost", "has 'localhost'"),
]
REDIRECT = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from django.test import Client
answer = Client().get("/glossary/?words=a%20b", headers={"host": "learn.example.org:8080"})
print(answer.status_code, answer["Location"])
"""
COOKIES = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from config.messages import NamedCookie
from accounts.adapters import remember_device
from accounts.models import User
client = Client(headers={"host": "learn.example.org"})
client.post("/settings/theme/", {"theme": "dark"}, secure=True)
request, answer = HttpRequest(), HttpResponse()
remember_device(request, answer, User(pk=1))
NamedCookie(request)._update_cookie("saved", answer)
client.cookies.update(answer.cookies)
for kind in ("SESSION", "CSRF"):
    print(*(getattr(settings, f"{kind}_COOKIE_{what}") for what in ("NAME", "SECURE", "PATH")))
for cookie in client.cookies.values():
    print(cookie.key, cookie["secure"], cookie["path"])
"""
STARTS = {
    "manage.py up": ("manage.py", "up", "--port", "PORT"),
    "manage.py migrate": ("manage.py", "migrate"),
    "manage.py help": ("manage.py", "help"),
    "manage.py sweep": ("manage.py", "sweep"),
    "celery": ("-m", "celery", "-A", "config", "worker"),
    "config.server": ("-m", "config.server", "--port", "PORT"),
}


def environ(data: Path, **variables: str) -> dict[str, str]:
    ours = {f"FINALCHECK_{name}": value for name, value in variables.items()}
    inherited = {
        name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"
    }  # a browser test sets it
    return {**inherited, **PRODUCTION, "FINALCHECK_DATA": str(data), **ours}


def settings(data: Path, **variables: str) -> dict:
    return json.loads(printed(PROGRAM, data, **variables))


def printed(program: str, data: Path, **variables: str) -> str:
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, env=environ(data, **variables), capture_output=True, text=True, check=True)
    return done.stdout


def start(arguments: tuple[str, ...], data: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *(str(free_port()) if word == "PORT" else word for word in arguments)]
    return subprocess.run(
        command, cwd=ROOT, env=environ(data, **variables), capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("proxy", "proxies", "header"),
    [
        ("0", [0, 0], None),
        ("1", [1, 1], ["HTTP_X_FORWARDED_PROTO", "https"]),
        ("2", [2, 2], ["HTTP_X_FORWARDED_PROTO", "https"]),
    ],
)
def test_a_proxy_is_believed_for_scheme_and_address_alike_and_only_where_one_is_named(tmp_path, proxy, proxies, header):
    found = settings(tmp_path, PROXY=proxy)
    assert (found["proxies"], found["header"], found["cookies"]) == (proxies, header, [True, True])


def test_a_production_hosts_cookies_come_only_over_https_and_from_this_host(tmp_path):
    assert sorted(printed(COOKIES, tmp_path).splitlines()) == [
        "__Host-csrftoken True /",
        "__Host-messages True /",
        "__Host-sessionid True /",
        "__Host-theme True /",
        "__Secure-known_device True /accounts/",
    ]


@pytest.mark.parametrize(
    ("chosen", "hsts"),
    [({}, [False, False]), ({"HSTS_SUBDOMAINS": "1"}, [True, False]), ({"HSTS_PRELOAD": "1"}, [True, True])],
)
def test_subdomains_and_preload_lists_are_bound_only_where_the_host_says_so(tmp_path, chosen, hsts):
    assert settings(tmp_path, **chosen)["hsts"] == hsts


@pytest.mark.parametrize(
    ("hosts", "sources"),
    [
        ({}, None),
        ({"MEDIA_HOSTS": " "}, None),
        (
            {"MEDIA_HOSTS": "Media.example.org, cdn.example.net,media.example.org"},
            ["'self'", "https://media.example.org", "https://cdn.example.net"],
        ),
    ],
)
def test_pages_may_load_recordings_only_from_the_hosts_that_are_named(tmp_path, hosts, sources):
    assert settings(tmp_path, **hosts)["media"] == sources


@pytest.mark.parametrize(
    ("public", "addresses"),
    [
        ("https://learn.example.org/", ["learn.example.org", "https://learn.example.org"]),
        ("https://learn.example.org:443", ["learn.example.org", "https://learn.example.org"]),
        ("https://Learn.example.org:8443", ["learn.example.org:8443", "https://learn.example.org:8443"]),
    ],
)
def test_plain_http_is_redirected_to_the_public_address_and_its_port(tmp_path, public, addresses):
    assert settings(tmp_path, PUBLIC_URL=public)["addresses"] == addresses


@pytest.mark.parametrize("port", ["", ":8443"])
def test_a_request_over_plain_http_is_answered_with_the_public_address_and_its_port(tmp_path, port):
    public = f"https://learn.example.org{port}"
    assert printed(REDIRECT, tmp_path, PUBLIC_URL=public) == f"301 {public}/glossary/?words=a%20b\n"


@pytest.mark.parametrize(
    ("variables", "mailer"),
    [
        ({}, "NoServer"),
        ({"DEMO": "1"}, "NoServer"),  # a public address ends the demo
        ({"DEMO": "1", "PUBLIC_URL": "", "SECRET_KEY": ""}, "PrintedMail"),
        ({"DEMO": "0", "PUBLIC_URL": "", "SECRET_KEY": ""}, "NoServer"),
        ({"EMAIL_URL": "smtps://user:p%40ss@mail.example.org:465"}, "MailServer"),
    ],
)
def test_only_a_demo_prints_mail(tmp_path, variables, mailer):
    assert settings(tmp_path, **variables)["mailer"] == mailer


@pytest.mark.parametrize(
    ("variables", "site"),
    [
        ({}, "https://learn.example.org"),
        ({"PUBLIC_URL": "", "WEB_URL": "http://127.0.0.1:8001"}, "http://localhost:8001"),
        ({"PUBLIC_URL": "", "WEB_URL": "http://[::1]:8001"}, "http://localhost:8001"),
        ({"PUBLIC_URL": "", "WEB_URL": "http://127.0.0.10:8001"}, "http://localhost:8001"),
        ({"PUBLIC_URL": "", "WEB_URL": "http://192.0.2.7:8001"}, "http://192.0.2.7:8001"),
    ],
)
def test_mail_links_to_the_address_at_which_people_are_signed_in(tmp_path, variables, site):
    assert settings(tmp_path, **variables)["site"] == site


@pytest.mark.parametrize(("chosen", "limit"), [({}, 300), ({"SIGN_IN_FAILURES": "1000"}, 1000)])
def test_a_host_chooses_how_many_sign_ins_of_an_address_may_fail(tmp_path, chosen, limit):
    assert settings(tmp_path, **chosen)["failures"] == limit


@pytest.mark.parametrize(("name", "value", "problem"), WRONG)
def test_a_wrong_variable_stops_the_start_with_one_sentence(tmp_path, name, value, problem):
    done = start(STARTS["manage.py migrate"], tmp_path, **{name: value})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"FINALCHECK_{name} {problem}")
    assert done.stderr.count("\n") == 1
    assert "pass" not in done.stderr.partition("Write ")[0]


@pytest.mark.parametrize(
    ("values", "processes"),
    [
        ({}, 1),
        ({"DATABASE_URL": "postgres://127.0.0.1/finalcheck"}, 2),
        ({"DATABASE_URL": "postgres://127.0.0.1/finalcheck", "WEB_PROCESSES": "5"}, 5),
    ],
)
def test_a_host_chooses_how_many_processes_answer_pages(values, processes):
    named = {f"FINALCHECK_{name}": value for name, value in values.items()}
    argv = web(Address("127.0.0.1", 8000), named).argv
    assert argv[argv.index("--workers") + 1] == str(processes)


@pytest.mark.parametrize(
    ("values", "is_open"), [({}, True), ({"FINALCHECK_SIGN_UP": ""}, True), ({"FINALCHECK_SIGN_UP": "0"}, False)]
)
def test_an_empty_flag_is_one_that_is_not_set(values, is_open):
    assert Environment(values).flag("SIGN_UP", "1") is is_open


def test_the_address_of_the_database_says_how_it_is_reached_over_tls():
    address = "postgres://finalcheck@db.example.org/finalcheck?sslmode=verify-full&sslrootcert=/etc/ssl/db.crt"
    found = Environment({"FINALCHECK_DATABASE_URL": address}).database()
    assert (found["NAME"], found["OPTIONS"]["sslmode"]) == ("finalcheck", "verify-full")
    assert found["OPTIONS"]["sslrootcert"] == "/etc/ssl/db.crt"


def test_sqlite_serves_one_process(tmp_path):
    done = start(STARTS["manage.py migrate"], tmp_path, DATABASE_URL="", WEB_PROCESSES="2")
    assert (done.returncode, done.stderr.split(".")[0]) == (1, "FINALCHECK_WEB_PROCESSES is more than 1")


@pytest.mark.parametrize("name", STARTS)
def test_every_program_stops_with_the_sentence_and_without_a_traceback(tmp_path, name):
    done = start(STARTS[name], tmp_path, EMAIL_URL="smtp.example.org")
    assert done.returncode == 1
    assert "FINALCHECK_EMAIL_URL is not the address of a mail server." in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_the_deployment_check_warns_of_a_host_without_a_mail_server(tmp_path):
    check = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    without = start(check, tmp_path)
    assert (without.returncode, without.stderr.count("config.W001")) == (1, 1)
    assert start(check, tmp_path, EMAIL_URL="smtps://user:password@mail.example.org:465").returncode == 0

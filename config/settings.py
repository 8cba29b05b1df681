"""The only settings module. config/environment.py reads and checks the FINALCHECK_… variables that change it."""

import re
from datetime import timedelta

from django.conf import global_settings
from django.utils.csp import CSP

from config.environment import ROOT, WITHOUT_MAIL, environment
from config.recordings import media_hosts
from foundation.fast.pieces import switch_pieces

environment.refuse_unknown()
FAST = environment.fast_pieces()
switch_pieces(FAST)  # here, because each process reads the settings before anything that has a switch
BASE_DIR = ROOT
DATA = environment.data_folder()
CONTENT = ROOT / "content"
IS_DEMO = environment.is_demo
SECRET_KEY, SECRET_KEY_FALLBACKS = environment.secret_key(), environment.old_secret_keys()
DEBUG = environment.is_debug
ALLOWED_HOSTS = environment.hosts()
THREADS = environment.threads()
WEB_PROCESSES = environment.web_processes()
PUBLIC_ADDRESS = environment.public_address()
PUBLIC_URL = f"https://{PUBLIC_ADDRESS}" if PUBLIC_ADDRESS else ""
WEB_URL = environment.web_url()
# How mail, which answers no request, links to a page. A demo calls itself localhost, and browsers keep cookies by host.
SITE_URL = (
    PUBLIC_URL or re.sub(r"//(127(\.\d+){3}|\[::1\])(?=[:/]|$)", "//localhost", WEB_URL) or "http://localhost:8000"
)
SIGN_UP = environment.flag("SIGN_UP", "1")
INVITATION_LIFE = environment.days("INVITATION_DAYS", 14)  # how long an invitation by email can be accepted
INVITATIONS_PER_DAY = environment.whole_number("INVITATIONS_PER_DAY", 1000, 0, 100_000)  # mails of one course
MAILS_CLASS_LISTS = environment.flag("MAIL_CLASS_LISTS")  # also before they are confirmed (decision 57)
ACCESS_LOG = environment.flag("ACCESS_LOG")
METRICS_HOST, METRICS_PORT = environment.metrics_host(), environment.metrics_port()
METRICS_TOKEN = environment.metrics_token()
SENTRY_DSN, OTLP_ENDPOINT = environment.sentry_dsn(), environment.otlp_endpoint()
LEAST_FREE_DISK = environment.least_free_disk()
SITE_NAME = environment.text("SITE_NAME") or "Finalcheck"

INSTALLED_APPS = [
    "config",
    "operations",
    "portal.pages",
    "portal.workplace",
    "portal.api",
    "exchange",
    "announcements",
    "authoring",
    "practice",
    "portal.allowances",
    "portal.goals",
    "portal.calendars",
    "portal.rights",
    "quizzes",
    "labs",
    "grading",
    "lessons",
    "lessons.help",
    "people",
    "course",
    "mail",
    "records",
    "accounts",
    "foundation.frame",
    "config.apps.AdministrationConfig",  # Django's admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_standardized_errors",
    "simple_history",
    "django_htmx",
]

MIDDLEWARE = [
    "config.middleware.health",
    "config.requests.identify",
    "config.requests.trace",  # not used unless traces are sent
    "config.middleware.take_cookies_of_last_release",
    "config.middleware.receive",
    "config.middleware.refuse_calls_in_clear",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "foundation.fast.compression.Compression",  # pads responses against BREACH; CSRF tokens are masked
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.say_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.middleware.Authentication",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "config.freshness.freshness",
    "config.middleware.activate_zone",
    "portal.workplace.views.viewing.ViewAsLearner",  # refuses forms before the next one keeps them
    "portal.workplace.second_factor.AskStaff",
    "config.middleware.AccountOfPage",
    "config.middleware.read_one_revision",
    "config.middleware.Refusals",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
COMPACT, DJANGOS = "foundation.fast.compact", "django.template.loaders"
COMPACT_LOADERS = [(f"{COMPACT}.CachedLoader", [f"{COMPACT}.FilesystemLoader", f"{COMPACT}.AppDirectoriesLoader"])]
LOADERS = [
    (f"{DJANGOS}.cached.Loader", [f"{DJANGOS}.filesystem.Loader", f"{DJANGOS}.app_directories.Loader"]),
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates", ROOT / "questions" / "types"],
        "OPTIONS": {
            "loaders": COMPACT_LOADERS if "compact_templates" in FAST else LOADERS,
            "libraries": {"keeping": "foundation.fast.keeping"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.pages.context_processors.page",
            ],
        },
    }
]

DATABASES = {"default": {**environment.database(), "TEST": {"NAME": environment.text("TEST_DATABASE") or None}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "course.User"

REDIS_URL = environment.redis_url()
# Only for allauth's limits on sign-ups, mails and the like. Whatever locks an account or must not be used twice is a row:
# strangers can push entries out of a cache.
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "config.cache.Shared", "LOCATION": REDIS_URL}}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Counted per process, so that a save in an exam never waits for Redis
CACHES["throttles"] = {"BACKEND": "config.throttling.AsTheyAre", "LOCATION": "throttles"}

# Accounts
# the second only keeps sessions of version 0.9.0; the first never lets it check a password
AUTHENTICATION_BACKENDS = ["accounts.adapters.AccountBackend", "allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["config.hashing.HasherInTurn", *global_settings.PASSWORD_HASHERS[1:]]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
site_names = {"names": (SITE_NAME, PUBLIC_ADDRESS)}
AUTH_PASSWORD_VALIDATORS.append({"NAME": "config.passwords.SiteWordsValidator", "OPTIONS": site_names})
if breached := environment.breached_passwords():
    AUTH_PASSWORD_VALIDATORS.append(
        {"NAME": "config.passwords.BreachedPasswordsValidator", "OPTIONS": {"path": breached}}
    )
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "portal.pages.accounts.ExamAccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "people.forms.SignupForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "people.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
# also limits sign-ups: several accounts may use an address, but it can be confirmed for only one of them
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before an email address changes, which can reset the password
# Counts failed sign-ins, not all sign-ins: an exam hall shares one address (docs/decisions/0017-sign-in.md). They are
# counted in the database (docs/decisions/0043-counters.md).
SIGN_IN_WINDOW = timedelta(minutes=5)
SIGN_IN_LIMITS = {
    "account": 30,
    "account_and_address": 10,
    "address": environment.sign_in_failures(),
    "device": 10,
    "code": 10,  # wrong one-time and recovery codes of an account
}
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None, "reauthenticate": None}  # allauth counts in the cache
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "accounts.adapters.FactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not environment.is_production
# a demo's accounts have a printed password and are reachable only on the loopback
STAFF_NEED_SECOND_FACTOR = not IS_DEMO
STAFF_SESSION = environment.staff_session()
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_AGE = int(environment.days("SESSIONS_KEPT_DAYS", 60).total_seconds())

# Security: strict by default; plain http only where nobody else can reach the site
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# Video and audio of lessons, and their captions; without hosts, pages load no recordings, not even from here
MEDIA_HOSTS = media_hosts(environment)
if MEDIA_HOSTS:
    SECURE_CSP["media-src"] = [CSP.SELF, *(f"https://{host}" for host in MEDIA_HOSTS)]
CSRF_FAILURE_VIEW = "people.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = environment.is_production
# A browser accepts such a cookie only over https, for all paths, and from this host: no subdomain can plant one
HOST_PREFIX = "__Host-" if environment.is_production else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{HOST_PREFIX}sessionid", f"{HOST_PREFIX}csrftoken"
THEME_COOKIE_NAME = f"{HOST_PREFIX}theme"
DEVICE_COOKIE_NAME = f"{HOST_PREFIX and '__Secure-'}known_device"  # of one path, which __Host- does not allow
MESSAGE_STORAGE = "config.messages.Messages"
SECURE_SSL_REDIRECT = environment.is_production
SECURE_SSL_HOST = PUBLIC_ADDRESS or None  # the port of plain http is not the port of https
# requested on the loopback, where nothing terminates TLS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics|heartbeat)$"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if environment.is_production else 0
SECURE_HSTS_PRELOAD = environment.flag("HSTS_PRELOAD")
SECURE_HSTS_INCLUDE_SUBDOMAINS = environment.flag("HSTS_SUBDOMAINS") or SECURE_HSTS_PRELOAD  # preload lists require it
if environment.is_production:
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
PROXIES = environment.proxies()
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES  # otherwise all learners behind it would share one limit of wrong passwords
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # the form for all running exams names each of them

# Language and time: stored in UTC, shown in the reader's zone
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]  # the language of the pages; they are not translated
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]

# Files
STATIC_URL = "/static/"
STATIC_ROOT = environment.data_folder("static")
STATICFILES_DIRS = [ROOT / "static", ROOT / "clients" / "verifier"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.assets.Assets"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False  # nothing of this site is for the pages of another

# Mail
MAILERS = {"default": environment.mailer()}
MAILER_THAT_SENDS_NOTHING = WITHOUT_MAIL
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.mail_sender()
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "foundation.authentication.ScopedTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "portal.api.schema.Contract",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "NUM_PROXIES": PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Finalcheck",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "Take a course from a program, or read and correct its grades as an instructor. "
    "Every error is a problem (RFC 9457) with a stable `code`.",
    "SERVERS": [
        {
            "url": "{origin}",
            "description": "The installation that you use",
            "variables": {"origin": {"default": "http://localhost:8000", "description": "Scheme, host and port"}},
        }
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "portal.api.contract.complete"],
    "ENUM_NAME_OVERRIDES": {
        "ProgressState": "grading.serializers.STATES",
        "Need": "grading.serializers.NEEDS",
        "AssessmentKind": ["review", "exam"],
        "ActivityKind": ["review", "exam", "lab"],
        "RegradeKind": "quizzes.rules.corrections.KINDS",
        "ShownAt": "quizzes.rules.disclosure.SHOWN_AT",
        "CertificateStep": "grading.serializers.instructing.STEPS",
        "EnrollmentRule": "course.rules.joining.WAYS",
        "RunState": "labs.serializers.RUN_STATES",
        "RunMode": "labs.serializers.MODES",
        "RunVerdict": "labs.serializers.VERDICTS",
        "LabRunMode": ["cell", "all", "test"],
        "CountedKind": ["review", "exam", "lab", "mixed", "column"],
        "GradedKind": ["review", "exam", "lab", "column"],
        "TestVerdict": ["passed", "failed", "error"],
    },
}
KNOX_TOKEN_MODEL = "course.ApiToken"
MIGRATION_MODULES = {"knox": None}  # replaced by our own token table
REST_KNOX = {"TOKEN_TTL": timedelta(days=30), "AUTO_REFRESH": False, "TOKEN_MODEL": KNOX_TOKEN_MODEL}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "portal.api.errors.ProblemHandler",
    "EXCEPTION_FORMATTER_CLASS": "portal.api.errors.ProblemFormatter",
    "ENABLE_IN_DEBUG_FOR_UNHANDLED_EXCEPTIONS": True,
}

# Retention: archives that people asked for, accounts whose deletion was asked for, and accounts that nobody uses
EXPORTS_KEPT = environment.days("EXPORTS_KEPT_DAYS", 7)
TIME_TO_RECONSIDER = environment.days("DELETION_WAITS_DAYS", 14)
UNUSED_ACCOUNTS_KEPT = environment.days("UNUSED_ACCOUNTS_DAYS", 1) if environment.text("UNUSED_ACCOUNTS_DAYS") else None

# Labs: how long a finished run keeps its code and output; where the runner is: on another machine, or at this socket
RUNS_KEPT = environment.days("RUNS_KEPT_DAYS", 30)
RUNNERS = environment.runners()
RUNNER_SOCKET = environment.text("RUNNER_SOCKET") or DATA / "runner.sock"

# Queue for lab runs; Redis if there is more than one machine
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_timeout": 2,
        "socket_connect_timeout": 1,
        "visibility_timeout": 600,
        "max_retries": 1,  # an unavailable broker must not delay learners who press Run
        "interval_start": 0,
    }
else:
    MESSAGES = environment.data_folder("queue", "in")
    CELERY_BROKER_URL = "file-queue://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": MESSAGES,
        "data_folder_out": MESSAGES,
        "control_folder": environment.data_folder("queue", "control"),
    }

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "config.logs.TextLines", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "config.logs.JsonLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": environment.log_format()}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "filters": {
        "known": {"()": "config.logs.WithoutKnownTracebacks"},
        "refusals": {"()": "config.logs.RefusalsAsInformation"},
    },
    "loggers": {
        "django.request": {"filters": ["known", "refusals"]},
        "operations.management.commands.sweep": {"filters": ["known"]},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # anyone can fill the log with these
    },
}
# Subdomains and preload lists commit a whole domain for years, so each host decides (docs/operations.md).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

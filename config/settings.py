"""The one set of settings; FINALCHECK_… variables choose, config/environment.py reads and checks them."""

from datetime import timedelta

from django.utils.csp import CSP

from config.environment import ROOT, environment

BASE_DIR = ROOT
DATA = environment.data_folder()
CONTENT = ROOT / "content"
IS_DEMO = environment.is_demo
SECRET_KEY = environment.secret_key()
DEBUG = environment.is_debug
ALLOWED_HOSTS = environment.hosts()
PUBLIC_URL = environment.text("PUBLIC_URL")

INSTALLED_APPS = [
    "config",
    "portal",
    "quizzes",
    "labs",
    "grading",
    "course",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_standardized_errors",
    "import_export",
    "simple_history",
    "django_htmx",
    "django_prometheus",
]

MIDDLEWARE = [
    "config.middleware.health",
    "config.middleware.receive",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads its answers against BREACH; CSRF tokens are masked
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "config.middleware.zone",
    "portal.workplace.second_factor.ask_staff",
    "portal.workplace.viewing.ViewAsLearner",
    "config.middleware.Refusals",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates", ROOT / "quizzes" / "types"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.page",
            ],
        },
    }
]

DATABASES = {"default": {**environment.database(), "TEST": {"NAME": environment.text("TEST_DATABASE") or None}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "course.User"

REDIS_URL = environment.text("REDIS_URL")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "config.cache.Shared", "LOCATION": REDIS_URL}}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Counted in each process, so that a save in an exam never waits for Redis
CACHES["throttles"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "throttles"}

# Accounts
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "course.accounts.AccountAdapter"
ACCOUNT_FORMS = {"login": "portal.forms.accounts.LoginForm", "signup": "portal.forms.accounts.SignupForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not environment.is_production
STAFF_NEED_SECOND_FACTOR = not IS_DEMO  # a demo's accounts have a printed password and the loopback alone
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(days=60).total_seconds())

# Security: strict from the first day; plain http only where nobody but oneself can reach it
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
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = environment.is_production
SECURE_SSL_REDIRECT = environment.is_production
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked on the loopback, where nothing ends TLS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if environment.is_production else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = environment.is_production
if environment.is_production:
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
PROXIES = int(environment.flag("PROXY"))
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES  # else all learners behind it would share one limit of wrong passwords
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Language and time: stored in UTC, shown in the reader's zone
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]  # what the pages are written in; a page of two languages is none
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]

# Files
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.assets.Assets"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

# Mail
MAILERS = {"default": environment.mailer()}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.mail_sender()

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "course.api.authentication.ScopedTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "portal.api.schema.Contract",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "NUM_PROXIES": PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Finalcheck",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "Everything that the browser does for a learner or an instructor, for programs. "
    "Every error is a problem (RFC 9457) with a stable `code`.",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "portal.api.contract.complete"],
    "ENUM_NAME_OVERRIDES": {
        "ProgressState": "portal.serializers.learning.STATES",
        "Need": "portal.serializers.learning.NEEDS",
        "AssessmentKind": ["review", "exam"],
        "RegradeKind": "quizzes.rules.corrections.KINDS",
        "CertificateStep": "portal.serializers.instructing.STEPS",
        "RunState": "labs.serializers.RUN_STATES",
        "RunMode": "labs.serializers.MODES",
        "RunVerdict": "labs.serializers.VERDICTS",
        "LabRunMode": ["cell", "all", "test"],
        "TestVerdict": ["passed", "failed", "error"],
    },
}
KNOX_TOKEN_MODEL = "course.ApiToken"
MIGRATION_MODULES = {"knox": None}  # its own table is swapped for ours
REST_KNOX = {"TOKEN_TTL": timedelta(days=30), "AUTO_REFRESH": False, "TOKEN_MODEL": KNOX_TOKEN_MODEL}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "portal.api.errors.Handler",
    "EXCEPTION_FORMATTER_CLASS": "portal.api.errors.Problem",
    "ENABLE_IN_DEBUG_FOR_UNHANDLED_EXCEPTIONS": True,
}

# Labs: the socket of this host's runner
RUNNER_SOCKET = environment.text("RUNNER_SOCKET") or DATA / "runner.sock"

# Queue (lab runs); beyond one machine it is Redis
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
        "max_retries": 1,  # a broker that is away must not hold up whoever presses Run
        "interval_start": 0,
    }
else:
    QUEUE = DATA / "queue"
    for name in ("in", "control"):
        (QUEUE / name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "doorbell://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": QUEUE / "in",
        "data_folder_out": QUEUE / "in",
        "control_folder": QUEUE / "control",
    }

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
SILENCED_SYSTEM_CHECKS: list[str] = []

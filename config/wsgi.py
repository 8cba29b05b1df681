import os

from django.core.wsgi import get_wsgi_application
from django.db import connection

from foundation.fast.lazy import hidden_modules

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# REST framework loads these for tests, and for kinds of fields that no model here has: 16 MB on SQLite.
UNUSED = ("requests", "jinja2", *(() if connection.vendor == "postgresql" else ("django.contrib.postgres.fields",)))
with hidden_modules(*UNUSED):
    import rest_framework.test  # noqa: F401

"""Checks of `manage.py check --deploy` about this host, in addition to Django's own."""

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def warn_without_mail(**_: object) -> list[CheckMessage]:
    if settings.MAILERS["default"]["BACKEND"] != settings.MAILER_THAT_SENDS_NOTHING:
        return []
    warning = "FINALCHECK_EMAIL_URL names no mail server: nobody can reset a password or confirm an address."
    return [Warning(warning, hint="Write smtps://user:password@host:465.", id="config.W001")]

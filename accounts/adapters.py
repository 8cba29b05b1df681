"""The product's hooks into allauth: who may try a password, which devices are known, what ends access."""

import secrets
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context as allauth_context
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.sites.requests import RequestSite
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors.accounts import accounts_named
from accounts.selectors.working import works_as_staff
from accounts.services import (
    SignIn,
    begin_code_check,
    count_failed_sign_ins,
    decrypt_factor,
    encrypt_factor,
    end_access,
    forget_failed_sign_ins,
    forget_wrong_codes,
    has_failed_too_often,
    log_security,
    use_code,
)
from foundation.mailers import sends_mail

SALT = "known_device"
LIFE = timedelta(days=400)  # the longest that browsers keep a cookie
PATH = "/accounts/"  # the cookie is sent only to pages where passwords are typed
MAIL_SENT, NO_MAIL = "account/messages/email_confirmation_sent.txt", "account/messages/no_mail.txt"
MOST_ACCOUNTS = 10  # accounts on one device, such as a shared computer


class AccountBackend(AuthenticationBackend):
    def authenticate(self, request: HttpRequest | None, **credentials: object) -> User:
        """Return the account of these credentials. Raises PermissionDenied, so that no other backend tries them too."""
        user: User | None = super().authenticate(request, **credentials)
        if user is None:
            raise PermissionDenied
        return user

    def _authenticate(self, request: HttpRequest | None, **credentials: object) -> User | None:
        """Check once the password of each account that the attempt may try.

        allauth checks that of an account twice if its email address was typed, so the time told which addresses have one.
        """
        password = str(credentials.get("password") or "")
        return next(
            (user for user in accounts_to_try(request, credentials) if self._check_password(user, password)), None
        )


class AccountAdapter(DefaultAccountAdapter):
    """Slow down password guessing without locking people out of their own accounts (docs/decisions/0017-sign-in.md)."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_taken": _("That username is taken. Choose another one."),
        "username_with_space": _("A username cannot have spaces."),
        "username_characters": _("A username can have only letters, digits and the characters @ . + - and _."),
        "too_many_login_attempts": _(
            "Too many sign-ins failed. The account is safe and unchanged. Wait five minutes and try again, "
            "use a device on which you have signed in before, or reset your password."
        ),
        "too_many_codes": _(
            "Too many codes were wrong. The account is safe and unchanged. Wait five minutes and try again, "
            "or use a passkey if you have one."
        ),
    }

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Return the username. Raises ValidationError, with a space named first: a newcomer types it between two names."""
        if any(map(str.isspace, username)):
            raise self.validation_error("username_with_space")
        try:
            cleaned: str = super().clean_username(username, shallow)
        except ValidationError as error:
            if error.code == "invalid":
                raise self.validation_error("username_characters") from None
            raise
        return cleaned

    def pre_authenticate(self, request: HttpRequest, **credentials: object) -> None:
        """Choose the accounts that this attempt may try. Raises ValidationError if all are locked.

        Each account has its own limits: an account whose username is somebody's email address neither opens nor locks
        the account with this address.
        """
        attempts = sign_ins_of(request, login_of(credentials))
        request.open_attempts = [attempt for attempt in attempts if self.may_try(request, attempt)]
        request.locked_attempts = [attempt for attempt in attempts if attempt not in request.open_attempts]
        if not request.open_attempts:
            self.refuse_locked(request)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address of the client. A proxy may write ::ffff:192.0.2.1, and all of these are in one IPv6 network."""
        address = ip_address(super().get_client_ip(request))
        return str(getattr(address, "ipv4_mapped", None) or address)

    def may_try(self, request: HttpRequest, attempt: SignIn) -> bool:
        if not has_failed_too_often(sign_in=attempt, now=request.now):
            return True
        return self.may_always_try(request, attempt.user)

    def may_always_try(self, request: HttpRequest, account: User | None) -> bool:
        """Return whether this account's password is checked even while the account is locked. False for None.

        The work must be the same without an account, because the time would otherwise tell who has one.
        """
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: object) -> None:
        """Count and log the failure. Raises ValidationError if the password may be that of an account that is locked."""
        count_failed_sign_ins(sign_ins=request.open_attempts, now=request.now)
        for attempt in request.open_attempts:
            log_security("sign_in_failed", account=attempt.user and attempt.user.pk)
        if request.locked_attempts:
            self.refuse_locked(request)

    def refuse_locked(self, request: HttpRequest) -> NoReturn:
        for attempt in request.locked_attempts:
            log_security("sign_in_locked", account=attempt.user and attempt.user.pk)
        raise self.validation_error("too_many_login_attempts")

    def should_send_confirmation_mail(self, request: HttpRequest, address: EmailAddress, signup: bool) -> bool:
        return sends_mail() and super().should_send_confirmation_mail(request, address, signup)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """Sign mail with the site's own name and address. Without a mail server, send and render no mail."""
        if sends_mail():
            super().send_mail(template_prefix, email, {**context, "current_site": site_of(allauth_context.request)})

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: object, **options: object
    ) -> None:
        """Show a message, but never claim that mail was sent if this host cannot send any."""
        if message_template == MAIL_SENT and not sends_mail():
            message_template, level = NO_MAIL, messages.WARNING
        super().add_message(request, level, message_template, *args, **options)

    def post_login(self, request: HttpRequest, user: User, **details: object) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **details)
        remember_device(request, response, user)
        limit_session(request)
        methods = [str(record["method"]) for record in get_authentication_records(request, user)]
        log_security("signed_in", account=user.pk, methods=",".join(methods))
        return response

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """Return the ways to confirm who one is. Staff use their second factor, so a password alone sends no form of theirs."""
        ways: list[dict[str, str]] = super().get_reauthentication_methods(user)
        of_factor = [way for way in ways if way["id"] != "reauthenticate"]
        is_asked = settings.STAFF_NEED_SECOND_FACTOR and of_factor and works_as_staff(user)
        return of_factor if is_asked else ways

    def logout(self, request: HttpRequest) -> None:
        log_security("signed_out", account=request.user.pk)
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        """Set a new password, and forget the failed sign-ins of this account.

        allauth offers to forget them for each of its email addresses, which others may have confirmed as theirs.
        """
        super().set_password(user, password)
        forget_failed_sign_ins(user=user)


class FactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return encrypt_factor(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt_factor(encrypted_text)

    def validation_error(self, code: str, *args: object) -> ValidationError:
        """Return what is shown for a one-time code or passkey that is wrong, and log it."""
        request = allauth_context.request
        log_security("second_factor_failed", account=request.user.pk if request else None, problem=code)
        error: ValidationError = super().validation_error(code, *args)
        return error


def factor_of_code(user: User, code: str, now: datetime) -> Authenticator | None:
    """Use up a one-time or recovery code. Return the second factor that it belongs to, or None if it is wrong or was used.

    Raises ValidationError after too many wrong ones, without checking this one.
    """
    if not begin_code_check(user=user, now=now):
        log_security("second_factor_locked", account=user.pk)
        raise AccountAdapter().validation_error("too_many_codes")
    factor = use_code(user=user, code=code)
    if factor is not None:
        forget_wrong_codes(user=user)
    return factor


def limit_session(request: HttpRequest) -> None:
    """Let the session end after its time, whatever happens in it. A number of seconds would count from its last change."""
    request.session.set_expiry(request.now + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def site_of(request: HttpRequest) -> RequestSite:
    """Return the site's name and address for use in mail."""
    site = RequestSite(request)
    site.name, site.domain = settings.SITE_NAME, settings.PUBLIC_ADDRESS or site.domain
    return site


def login_of(credentials: dict[str, object]) -> str:
    """Return the username or email address as typed."""
    return str(credentials.get("username") or credentials.get("email") or "").strip()


def sign_ins_of(request: HttpRequest, login: str) -> list[SignIn]:
    """Return an attempt for each account that the login names, or one for a name without an account."""
    address = get_ip(request)
    attempts = [SignIn(login, user, address, device_that_knows(request, user.pk)) for user in accounts_named(login)]
    return attempts or [SignIn(login, None, address)]


def accounts_to_try(request: HttpRequest | None, credentials: dict[str, object]) -> list[User]:
    """Return the accounts whose password is checked: all that the login names if no adapter has left out locked ones."""
    attempts = getattr(request, "open_attempts", None)
    if attempts is None:
        return accounts_named(login_of(credentials))
    return [attempt.user for attempt in attempts if attempt.user is not None]


def device_that_knows(request: HttpRequest, account: int) -> str:
    """Return the device's id if this account has signed in on it, or "" for an unknown device."""
    if request.user.pk == account:
        return f"session {request.session.session_key}"
    device, known = device_of(request)
    return device if account in known else ""


def device_of(request: HttpRequest) -> tuple[str, list[int]]:
    """Return the browser's device and the accounts that signed in on it. If the cookie is not ours, return a new device."""
    return read_device(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")) or (secrets.token_urlsafe(12), [])


def read_device(cookie: str) -> tuple[str, list[int]] | None:
    """Return the device and the accounts of a cookie, or None if it is not ours."""
    try:
        device, accounts = signing.loads(cookie, salt=SALT, max_age=LIFE)
    except signing.BadSignature:
        return None
    return device, accounts


def last_account_on_device(cookie: str) -> int | None:
    """Return the account that signed in last on the device with this cookie, or None if the cookie is not ours."""
    read = read_device(cookie)
    return read[1][0] if read and read[1] else None


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    device, accounts = device_of(request)
    accounts = [user.pk, *(pk for pk in accounts if pk != user.pk)][:MOST_ACCOUNTS]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps([device, accounts], salt=SALT),
        max_age=LIFE,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def has_used_factor(request: HttpRequest) -> bool:
    """Return whether a passkey, an authenticator app or a recovery code was used in this session. Always true in a demo."""
    if not settings.STAFF_NEED_SECOND_FACTOR:
        return True
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def must_confirm_again(request: HttpRequest) -> bool:
    """Return whether this session's last sign-in or confirmation is too long ago for the work of staff. Never in a demo.

    A password that confirms without a second factor does not count. One that signed in does: the factor followed it.
    """
    if not settings.STAFF_NEED_SECOND_FACTOR:
        return False
    records = get_authentication_records(request, request.user)
    confirmed = [record["at"] for record in records if record["method"] == "mfa" or not record.get("reauthenticated")]
    return max(confirmed, default=0) + settings.STAFF_SESSION.total_seconds() <= request.now.timestamp()


def ways_to_use_factor(user: User) -> list[dict[str, str]]:
    """Return the pages where this person can use one of their second factors, as `url` and `description`."""
    ways: list[dict[str, str]] = AccountAdapter().get_reauthentication_methods(user)
    return [way for way in ways if way["id"] != "reauthenticate"]


def watch_credentials() -> None:
    """End access whenever a password or a second factor changes, on a page, in the admin or by a command. Log it."""
    post_save.connect(password_was_saved, sender=User, dispatch_uid="password_was_saved")
    post_save.connect(factor_was_saved, sender=Authenticator, dispatch_uid="factor_was_saved")
    post_delete.connect(factor_was_removed, sender=Authenticator, dispatch_uid="factor_was_removed")
    post_save.connect(address_was_saved, sender=EmailAddress, dispatch_uid="address_was_saved")
    post_delete.connect(address_was_removed, sender=EmailAddress, dispatch_uid="address_was_removed")


def password_was_saved(*, instance: User, created: bool, **_: object) -> None:
    """End access after a new password.

    Django holds it in `_password` until the save; a rehash of the old password leaves that empty.
    """
    if instance._password is not None and not created:
        log_security("password_changed", account=instance.pk)
        end_other_access(instance)


def factor_was_saved(*, instance: Authenticator, created: bool, **_: object) -> None:
    if created:
        log_security("second_factor_added", account=instance.user_id, kind=instance.type)
        end_other_access(instance.user)


def factor_was_removed(*, instance: Authenticator, **_: object) -> None:
    log_security("second_factor_removed", account=instance.user_id, kind=instance.type)
    end_other_access(instance.user)


def address_was_saved(*, instance: EmailAddress, created: bool, **_: object) -> None:
    if created:
        log_security("email_address_added", account=instance.user_id)


def address_was_removed(*, instance: EmailAddress, **_: object) -> None:
    log_security("email_address_removed", account=instance.user_id)


def end_other_access(user: User) -> None:
    """End all access except the session in which the person makes the change."""
    request = allauth_context.request
    is_own = request is not None and request.user.pk == user.pk
    end_access(user=user, kept_session=request.session.session_key if is_own else None)


def password_address(request: HttpRequest, user: User) -> str:
    """Return the address at which a person sets the first password of their account. It works until they do, or expires."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    address: str = AccountAdapter(request).get_reset_password_from_key_url(key)
    return address

"""Passwords that this site refuses, in addition to Django's own validators. Nothing here uses the network."""

import re
from hashlib import sha1
from os import SEEK_END
from typing import BinaryIO

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PRODUCT_WORDS = ("finalcheck", "administrator", "certificate", "instructor", "learner", "password")
SHORTEST_WORD = 4  # letters; shorter words of a site's name are in too many good passwords
LEAST_BESIDE = 8  # characters that a password must have beside these words
DIGITS = 40  # of a SHA-1 digest


class SiteWordsValidator:
    """Refuse a password that is little more than words of this site, such as its name with a year."""

    def __init__(self, names: tuple[str, ...] = ()) -> None:
        words = {word for name in names for word in re.findall(rf"[^\W\d_]{{{SHORTEST_WORD},}}", name.casefold())}
        self.words = sorted(words.union(PRODUCT_WORDS), key=len, reverse=True)

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        rest = password.casefold()
        for word in self.words:
            rest = rest.replace(word, "")
        if len(rest) < min(LEAST_BESIDE, len(password)):
            raise ValidationError(
                _("This password is little more than a name of this site. Add words that have nothing to do with it."),
                code="password_of_site_words",
            )

    def get_help_text(self) -> str:
        return _("Your password can’t be little more than a name of this site.")


class BreachedPasswordsValidator:
    """Refuse a password that is in a file of known ones: sorted lines that begin with the SHA-1 digest of a password.

    This is the format of "Pwned Passwords, ordered by hash". Such a file has a billion lines, so it is searched, not read.
    """

    def __init__(self, path: str) -> None:
        self.path = path

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        digest = sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        with open(self.path, "rb") as file:
            if has_line(file, digest):
                raise ValidationError(
                    _("This password was stolen from another site, so others try it early. Choose a different one."),
                    code="password_breached",
                )

    def get_help_text(self) -> str:
        return _("Your password can’t be one that was stolen from another site.")


def has_line(file: BinaryIO, digest: bytes) -> bool:
    """Return whether a line of a sorted file begins with `digest`, by halving the part where it may begin."""
    low, high = 0, file.seek(0, SEEK_END)
    while low < high:
        middle = (low + high) // 2
        line = line_from(file, middle)
        if line and line < digest:
            low = middle + 1
        else:
            high = middle
    return line_from(file, low) == digest


def line_from(file: BinaryIO, offset: int) -> bytes:
    """Return the digest of the first line that begins at `place` or later, or nothing if no line does."""
    file.seek(max(0, offset - 1))
    if offset:
        file.readline()
    return file.readline()[:DIGITS].upper()

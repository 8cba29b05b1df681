"""Passwords that are little more than a name of the site, or that were stolen elsewhere, are refused."""

from hashlib import sha1
from io import BytesIO

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as some

from config.passwords import BreachedPasswordsValidator, SiteWordsValidator, has_line, line_from

SITE = SiteWordsValidator(("Ada’s Academy of Learning", "learn.example.org"))


def digest(password):
    return sha1(password.encode()).hexdigest().upper().encode()


@pytest.mark.parametrize(
    "password", ["finalcheck", "FinalCheck2026!", "ada-academy", "learning-2027", "Password1234567"]
)
def test_a_name_of_the_site_with_a_year_is_refused(password):
    with pytest.raises(ValidationError) as refused:
        SITE.validate(password)
    assert refused.value.code == "password_of_site_words"


@pytest.mark.parametrize("password", ["horse-battery", "finalcheck horse battery", "short", "ada-lovelace-1843"])
def test_words_beside_the_name_of_the_site_are_accepted(password):
    SITE.validate(password)


def test_the_site_asks_every_validator(settings):
    for password, code in {
        "7-signs": "password_too_short",
        "qwertyuiop": "password_too_common",
        "finalcheck26": "password_of_site_words",
    }.items():
        with pytest.raises(ValidationError) as refused:
            validate_password(password)
        assert [error.code for error in refused.value.error_list] == [code]


def test_a_long_password_of_any_characters_is_accepted():
    for password in ("a" * 4 + "bcdefgh" * 30, "            spaces", "пароль-из-слов", "nur kleine buchstaben"):
        validate_password(password)


def test_a_password_in_the_file_is_refused_and_another_is_not(tmp_path):
    file = tmp_path / "known.txt"
    file.write_bytes(b"".join(sorted(b"%s:%d\r\n" % (digest(f"stolen {number}"), number) for number in range(100))))
    validator = BreachedPasswordsValidator(str(file))
    validator.validate("not stolen")
    for number in range(100):
        with pytest.raises(ValidationError) as refused:
            validator.validate(f"stolen {number}")
        assert refused.value.code == "password_breached"


@given(some.sets(some.integers(0, 60), max_size=40), some.integers(0, 60), some.sampled_from([b"\n", b"\r\n", b":7\n"]))
def test_every_line_of_a_sorted_file_is_found_and_no_other(numbers, wanted, end):
    file = BytesIO(b"".join(b"%040X" % number + end for number in sorted(numbers)))
    assert has_line(file, b"%040X" % wanted) == (wanted in numbers)


class CountedFile(BytesIO):
    reads = 0

    def readline(self, *args):
        self.reads += 1
        return super().readline(*args)


def test_a_large_file_is_searched_and_not_read():
    file = CountedFile(b"".join(b"%040X\n" % number for number in range(100_000)))
    assert has_line(file, b"%040X" % 77_777)
    assert file.reads < 60
    assert line_from(file, 41 * 99_999 + 1) == b""

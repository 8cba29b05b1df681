"""Student numbers, as the office of a university writes them in its class lists, and as spreadsheets change them."""

import re

LONGEST_NUMBER = 40
AS_TEXT = re.compile(r'="(.*)"')  # how a file keeps Excel from reading a number
SHORTENED = re.compile(r"[0-9]([.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)
NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f]")


def plain_number(cell: str) -> str:
    """Return the number in a cell, without the marks that keep a spreadsheet from reading it: '0012 or ="0012"."""
    cell = cell.strip()
    match = AS_TEXT.fullmatch(cell)
    return " ".join((match[1] if match else cell.removeprefix("'")).split(" ")).strip()


def mistake_in_number(number: str) -> str:
    """Return what is wrong with a number, or "". Any office may write letters, hyphens or slashes in it."""
    if len(number) > LONGEST_NUMBER:
        return f"The student number has more than {LONGEST_NUMBER} characters."
    if NOT_SHOWN.search(number):
        return "The student number contains a character that is not shown."
    if SHORTENED.fullmatch(number):
        return f"“{number}” is a student number that a spreadsheet has shortened. Format the column as text."
    return ""


def number_key(number: str) -> str:
    """Return what two ways of writing a number have in common: a spreadsheet drops the zeros in front."""
    return number.lstrip("0") or "0" if number.isdecimal() else number.casefold()


def is_same_number(one: str, other: str) -> bool:
    return bool(one) == bool(other) and number_key(one) == number_key(other)

"""Whole numbers in a posted form."""

from django.http import QueryDict

LARGEST = 2**31 - 1


def number_in(post: QueryDict, name: str) -> int:
    """Return a whole number from the form, or 0 for anything else. No attempt has the number 0."""
    text = post.get(name, "")
    if not (text.isascii() and text.isdecimal()):
        return 0
    return min(int(text), LARGEST) if len(text) <= len(str(LARGEST)) else LARGEST

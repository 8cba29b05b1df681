"""Find texts that name an option by its place, which means another option to each learner (D40)."""

import re

BY_PLACE = re.compile(
    r"\b(?:[Oo]ptions?|[Aa]nswers?|[Cc]hoices?) [A-H]\b(?!['’])"
    r"|\b[Oo]ptions? (?:number )?[1-8]\b(?!\.\d)"
    r"|\b(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]ifth|[Ss]ixth|[Ll]ast|[Nn]ext|[Pp]revious) (?:option|choice)s?\b"
    r"|\b[Oo]ptions? (?:above|below)\b"
)
LETTERS = re.compile(
    r"(?:(?:[Bb]oth|[Oo]nly|[Nn]either|[Aa]ll of|[Nn]one of) )?[A-H](?:,? (?:and|or|nor) |, )[A-H]\b.*"
)
OF_OTHERS = re.compile(
    r"(?:all|any|both|each|either|neither|none|some|two) of (?:the )?"
    r"(?:above|these|those|them|others?|options|answers|choices|statements)\b.*"
    r"|(?:both|neither|all|none)(?: (?:the )?(?:above|others))?\W*",
    re.IGNORECASE,
)


def named_place(text: str) -> str:
    """Return the words by which a text names an option by its place, such as "option B", or "" if it names none."""
    by_place = BY_PLACE.search(text)
    return by_place[0] if by_place else ""


def named_letters(option: str, prompt: str) -> str:
    """Return the text of an option that consists of letters of others, such as "A and B", unless the prompt has the letters."""
    letters = set(re.findall(r"\b[A-H]\b", option))
    is_place = LETTERS.fullmatch(option) and not letters <= set(re.findall(r"\b[A-H]\b", prompt))
    return option if letters and is_place else ""


def speaks_of_others(option: str) -> bool:
    """Return whether the text of an option, such as "None of these", makes sense only after the others."""
    return OF_OTHERS.fullmatch(option.strip()) is not None

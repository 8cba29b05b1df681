"""Refusals: requests that the product declines, each with a code and a message.

Every app declares its own in its module `refusals`. Those below are raised by several apps.
"""

from collections.abc import Callable, Mapping

SENTENCES: dict[str, str] = {}
STATUSES: dict[str, int] = {}  # HTTP status
WAITS: dict[str, int] = {}  # seconds after which to try again
REFUSED = "refused"  # the attribute with what `refuses` declares


def declare(status: int, sentences: Mapping[str, str], *, wait: int | None = None) -> None:
    """Declare refusals by code. `status` is the HTTP status; 409 means a conflict with the current state.

    A sentence may quote facts by name. `wait` is the number of seconds after which to try again, or None if waiting
    does not help. Raises ValueError, a programming error, for a code that is already declared.
    """
    if repeated := SENTENCES.keys() & sentences.keys():
        raise ValueError(f"declared twice: {', '.join(sorted(repeated))}")
    SENTENCES.update(sentences)
    STATUSES.update(dict.fromkeys(sentences, status))
    if wait is not None:
        WAITS.update(dict.fromkeys(sentences, wait))


declare(
    400,
    {
        "reason_missing": "This change needs a reason. Nothing was changed. Write a reason and try again.",
        "reason_unfit": "A reason can have at most {most} characters and no NUL character. Nothing was changed. Shorten "
        "the reason and try again.",
    },
)
declare(
    403,
    {
        "not_permitted": "Your account does not have permission to do this. Nothing was changed. If you need access, ask "
        "an instructor of the course.",
    },
)
declare(
    404,
    {
        "not_found": "We couldn’t find this page or item. Check the address, or go back to the course.",
    },
)
declare(
    409,
    {
        "stale_draft": "A newer response to this question is already saved, so this one was not. Nothing was overwritten. "
        "Compare the two and choose which one to save.",
        "answer_not_kept": "This request was already carried out, so it was not carried out again. Its response was too "
        "large to store. Read the current state instead.",
    },
)
declare(
    422,
    {
        "key_reused": "This idempotency key was used for a different request, so nothing was done. Send this request with "
        "a new key.",
    },
)


class Refusal(Exception):
    """A request that the product declines: `code` is stable, `sentence` is for people, `status` is for HTTP.

    `wait` is the number of seconds after which to try again, or None if waiting does not help. `facts` is JSON that is
    sent with the answer; a sentence may quote it. Raises KeyError, a programming error, for an unknown code or missing
    facts.
    """

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.facts = values
        self.sentence = SENTENCES[code].format_map(values)
        self.status = STATUSES[code]
        self.wait = WAITS.get(code)
        super().__init__(self.sentence)


def refuses[S: Callable[..., object]](*sources: str | Callable[..., object]) -> Callable[[S], S]:
    """Declare for the API's schema which refusals a function may raise: codes, or other functions that declare theirs.

    On a class, it is for all methods of an endpoint, or for all requests whose body has this shape.
    """

    def declared(subject: S) -> S:
        codes = [{source} if isinstance(source, str) else vars(source)[REFUSED] for source in sources]
        setattr(subject, REFUSED, frozenset[str]().union(*codes))
        return subject

    return declared


def declares_refusals(subject: object) -> bool:
    """Return whether a function or a class, without its bases, has the decorator `refuses`."""
    return REFUSED in vars(subject)


def refused_by(subject: object) -> frozenset[str]:
    """Return the codes that a function declares, or that a class and its bases declare."""
    parts = subject.__mro__ if isinstance(subject, type) else (subject,)
    return frozenset[str]().union(*(vars(part).get(REFUSED, ()) for part in parts))

"""Decide when a key may be shown (D10, D11, I12): never while a response can still count."""


def may_show_key(*, kind: str, has_attempts_left: bool, is_settled: bool) -> bool:
    """Return whether a key may be shown: a review question's once no attempt is left, an exam's once its sitting is settled."""
    return is_settled if kind == "exam" else not has_attempts_left


def may_read_reply(*, kind: str, is_settled: bool) -> bool:
    """Return whether a learner may read the reply to their report of a question (D11).

    The reply may quote the key, so a reply to an exam question waits until the learner's sitting is settled.
    """
    return is_settled or kind != "exam"
